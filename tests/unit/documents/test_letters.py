"""Letters about a request: plain text from the team's own words, nothing in a name is ever read as markup."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from addin.crm.price_list import Item
from addin.crm.quote_record import QuoteRecord
from addin.crm.quoting import Line, QuoteNumber
from addin.crm.vat import Policy
from addin.documents.letters import TEMPLATES, Letter, letter_text
from addin.documents.library import OWN, Library
from addin.documents.mail import draft
from addin.documents.sandbox import TemplateFault
from addin.i18n import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = Library("mail", None)
DAY = dt.date(2026, 11, 21)
QUOTE = QuoteRecord(
    "request:R-1", DAY, dt.date(2026, 12, 21), Policy(),
    (Line("도배", Decimal(2), 100_000_00), Line("몰딩", Decimal(1), 30_000_00, optional=True)),
    number=QuoteNumber(2026, 7, 1),
)  # fmt: skip
LETTER = Letter(
    "d7", "R-1", "도배", {"name": "다온홈케어", "owner": "김다온", "phone": "02-000-0000"}, {"name": "정지안"},
    office=False, event=dt.date(2026, 11, 28), left=7, proposed=dt.date(2026, 11, 19),
)  # fmt: skip


def test_the_notice_says_the_day_how_long_it_is_and_the_quote() -> None:
    text = letter_text(replace(LETTER, quote=QUOTE, attached=True), SHIPPED, "ko")
    subject, _, body = text.partition("\n")
    assert subject == "[다온홈케어] 2026년 11월 28일 도배 안내 (견적 Q-2026-0007-R1)"
    assert all(word in body for word in ("정지안님께", "7일 남았습니다", "220,000원", "2026-12-21까지", "02-000-0000"))
    assert "견적번호" not in letter_text(LETTER, SHIPPED, "ko")


def test_the_re_proposal_offers_something_else() -> None:
    others = ((Item("P-2", "부분 도배", "방 1칸", "칸"), 90_000_00),)
    text = letter_text(replace(LETTER, kind="reproposal", quote=QUOTE, others=others), SHIPPED, "ko")
    assert all(
        word in text for word in ("2026년 11월 19일에", "- 몰딩 (선택): 30,000원", "- 부분 도배 방 1칸: 90,000원/칸")
    )
    assert "부가세 별도" in text
    assert "이런 방법" not in letter_text(replace(LETTER, kind="reproposal"), SHIPPED, "ko")


def test_an_office_is_addressed_by_its_contact() -> None:
    office = replace(LETTER, office=True, recipient={"name": "한빛마을", "person": "오하나"})
    assert "한빛마을 오하나님께" in letter_text(office, SHIPPED, "ko")
    assert "Dear 오하나 of 한빛마을" in letter_text(office, SHIPPED, "en")
    assert "한빛마을 담당자님께" in letter_text(replace(office, recipient={"name": "한빛마을"}), SHIPPED, "ko")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", list(TEMPLATES))
@pytest.mark.parametrize("bare", [True, False])
def test_every_letter_reads_well_with_and_without_its_parts(kind: str, lang: str, bare: bool) -> None:
    others = () if bare else ((Item("P-2", "부분 도배"), 90_000_00),)
    letter = replace(LETTER, kind=kind, quote=None if bare else QUOTE, attached=not bare, others=others)
    if bare:
        letter = replace(letter, service="", sender={"name": "다온홈케어"})
    text = letter_text(letter, SHIPPED, lang)
    assert "\n\n\n" not in text
    assert not [line for line in text.splitlines() if line.startswith(" ") or "  " in line]
    assert "()" not in text


HOSTILE = ("{{ 7*7 }}", "{% for i in range(9) %}", "<script>alert(1)</script>", '#read("/etc/passwd")', "=1+1", "쀍")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text(text: str) -> None:
    letter = replace(LETTER, service=text, recipient={"name": text}, sender={"name": text})
    assert letter_text(letter, SHIPPED, "ko").count(text) >= 4


@pytest.mark.parametrize("kind", list(TEMPLATES))
def test_no_header_can_be_smuggled_in_through_a_name(kind: str) -> None:
    bad = "김\r\nBcc: all@example.com\r\n\r\n본문"
    letter = replace(LETTER, kind=kind, service=bad, recipient={"name": bad}, sender={"name": bad})
    data = draft(letter_text(letter, SHIPPED, "ko"), to="a@example.com\nBcc: b@example.com")
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert (mail["Bcc"], mail["To"]) == (None, None)
    assert str(mail["Subject"]).startswith("[김 Bcc: all@example.com 본문]")


def test_a_korean_subject_is_encoded() -> None:
    data = draft(letter_text(LETTER, SHIPPED, "ko"))
    assert data.split(b"\r\n\r\n")[0].isascii()
    assert email.message_from_bytes(data, policy=email.policy.default)["Subject"].startswith("[다온홈케어]")


def test_a_staff_copy_is_used_and_a_wrong_field_named(tmp_path: Path) -> None:
    own = tmp_path / OWN / "mail"
    own.mkdir(parents=True)
    (own / "event_notice.ko.txt.j2").write_text("{{ recipient.name }}", "utf-8")
    assert letter_text(LETTER, Library("mail", tmp_path), "ko") == "정지안"
    (own / "event_notice.ko.txt.j2").write_text("제목\n{{ recipent.name }}", "utf-8")
    with pytest.raises(TemplateFault, match=r"event_notice\.ko\.txt\.j2:2.*recipient"):
        letter_text(LETTER, Library("mail", tmp_path), "ko")
