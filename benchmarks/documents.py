"""What documents cost: ``python benchmarks/documents.py [--weasy N] [--quotes N]``.

Typst and Jinja2 → WeasyPrint make the same invented 12-line quotes, each in a process of its own; seconds are of the
processor, so that a busy machine counts for little. WeasyPrint (``pip install weasyprint``) is only needed here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

LINES, ROUNDS = 12, 1
COMPANY = {
    "company.name": "든든집수리",
    "company.business_no": "123-45-67891",
    "company.owner": "김든든",
    "company.address": "서울 성동구 왕십리로 1",
}


def record(seed: int):  # type: ignore[no-untyped-def]
    """An invented quote; each seed another."""
    from addin.crm.quote_record import RECIPIENT, SUPPLIER, QuoteRecord
    from addin.crm.quoting import Line, QuoteNumber
    from addin.crm.vat import Policy

    rng = random.Random(seed)
    lines = tuple(
        Line(f"욕실 보수 {n}", Decimal(rng.randint(1, 40)) / 4, rng.randint(1, 900) * 100_000, "일반형", "식", "방문")
        for n in range(LINES)
    )
    day = dt.date(2026, 11, 21)
    return QuoteRecord(
        f"request:R-{seed}", day, day + dt.timedelta(30), Policy(), lines, title="욕실 보수",
        supplier={**dict.fromkeys(SUPPLIER, "02-000-0000"), "name": "든든집수리", "business_no": "123-45-67891"},
        recipient={**dict.fromkeys(RECIPIENT, ""), "name": f"고객 {seed}", "honorific": "귀하"},
        payment=("작업 완료 후 7일 이내에 입금해 주세요.",), service=("1년 동안 무상으로 A/S 합니다.",),
        number=QuoteNumber(2026, seed + 1, 1),
    )  # fmt: skip


def typst(count: int) -> None:
    """Print seconds of processor a quote, and the peak of memory after a tenth and at the end."""
    from addin.documents.library import Library
    from addin.documents.quote.make import make

    library, records = Library("quote", None), [record(n) for n in range(count)]
    make(record(-1), "pdf", {}, library)
    begin, early = time.process_time(), 0.0
    for n, one in enumerate(records):
        make(one, "pdf", {}, library)
        early = early or (peak() if n == count // 10 else 0.0)
    print((time.process_time() - begin) / count, early, peak())


def weasy(count: int) -> None:
    """The same by Jinja2 → WeasyPrint, of the page that is shipped; its PDF is neither PDF/A nor accessible."""
    from weasyprint import HTML

    from addin.documents.library import Library
    from addin.documents.quote.make import make

    library, records = Library("quote", None), [record(n) for n in range(count)]
    HTML(string=make(record(-1), "html", {}, library).decode()).write_pdf()
    begin, early = time.process_time(), 0.0
    for n, one in enumerate(records):
        HTML(string=make(one, "html", {}, library).decode()).write_pdf()
        early = early or (peak() if n == count // 10 else 0.0)
    print((time.process_time() - begin) / count, early, peak())


def xlsx() -> None:
    """Print seconds of processor a workbook, the first one aside."""
    from addin.documents.library import Library
    from addin.documents.quote.make import make

    library, taken = Library("quote", None), []
    for n in range(31):
        begin = time.process_time()
        make(record(n), "xlsx", {}, library)
        taken.append(time.process_time() - begin)
    print(median(taken[1:]))


def peak() -> float:
    """Megabytes this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(*words: str) -> list[float]:
    """What a measurement in a process of its own printed."""
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=True)
    return [float(word) for word in done.stdout.split()]


def team_book(folder: Path) -> Path:
    """A small team's workbook: 400 requests, partners, a price list; adopted, and it says who we are."""
    import xlsxwriter

    from addin.actions.adopt import adopt_book
    from addin.actions.workspace import open_workspace
    from addin.books import Edits, open_book

    path, rng = folder / "장부.xlsx", random.Random(1)
    goods = ["수전 교체", "도배", "타일 보수", "실리콘 줄눈"]
    requests = [["접수번호", "업체명", "고객명", "연락처", "서비스", "접수일", "진행상태"]]
    for n in range(400):
        day = dt.date(2026, 1, 1) + dt.timedelta(n // 2)
        phone = f"010-{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}"
        requests.append([f"R-{n}", f"제휴 {n % 9}", f"고객 {n}", phone, goods[n % 4], day.isoformat(), "접수"])
    prices = [["품목코드", "품명", "규격", "단위", "단가"]]
    prices += [[f"P-{n}", name, "일반형", "식", 90_000 + n] for n, name in enumerate(goods)]
    partners = [["파트너명", "클러스터", "담당자", "연락처"]]
    partners += [[f"제휴 {n}", "카페", f"담당 {n}", "02-1234-5678"] for n in range(9)]
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (("접수", requests), ("가격표", prices), ("파트너", partners)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    adopt_book(path)
    workspace, edits = open_workspace(path), Edits()
    assert workspace.setting_answers is not None
    for key, value in COMPANY.items():
        row, column = workspace.setting_answers.places[key]
        edits.write(workspace.ours.tabs["settings"], row, column, [[value]])
    open_book(path).apply(edits)
    return path


def cold(rounds: int) -> tuple[float, float]:
    """Median wall and processor seconds of the whole command for a book's first quote."""
    walls, processors = [], []
    with tempfile.TemporaryDirectory() as folder:
        book = team_book(Path(folder))
        kept = book.read_bytes()
        for _ in range(rounds):
            for left in (book.parent / ".danggol").glob("*.quotes.sqlite*"):
                left.unlink()
            shutil.rmtree(book.parent / "견적서", ignore_errors=True)
            book.write_bytes(kept)
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            command = [sys.executable, "-m", "addin.cli", "quote", str(book), "--request", "R-7"]
            subprocess.run(command, check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            walls.append(time.perf_counter() - begin)
            processors.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(walls), median(processors)


def main() -> None:
    """Print every promise beside what was measured."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quotes", type=int, default=500)
    words.add_argument("--weasy", type=int, default=50, help="quotes WeasyPrint makes: fewer, as it grows slower")
    words.add_argument("only", nargs="*", help=argparse.SUPPRESS)
    chosen = words.parse_args()
    if chosen.only:
        what, *count = chosen.only
        {"typst": typst, "weasy": weasy, "xlsx": xlsx}[what](*map(int, count))
        return
    have = importlib.util.find_spec("weasyprint") is not None
    ours, theirs, books = [], [], []
    for _ in range(ROUNDS):
        ours.append(child("typst", str(chosen.quotes)))
        theirs += [child("weasy", str(chosen.weasy))] if have else []
        books.append(child("xlsx")[0])
    mine = median(r[0] for r in ours)
    first, last = max(r[1] for r in ours), max(r[2] for r in ours)
    print(f"a quote as PDF, in one process: {mine * 1000:.1f} ms by Typst ({chosen.quotes} quotes)")
    if have:
        other = median(r[0] for r in theirs)
        print(
            f"… by Jinja2 → WeasyPrint ({chosen.weasy} quotes): {other * 1000:.1f} ms, {other / mine:.1f} × (asked: 6)"
        )
    else:
        print("… by Jinja2 → WeasyPrint: not installed (pip install weasyprint)")
    print(f"memory: {first:.0f} MB after a tenth of them, {last:.0f} MB after all (asked: flat, 250 MB)")
    print(f"a quote as a workbook, warm: {median(books) * 1000:.0f} ms (asked: 120)")
    wall, processor = cold(5)
    print(f"`danggol quote`, the whole command, a book of 400 requests: {processor:.2f} s of processor, ", end="")
    print(f"{wall:.2f} s on the clock (asked: 1.2)")


if __name__ == "__main__":
    main()
