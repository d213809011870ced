"""What a year's deck costs: ``python benchmarks/deck.py [BOOK]``; whole, and drawing and packing its slides alone."""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

from addin.actions.deck import deck_book
from addin.documents.deck import file


def main() -> None:
    """Print the seconds and the slides, of the sample where no book is given."""
    gc.disable()  # as the command does
    put, drawing = file.put, [0.0]

    def timed(*args, **kwargs):  # type: ignore[no-untyped-def]
        begin = time.process_time()
        found = put(*args, **kwargs)
        drawing[0] = time.process_time() - begin
        return found

    file.put = timed
    with tempfile.TemporaryDirectory() as folder:
        book = Path(sys.argv[1]) if len(sys.argv) > 1 else sample(Path(folder))
        clock, begin = time.perf_counter(), time.process_time()
        done = deck_book(book, year="2026", out=Path(folder) / "deck.pptx")
        whole, clock = time.process_time() - begin, time.perf_counter() - clock
    print(f"{len(done.written)} slides: {whole:.2f} s of processor, {clock:.2f} s on the clock (asked: 3 s)")
    print(f"drawn and packed alone: {drawing[0]:.2f} s of processor")


def sample(folder: Path) -> Path:
    """The demo's book, adopted."""
    from addin.actions.adopt import adopt_book
    from addin.actions.sample import make_sample

    path = folder / "book.xlsx"
    make_sample(path)
    adopt_book(path)
    return path


if __name__ == "__main__":
    main()
