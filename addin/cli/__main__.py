"""``python -m addin.cli``."""

from addin.cli import main

main()
