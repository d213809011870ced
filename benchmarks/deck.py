"""What a year's deck costs: ``python benchmarks/deck.py BOOK``; whole, and drawing and packing its slides alone."""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

from addin.actions.deck import deck_book
from addin.documents.deck import file


def main() -> None:
    """Print the seconds and the slides."""
    gc.disable()  # as the command does
    put, drawing = file.put, [0.0]

    def timed(*args, **kwargs):  # type: ignore[no-untyped-def]
        begin = time.perf_counter()
        found = put(*args, **kwargs)
        drawing[0] = time.perf_counter() - begin
        return found

    file.put = timed
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        done = deck_book(Path(sys.argv[1]), year="2026", out=Path(folder) / "deck.pptx")
        whole = time.perf_counter() - begin
    print(f"{len(done.written)} slides: {whole:.2f} s whole, {drawing[0]:.2f} s drawn and packed (asked: 3 s)")


if __name__ == "__main__":
    main()
