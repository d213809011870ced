"""A quote's money adds up to the won whatever the policy; numbers, limits and optional lines."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.price_list import Item, NotFound, PriceList, price_list, tier_discounts
from addin.crm.quote_record import QuoteRecord, label
from addin.crm.quoting import (
    Limits,
    Line,
    QuoteNumber,
    QuoteTooLarge,
    beyond,
    count,
    is_optional,
    next_number,
    parse_quote_number,
)
from addin.crm.vat import Policy, taxed

POLICIES = [
    Policy(included, rounding, basis)
    for included in (False, True)
    for rounding in ("floor", "half_up", "ceil")
    for basis in ("line", "total")
]


def random_line(rng: random.Random) -> Line:
    return Line(
        "품목",
        Decimal(rng.choice((1, 2, 10, rng.randint(1, 10**6)))) / rng.choice((1, 1, 10, 1000)),
        rng.randint(-300_000, 2_000_000) * rng.choice((1, 100)),
        taxed=rng.random() < 0.8,
        optional=rng.random() < 0.1,
    )


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{'incl' if p.included else 'excl'}-{p.rounding}-{p.basis}")
def test_supply_and_tax_are_the_total_on_ten_thousand_quotes(policy: Policy) -> None:
    rng = random.Random(7)
    for _ in range(10_000):
        counted = count([random_line(rng) for _ in range(rng.randint(0, 4))], policy)
        assert counted.sums.supply + counted.sums.tax == counted.sums.total
        assert counted.sums.tax % 100 == 0
        wanted = [p for p in counted.lines if not p.line.optional]
        if policy.basis == "line":
            assert sum(p.supply or 0 for p in wanted) == counted.sums.supply
            assert sum(p.tax or 0 for p in wanted) == counted.sums.tax
        paid = counted.sums.total if policy.included else counted.sums.supply
        assert sum(p.amount for p in wanted) == paid


@pytest.mark.parametrize("policy", POLICIES)
def test_a_line_and_the_discount_that_takes_it_back_are_nothing(policy: Policy) -> None:
    line = Line("도배", Decimal("2.5"), 333_333)
    sums = count([line, Line("할인", Decimal("2.5"), -333_333)], policy).sums
    assert sums == (0, 0, 0)


@pytest.mark.parametrize(("quantity", "amount"), [("0.001", 100), ("1000000000", 100_000_000_000_000)])
def test_very_small_and_very_large_quantities_count(quantity: str, amount: int) -> None:
    assert count([Line("a", Decimal(quantity), 100_000)], Policy()).sums.supply == amount


def test_a_sum_above_100_trillion_is_a_slipped_digit() -> None:
    with pytest.raises(QuoteTooLarge):
        count([Line("a", Decimal(10**9), 10**9)], Policy())


def test_no_items_is_nothing_to_pay() -> None:
    assert count([], Policy()).sums == (0, 0, 0)


def test_a_discount_is_measured_against_the_list_also_when_it_is_a_line_of_its_own() -> None:
    lines = [Line("a", price=100_00, list_price=100_00), Line("할인", price=-20_00)]
    counted = count(lines, Policy())
    assert counted.discount == Decimal("0.2")
    assert beyond(counted, Limits(Decimal("0.2"), Decimal(0))) == ()
    assert beyond(counted, Limits(Decimal("0.19"), Decimal(0))) == ("discount",)


def test_an_item_of_the_teams_own_is_no_discount() -> None:
    lines = [Line("a", price=100_00, list_price=100_00), Line("출장비", price=1_00)]
    assert count(lines, Policy()).discount == 0


def test_margin_is_told_only_where_every_cost_is_known() -> None:
    known = Line("a", price=100_00, cost=70_00)
    assert count([known], Policy()).margin == Decimal("0.3")
    assert count([known, Line("b", price=1_00)], Policy()).margin is None
    assert count([known, Line("할인", price=-40_00)], Policy()).margin == 1 - Decimal(70) / Decimal(60)
    assert beyond(count([known, Line("할인", price=-40_00)], Policy()), Limits(Decimal(1), Decimal(0))) == ("margin",)


@pytest.mark.parametrize(
    ("name", "note", "optional"),
    [
        ("[옵션] 코팅", "", True),
        ("코팅", "선택", True),
        ("코팅", "(선택) 권장", True),
        ("선택형 도어", "선택적", False),
    ],
)
def test_optional_lines_are_marked_by_the_teams_words(name: str, note: str, optional: bool) -> None:
    assert is_optional(name, note) is optional


@given(st.lists(st.integers(1, 500), max_size=20), st.integers(2000, 2999))
def test_the_next_number_is_the_first_behind_the_last_of_its_year(used: list[int], year: int) -> None:
    number = next_number(year, [QuoteNumber(year, n, 1) for n in used] + [QuoteNumber(year - 1, 900, 1)])
    assert number == (year, max(used, default=0) + 1, 1)
    assert parse_quote_number(str(number)) == number


@pytest.mark.parametrize("text", ["Q-2026-7-R1", "견적-7", "Q-2026-0007", "Q-２０２６-0007-R1"])
def test_a_teams_own_number_is_none_of_ours(text: str) -> None:
    assert parse_quote_number(text) is None


PRICES = PriceList(
    (
        Item("P-1", "수전 교체", "일반형", price=92_000_00, tiers={"a": 80_000_00}),
        Item("P-2", "도배", "방 1칸", price=350_000_00),
        Item("P-3", "도배", "거실", price=500_000_00),
        Item("P-4", "문, 손잡이", price=76_000_00),
    )
)


def test_an_item_is_found_by_code_name_or_name_and_spec() -> None:
    assert PRICES.find("p-1") is PRICES.find("수전교체") is PRICES.items[0]
    assert PRICES.find("도배 거실").code == "P-3"
    assert PRICES.find("도배", "방1칸").code == "P-2"


def test_two_items_of_one_name_at_different_prices_are_a_question() -> None:
    with pytest.raises(NotFound) as asked:
        PRICES.find("도배")
    assert asked.value.several
    assert asked.value.candidates == ("도배 방 1칸 (P-2)", "도배 거실 (P-3)")
    with pytest.raises(NotFound) as asked:
        PRICES.find("수전교채")
    assert asked.value.candidates == ("수전 교체",)


def test_a_name_with_a_comma_is_one_item() -> None:
    assert [(w.text, w.quantity) for w in PRICES.wanted("문, 손잡이")] == [("문, 손잡이", 1)]
    assert [(w.text, w.quantity) for w in PRICES.wanted("도배×2개, 수전 교체")] == [("도배", 2), ("수전 교체", 1)]


def test_a_tiers_own_price_wins_over_its_discount_and_no_tier_pays_the_list() -> None:
    off = tier_discounts(("A=50%", "B=10%", "?"))
    first, second = PRICES.items[:2]
    assert [PRICES.price_for(first, tier, off) for tier in ("A", "b", "C", "")] == [
        80_000_00,
        82_800_00,
        92_000_00,
        92_000_00,
    ]
    assert PRICES.price_for(second, "A", off) == 175_000_00


def test_the_version_is_what_the_list_says_not_the_order_of_its_rows() -> None:
    assert PriceList(PRICES.items[::-1]).version == PRICES.version
    assert PriceList(PRICES.items[:3]).version != PRICES.version


def test_tax_words_of_a_price_list() -> None:
    rows = [{"name": "소독", "unit_price": 1, "tax": word} for word in ("면세", "과세", None, "영세율")]
    assert [item.taxed for item in price_list(rows).items] == [False, True, True, False]
    assert taxed("VAT") is True


RECORD = QuoteRecord(
    "request:R-1",
    dt.date(2026, 1, 1),
    dt.date(2026, 1, 31),
    Policy(True, "ceil", "total"),
    (Line("도배", Decimal("2.50"), 100, list_price=100, cost=1, optional=True),),
    supplier={"name": "다온"},
    pictures={"seal": "ab"},
    payment=("현금",),
)


def test_a_frozen_record_comes_back_as_it_was() -> None:
    numbered = RECORD.numbered(QuoteNumber(2026, 1, 1), "김대표")
    assert QuoteRecord.from_json(numbered.to_json()) == numbered
    assert QuoteRecord.from_json(numbered.to_json()).sha256 == numbered.sha256


def test_number_dates_and_approval_are_no_other_content() -> None:
    from dataclasses import replace

    later = replace(RECORD, issued=dt.date(2026, 2, 1), valid_until=dt.date(2026, 3, 1))
    assert later.numbered(QuoteNumber(2026, 2, 1), "김").content == RECORD.content
    assert replace(RECORD, price_list="x").content != RECORD.content
    assert later.sha256 != RECORD.sha256


@given(st.text())
def test_a_label_is_one_printable_line_that_can_be_written_anywhere(text: str) -> None:
    shown = label(text)
    assert shown.isprintable()
    assert shown == label(shown)
    shown.encode()
