"""The control chart: what it draws, and that no number breaks it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.documents.charts import HEIGHT, WIDTH, control_chart

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def test_a_signal_is_a_diamond_not_only_another_colour() -> None:
    root = drawn(control_chart([0.9, 0.9, 0.1], ["W1", "W2", "W3"], title="t", signals={2}))
    assert len(root.findall(f"{SVG}circle")) == 2
    assert [p.get("d", "")[-1] for p in root.findall(f"{SVG}path") if p.get("fill") == "#D55E00"] == ["Z"]


def test_the_line_breaks_where_a_week_has_no_case() -> None:
    svg = control_chart([0.1, 0.2, None, 0.3, 0.4], list("abcde"), title="t")
    assert len(re.findall(r'stroke-width="1.6"', svg)) == 2


def test_mean_limits_and_target_differ_by_their_dashes() -> None:
    svg = control_chart([0.5] * 6, list("abcdef"), title="t", mean=0.5, limits=(0.2, 0.8), target=0.9)
    assert svg.count('stroke-dasharray="5 3"') == 2
    assert svg.count('stroke-dasharray="1.5 2.5"') == 1


def test_limits_that_cannot_be_are_not_drawn() -> None:
    svg = control_chart([0.5] * 6, list("abcdef"), title="t", mean=0.5, limits=(-0.3, 1.3))
    assert 'stroke-dasharray="5 3"' not in svg


def test_a_title_is_text_whatever_it_holds() -> None:
    root = drawn(control_chart([1.0], ["<W1>"], title="</title><script>x</script>"))
    assert root.find(f"{SVG}title").text == "</title><script>x</script>"  # type: ignore[union-attr]
    assert root.find(f".//{SVG}script") is None


@pytest.mark.parametrize("values", [[], [None], [3.0], [0.0], [None, None], [1e9, 0.0]])
def test_no_number_of_points_breaks_it(values: list[float | None]) -> None:
    root = drawn(control_chart(values, [""] * len(values), title="t", share=False))
    assert len(root.findall(f".//{SVG}circle")) == sum(value is not None for value in values)


@given(
    st.lists(st.none() | st.floats(0, 1e6), max_size=52),
    st.none() | st.floats(0, 1e6),
    st.booleans(),
)
def test_everything_lies_inside_the_picture(values: list[float | None], target: float | None, share: bool) -> None:
    if share:
        values = [None if v is None else v / 1e6 for v in values]
        target = None if target is None else target / 1e6
    root = drawn(control_chart(values, ["W"] * len(values), title="t", share=share, target=target))
    for point in root.findall(f"{SVG}circle"):
        assert 0 <= float(point.get("cx", "-1")) <= WIDTH
        assert 0 <= float(point.get("cy", "-1")) <= HEIGHT
