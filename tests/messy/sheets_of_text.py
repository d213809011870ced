"""The same list as .csv, in the encodings Korean offices send."""

from __future__ import annotations

import csv
import io

from tests.messy.layouts import HEADERS, requests


def _text(delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow([*HEADERS, "비고"])
    for i, line in enumerate(requests(6)):
        cells = [f"{v:%Y-%m-%d %H:%M}" if hasattr(v, "hour") else v for v in line]
        writer.writerow([*cells, "=1+1" if i == 0 else "두 줄\n메모" if i == 1 else ""])
    return out.getvalue()


def csv_utf8() -> bytes:
    """UTF-8, one note of two lines, one that begins with ``=``."""
    return _text().encode()


def csv_utf8_sig() -> bytes:
    """UTF-8 with a byte order mark, as Excel saves "CSV UTF-8"."""
    return _text().encode("utf-8-sig")


def csv_cp949() -> bytes:
    """CP949, as Excel in Korea saves plain "CSV"."""
    return _text().encode("cp949")


def csv_utf16_tabs() -> bytes:
    """UTF-16 and tabs, as Excel saves "Unicode text"."""
    return _text("\t").encode("utf-16")


def csv_semicolons() -> bytes:
    """Semicolons between the values."""
    return _text(";").encode()


def csv_ragged() -> bytes:
    """Rows of different lengths, the last without an end of line."""
    return "접수번호,업체명,금액\r\nR1,㈜한빛\r\nR2,둥지부동산,1000,남는 칸\r\nR3".encode()


def csv_broken() -> bytes:
    """Bytes that are neither UTF-8 nor CP949."""
    return "접수번호,업체명\r\nR1,".encode() + b"\xff\xfe\xfa\x81" + b"\r\n"


def csv_nul() -> bytes:
    """NUL bytes in the middle: no text file at all."""
    return "접수번호,업체명\r\nR1,㈜한빛\0\0\0\r\n".encode()
