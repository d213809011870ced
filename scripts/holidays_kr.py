"""Write `addin/crm/public_holidays.py` from the pinned ``holidays`` package; a test keeps the two equal.

Importing that package costs every command a fifth of a second, and a spreadsheet's own Python may lack it.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import holidays

YEARS = range(1948, 2101)
PAGE = Path(__file__).resolve().parents[1] / "addin" / "crm" / "public_holidays.py"
HEAD = '''"""Korea's public holidays, substitutes and election days with them: years, each followed by its days as MMDD.

Made by ``python scripts/holidays_kr.py`` from the ``holidays`` package {version}, which knows {first}-{last}.
"""

YEARS = """\\
'''


def page() -> str:
    """The module's text."""
    lines = []
    for year in YEARS:
        days = sorted(f"{date:%m%d}" for date in holidays.country_holidays("KR", years=year))
        lines += textwrap.wrap(" ".join([str(year), *days]), 120)
    head = HEAD.format(version=holidays.__version__, first=YEARS[0], last=YEARS[-1])
    return head + "\n".join(lines) + '\n"""\n'


def main() -> int:
    """Write the module; ``--check`` says whether it is as it would be written."""
    if "--check" in sys.argv:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
