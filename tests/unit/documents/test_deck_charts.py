"""A chart copied from its look shows its own numbers, and nothing of the one before it."""

from __future__ import annotations

import io

import openpyxl
import pptx
import pytest

from addin.documents.deck.charts import FONT, Look, chart_part

LOOKS = [
    Look("bars", "#,##0"),
    Look("bars", "#,##0", worst=2),
    Look("lines", "#,##0", 2, legend=True),
    Look("lines", "0%"),
]


def part(look: Look, labels: list[str], *series: tuple[str, list[float | None]]):  # type: ignore[no-untyped-def]
    return chart_part(pptx.Presentation().part.package, look, labels, list(series))


@pytest.mark.parametrize("look", LOOKS)
def test_a_chart_and_its_workbook_say_the_same_numbers(look: Look) -> None:
    for labels, values in ((["가", "나", "다"], [3, 2, 1]), (["W1"], [0.5]), (["a", "b", "c", "d"], [1, None, 3, 4])):
        series = [(f"줄 {n}", values) for n in range(look.series)]
        made = part(look, labels, *series)  # type: ignore[arg-type]
        (plot,) = made.chart.plots
        assert list(plot.categories) == labels
        assert [(one.name, list(one.values)) for one in plot.series] == [
            (n, [*map(float_or_none, v)]) for n, v in series
        ]
        rows = list(openpyxl.load_workbook(io.BytesIO(made.chart_workbook.xlsx_part.blob)).active.values)
        assert rows == [
            (None, *(n for n, _ in series)),
            *((at, *[v] * look.series) for at, v in zip(labels, values, strict=True)),
        ]


def float_or_none(value: float | None) -> float | None:
    return None if value is None else float(value)


def test_only_the_constraint_is_red() -> None:
    points = part(LOOKS[1], ["가", "나", "다"], ("건", [3, 2, 1])).chart._chartSpace.xpath(".//c:dPt/c:idx/@val")
    assert points == ["2"]
    assert not part(LOOKS[0], ["가", "나", "다"], ("건", [3, 2, 1])).chart._chartSpace.xpath(".//c:dPt")


@pytest.mark.parametrize("look", LOOKS)
def test_every_letter_of_a_chart_has_a_font_with_hangul(look: Look) -> None:
    space = part(look, ["가", "나", "다"], *[("줄", [1, 2, 3])] * look.series).chart._chartSpace  # type: ignore[list-item]
    properties = space.xpath(".//a:defRPr")
    assert properties
    for one in properties:
        assert [face.get("typeface") for face in one.xpath("./a:latin | ./a:ea")] == [FONT, FONT]
