from __future__ import annotations

import datetime as dt

import pytest

from addin.crm.date_order import DateOrder, date_order, resaved


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/05/2024"], DateOrder()),
        (["03/05/2024", "25/05/2024"], DateOrder("dmy")),
        (["03/05/2024", "05/25/2024"], DateOrder("mdy")),
        (["25/05/2024", "05/25/2024", "03/05/2024"], DateOrder()),
        (["24/03/05", "24/12/31"], DateOrder("", "ymd")),
        (["05/13/24", "03/05/24"], DateOrder("", "mdy")),
        (["24-03-05", "05/25/2024"], DateOrder("mdy", "ymd")),
        (["25/05/24", "13/06/24", "03/07/24"], DateOrder("", "unsure")),
        (["2024-03-05", "협의"], DateOrder()),
    ],
)
def test_a_column_proves_its_order_only_where_every_text_agrees(texts: list[str], order: DateOrder) -> None:
    assert date_order(texts) == order


def test_a_day_first_list_resaved_by_excel_has_swapped_its_native_dates() -> None:
    natives = [dt.date(2024, month, 4) for month in (1, 2, 3, 5)]
    assert resaved(["13/05/2024", "28/05/2024"], natives)
    assert not resaved(["13/05/2024", "04/05/2024"], natives)
    assert not resaved(["13/05/2024"], [*natives, dt.date(2024, 3, 13)])
    assert not resaved([], natives)
