"""The fields of a tax invoice: the form's own columns, and the money of the quote to the won."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.quote_record import QuoteRecord
from addin.crm.quoting import Line
from addin.crm.tax_invoice import COLUMNS, ITEMS, Buyer, TaxLine, deadline, tax_line
from addin.crm.vat import Policy
from addin.i18n import LANGUAGES, known

DAY = dt.date(2026, 11, 9)
OFFICE = Buyer("120-81-47521", "한빛마을 관리사무소", "김한빛", "서울", "서비스", "관리", "office@example.com")


def record(*lines: Line, policy: Policy | None = None) -> QuoteRecord:
    supplier = {"name": "다온홈케어", "business_no": "123-45-67891", "owner": "김다온", "address": "서울"}
    return QuoteRecord("request:R-1", DAY, DAY, policy or Policy(), lines, supplier=supplier)


def made(*lines: Line, policy: Policy | None = None, buyer: Buyer = OFFICE, **more: Any) -> TaxLine:
    return tax_line("R-1", record(*lines, policy=policy), DAY, buyer, more.pop("as_of", DAY), **more)


def cell(line: TaxLine, name: str) -> Any:
    return line.cells[COLUMNS.index(name)]


def ids(line: TaxLine) -> list[str]:
    return [note.id for note in line.notes]


def test_the_columns_are_the_forms_fifty_nine_in_its_order() -> None:
    assert len(COLUMNS) == 59
    assert [COLUMNS[n] for n in (1, 2, 10, 19, 20, 22, 29, 54, 58)] == [
        "작성일자", "공급자 등록번호", "공급받는자 등록번호", "공급가액", "세액", "일자1", "품목비고1", "현금",
        "영수(01),청구(02)",
    ]  # fmt: skip


def test_one_line_says_who_when_what_and_how_much() -> None:
    line = made(Line("도배", Decimal("2.5"), 333_300_00, "방 1칸"))
    assert (cell(line, "작성일자"), cell(line, "일자1"), cell(line, "영수(01),청구(02)")) == ("20261109", "09", "02")
    assert (cell(line, "공급자 등록번호"), cell(line, "공급받는자 등록번호")) == ("1234567891", "1208147521")
    assert (cell(line, "품목1"), cell(line, "수량1"), cell(line, "단가1")) == ("도배", Decimal("2.5"), 333_300)
    assert (line.sums, cell(line, "공급가액1"), cell(line, "세액1")) == ((833_250, 83_325), 833_250, 83_325)
    assert line.notes == ()


LINES = st.builds(
    Line,
    name=st.sampled_from(("도배", "장판", "=1+1")),
    quantity=st.decimals(Decimal("0.001"), 500, places=3),
    price=st.integers(1, 9_000_000).map(lambda won: won * 100),
    taxed=st.booleans(),
    optional=st.booleans(),
)
POLICIES = st.builds(
    Policy, st.booleans(), st.sampled_from(("floor", "half_up", "ceil")), st.sampled_from(("line", "total"))
)


@given(st.lists(LINES, min_size=1, max_size=9), POLICIES)
def test_its_items_add_up_to_it_and_its_tax_is_the_quotes(lines: list[Line], policy: Policy) -> None:
    quote = record(*lines, policy=policy)
    line = tax_line("R-1", quote, DAY, OFFICE, DAY)
    supply, tax = line.sums
    whole = quote.counted.sums
    untaxed = sum(p.amount for p in quote.counted.lines if not p.line.optional and not p.line.taxed)
    assert (tax * 100, supply * 100 + untaxed) == (whole.tax, whole.supply)
    items = [(cell(line, f"공급가액{n}"), cell(line, f"세액{n}")) for n in range(1, ITEMS + 1)]
    assert (sum(s or 0 for s, _ in items), sum(t or 0 for _, t in items)) == (supply, tax)


def test_more_than_four_items_become_three_and_the_rest() -> None:
    line = made(*(Line(f"품목 {n}", price=1_000_00) for n in range(7)))
    assert [cell(line, f"품목{n}") for n in range(1, 5)] == ["품목 0", "품목 1", "품목 2", "품목 3 외 3건"]
    assert (cell(line, "공급가액4"), cell(line, "수량4")) == (4_000, None)


def test_tax_counted_on_the_whole_is_one_item() -> None:
    line = made(Line("도배", price=15_00), Line("장판", price=15_00), policy=Policy(basis="total"))
    assert (cell(line, "품목1"), cell(line, "세액1"), cell(line, "품목2")) == ("도배 외 1건", 3, None)


def test_a_price_that_holds_the_tax_is_not_the_forms_price() -> None:
    line = made(Line("도배", price=11_000_00), policy=Policy(included=True))
    assert (cell(line, "단가1"), cell(line, "공급가액1")) == (None, 10_000)


def test_untaxed_items_are_left_out_and_said() -> None:
    line = made(Line("도배", price=1_000_00), Line("소독", price=500_00, taxed=False))
    assert (line.sums, ids(line)) == ((1_000, 100), ["tax.untaxed"])
    assert "tax.not_positive" in ids(made(Line("소독", price=500_00, taxed=False)))


def test_a_wrong_number_stays_as_typed_with_a_note() -> None:
    line = made(Line("도배", price=1_000_00), buyer=Buyer("120-81-47522", "한빛", "김한빛"))
    assert (cell(line, "공급받는자 등록번호"), ids(line)) == ("120-81-47522", ["tax.bad_number"])


@pytest.mark.parametrize(
    ("buyer", "more", "noted"),
    [
        (Buyer(), {}, ["tax.no_number", "tax.missing"]),
        (OFFICE, {"refunded": True}, ["tax.refunded"]),
        (OFFICE, {"as_of": dt.date(2026, 12, 10)}, []),
        (OFFICE, {"as_of": dt.date(2026, 12, 11)}, ["tax.late"]),
    ],
)
def test_what_a_person_should_look_at_is_said(buyer: Buyer, more: dict[str, Any], noted: list[str]) -> None:
    line = made(Line("도배", price=1_000_00), buyer=buyer, **more)
    assert ids(line) == noted
    assert all(known(note.id, lang) for note in line.notes for lang in LANGUAGES)


def test_december_is_issued_by_the_tenth_of_january() -> None:
    assert deadline(dt.date(2026, 12, 31)) == dt.date(2027, 1, 10)
