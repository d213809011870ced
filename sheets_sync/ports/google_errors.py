"""What Google refused, as the kind of trouble it is and the one thing to do about it.

Told apart by HTTP status, by the reasons Google names and, where it names none, by its (English, unlocalised) sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sheets_sync.ports.base import Gone, GridFull, NoAccess, NotSignedIn, OutcomeUnknown, PortError, Unavailable
from sheets_sync.ports.google_http import reasons

if TYPE_CHECKING:
    from gspread.exceptions import APIError

    from sheets_sync.ports.google_http import NoAnswer

#: Every id this module can say.
IDS: Final = (
    *("sync.google.gone", "sync.google.in_bin", "sync.google.not_shared", "sync.google.read_only"),
    *("sync.google.protected", "sync.google.signed_out", "sync.google.scopes", "sync.google.api_off"),
    *("sync.google.full", "sync.google.not_a_sheet", "sync.google.too_large", "sync.google.refused"),
    *("sync.google.no_answer", "sync.google.tab_gone", "sync.google.hq_gone", "sync.google.tab_taken"),
    *("sync.google.no_ref", "sync.google.no_storage", "sync.google.not_laid_out"),
)  # fmt: skip
_LINK = re.compile(r"https://console\.(?:developers|cloud)\.google\.com/\S+")


def refused(error: APIError, ref: str, account: str) -> PortError:
    """A refusal as an error to show. ``account``: the address a sheet has to be shared with."""
    status, text, why = error.response.status_code, str(error.error.get("message", "")), reasons(error)
    low = text.lower()
    if status == 401:
        return NotSignedIn("sync.google.signed_out")
    if status == 404:
        return Gone("sync.google.gone", where=ref, account=account)
    if status == 413 or "payload size exceeds" in low:
        return PortError("sync.google.too_large", where=ref)
    if re.search(r"limit of [\d,]+ cells", low):
        return GridFull("sync.google.full", where=ref)
    if "protected cell" in low:
        return NoAccess("sync.google.protected", where=ref, account=account)
    if "not supported for this document" in low:
        return PortError("sync.google.not_a_sheet", where=ref)
    if status == 403:
        if "SERVICE_DISABLED" in why or "accessNotConfigured" in why or "it is disabled" in low:
            link = _LINK.search(text)
            return NotSignedIn("sync.google.api_off", value=link[0].rstrip(".,") if link else _api(text))
        if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in why or "insufficient authentication scopes" in low:
            return NotSignedIn("sync.google.scopes")
        if "storageQuotaExceeded" in why:
            return GridFull("sync.google.no_storage", where=ref)
        return NoAccess("sync.google.not_shared", where=ref, account=account)
    return PortError("sync.google.refused", where=ref, value=f"{status}: {text[:200]}")


def unanswered(error: NoAnswer, ref: str) -> PortError:
    """No answer came: unknown whether it happened, or simply not now."""
    if error.unknown:
        return OutcomeUnknown("sync.outcome_unknown", where=ref)
    return Unavailable("sync.google.no_answer", where=ref, value=str(error))


def no_such_range(error: APIError) -> bool:
    """Whether a tab or named range a request asked for isn't there."""
    return error.response.status_code == 400 and "unable to parse range" in str(error.error.get("message", "")).lower()


def no_such_tab(error: APIError) -> bool:
    """Whether a batch named a tab that isn't there."""
    text = str(error.error.get("message", "")).lower()
    return error.response.status_code == 400 and ("no grid with id" in text or "no sheet with id" in text)


def _api(text: str) -> str:
    return "Google Drive API" if "drive" in text.lower() else "Google Sheets API"
