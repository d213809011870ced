"""The same job as most would write it: pandas reads, pandas computes, openpyxl writes flags and a KPI tab, saves.

``python benchmarks/by_pandas.py BOOK.xlsx OUT.xlsx``. It does less than ``danggol refresh``: no cleaning, no faults,
no constraint, no backup, and what openpyxl does not know is lost from the file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.styles import PatternFill

RED = PatternFill("solid", fgColor="FFC7CE")


def measures(frame: pd.DataFrame) -> pd.DataFrame:
    """Per partner: requests, orders, revenue and its share, confirmed in 10 minutes, visited the same day."""
    frame = frame.assign(
        won=frame["진행상태"].eq("완료"),
        quick=(frame["확인일시"] - frame["접수일시"]).le(pd.Timedelta(minutes=10)),
        same_day=frame["방문일시"].dt.normalize().eq(frame["접수일시"].dt.normalize()),
    )
    frame["revenue"] = frame["금액"].where(frame["won"], 0).fillna(0)
    table = frame.groupby("업체명").agg(
        requests=("접수번호", "size"),
        orders=("won", "sum"),
        revenue=("revenue", "sum"),
        quick=("quick", "mean"),
        same_day=("same_day", "mean"),
    )
    table["share"] = table["revenue"] / table["revenue"].sum()
    table["flag"] = (table["quick"] < 0.9).map({True: "위반", False: "정상"})
    return table.sort_values("share", ascending=False)


def weekly(frame: pd.DataFrame) -> pd.DataFrame:
    """The last 52 weeks: requests, confirmed, visited, won."""
    week = frame["접수일시"].dt.to_period("W")
    counts = (
        frame.assign(won=frame["진행상태"].eq("완료"))
        .groupby(week)
        .agg(
            received=("접수번호", "size"),
            confirmed=("확인일시", "count"),
            visited=("방문일시", "count"),
            won=("won", "sum"),
        )
    )
    return counts.tail(52)


def main(source: Path, target: Path) -> None:
    """Read, compute, write beside the rows, add the tabs, save."""
    frame = pd.read_excel(source, engine="openpyxl")
    table, weeks = measures(frame), weekly(frame)
    slow = (frame["확인일시"] - frame["접수일시"]).gt(pd.Timedelta(minutes=10)) | frame["확인일시"].isna()
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    column = sheet.max_column + 1
    sheet.cell(1, column, "상태")
    sheet.cell(1, column + 1, "이유")
    for row, late in enumerate(slow, 2):
        cell = sheet.cell(row, column, "주의" if late else "정상")
        if late:
            cell.fill = RED
            sheet.cell(row, column + 1, "10분 안에 확인하지 않음")
    for name, values in (("KPI", table.reset_index()), ("퍼널", weeks.reset_index().astype({"접수일시": str}))):
        tab = book.create_sheet(name)
        tab.append(list(values.columns))
        for line in values.itertuples(index=False):
            tab.append(list(line))
    book.save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
