"""Whom a letter goes to: the customer's own address, never the partner's instead."""

from __future__ import annotations

from typing import Any

import pytest

from addin.actions.addressee import customer_of, email_of

CUSTOMERS: list[dict[str, Any]] = [
    {"customer_id": "C-1", "name": "김가온", "phone": "010-1", "email": "one@example.com"},
    {"customer_id": "C-2", "name": "김가온", "phone": "010-2", "email": "two@example.com"},
    {"customer_id": "C-3", "name": "이다온", "phone": None, "email": None, "메일": "three@example.com"},
]
OFFICE = {"email": "office@example.com"}


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ({"customer": None}, "office@example.com"),
        ({"customer": "김가온", "phone": "010-2"}, "two@example.com"),
        ({"customer": "C-1", "phone": "010-2"}, "one@example.com"),
        ({"customer": "김가온"}, ""),
        ({"customer": "이 다온"}, "three@example.com"),
        ({"customer": "박라온"}, ""),
        ({"customer": "박라온", "고객 이메일": "own@example.com"}, "own@example.com"),
    ],
)
def test_the_address_is_that_of_whom_the_letter_is_about(row: dict[str, Any], address: str) -> None:
    assert email_of(CUSTOMERS, row, OFFICE) == address


def test_two_of_one_name_are_not_guessed_between() -> None:
    assert customer_of(CUSTOMERS, {"customer": "김가온"}) == {}
