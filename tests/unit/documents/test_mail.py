"""A mail draft: nothing is sent, no header can be smuggled in, the same bytes every time."""

from __future__ import annotations

import email
import email.policy

import pytest

from addin.documents.mail import draft


def test_the_first_line_is_the_subject_and_the_file_is_attached() -> None:
    data = draft("[한빛] 보고서\n\n안녕하세요.\n", to="a@b.co", attached=[("보고서.pdf", b"%PDF-1")])
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert (mail["Subject"], mail["To"], mail["X-Unsent"]) == ("[한빛] 보고서", "a@b.co", "1")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["보고서.pdf"]
    assert data == draft("[한빛] 보고서\n\n안녕하세요.\n", to="a@b.co", attached=[("보고서.pdf", b"%PDF-1")])


@pytest.mark.parametrize("to", ["", "없음", "a@b", "a@b.co\nBcc: x@y.zz", "a@b.co, c@d.ee", "<a@b.co>"])
def test_what_is_no_address_is_left_to_the_person(to: str) -> None:
    mail = email.message_from_bytes(draft("제목\n본문", to=to), policy=email.policy.default)
    assert mail["To"] is None
    assert mail["Bcc"] is None


def test_a_subject_is_one_line_whatever_stands_in_it() -> None:
    mail = email.message_from_bytes(draft("제목\rBcc: x@y.zz\x0bX-A: 1\n본문"), policy=email.policy.default)
    assert (mail["Subject"], mail["Bcc"], mail["X-A"]) == ("제목 Bcc: x@y.zz X-A: 1", None, None)


def test_a_files_name_is_no_header_of_its_own() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        draft("제목\n본문", attached=[("a\r\nBcc: x@y.zz.pdf", b"%PDF")])
