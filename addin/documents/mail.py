"""A mail as a draft on disk (.eml): a person opens it, reads it and sends it. danggol sends nothing itself."""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDRESS: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TYPES: Final = {"pdf": ("application", "pdf"), "html": ("text", "html")}


def is_address(text: str) -> bool:
    """Whether a text is one plain address, safe in a header.

    >>> is_address("kim@example.com"), is_address("kim@example.com\\nBcc: all@example.com")
    (True, False)
    """
    return bool(_ADDRESS.fullmatch(text))


def draft(text: str, *, to: str = "", sender: str = "", attached: Sequence[tuple[str, bytes]] = ()) -> bytes:
    """The draft's bytes; same input, same bytes. ``text``: the subject in its first line, then the letter.

    ``attached``: file name and bytes. An address that is none is left out for the person to fill in.

    >>> b"X-Unsent: 1" in draft("Report\\n\\nHello", to="office@example.com")
    True
    """
    subject, _, body = text.strip().partition("\n")
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(subject.split())
    mail["X-Unsent"] = "1"  # Outlook opens it as a draft
    if _ADDRESS.fullmatch(to.strip()):
        mail["To"] = to.strip()
    if _ADDRESS.fullmatch(sender.strip()):
        mail["From"] = sender.strip()
    mail.set_content(body.strip() + "\n")
    for name, data in attached:
        kind, subtype = _TYPES.get(name.rpartition(".")[2], ("application", "octet-stream"))
        mail.add_attachment(data, maintype=kind, subtype=subtype, filename=name)
    if mail.is_multipart():
        seed = hashlib.sha256(text.encode() + b"".join(data for _, data in attached)).hexdigest()
        mail.set_boundary(f"danggol-{seed[:32]}")
    return mail.as_bytes()
