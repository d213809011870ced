"""Google's token endpoint: what a key file's ``token_uri`` may point at, so that signing in works offline too."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from sheets_sync.emulator.users import Users

#: Where clients ask: today's endpoint, and those of older libraries.
PATHS: Final = frozenset({"/token", "/oauth2/v4/token", "/o/oauth2/token"})
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def answer(users: Users, content: bytes) -> tuple[int, dict[str, Any]]:
    """Status and JSON for a form: a service account's signed claim, or a person's refresh token.

    The claim's signature isn't looked at, only who it is for: with a file of users its account must be there, as
    a refresh token must be. Source of the refusals: RFC 6749, 5.2, worded as Google words them.
    """
    form = {key: values[0] for key, values in parse_qs(content.decode("utf-8", "replace")).items()}
    grant = form.get("grant_type", "")
    if grant == _JWT:
        account = _account(form.get("assertion", ""))
        if account is None:
            return 400, {"error": "invalid_grant", "error_description": "Bad Request"}
        token = users.token_of(account)
        refusal = "Invalid grant: account not found"
    elif grant == "refresh_token":
        token = form.get("refresh_token", "")
        token = token if users.tokens is None or token in users.tokens else ""
        refusal = "Token has been expired or revoked."
    else:
        return 400, {"error": "unsupported_grant_type", "error_description": f"Invalid grant_type: {grant}"}
    if not token:
        return 400, {"error": "invalid_grant", "error_description": refusal}
    return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


def _account(assertion: str) -> str | None:
    """The account a signed claim names: ``iss``, or whom it stands in for (``sub``)."""
    try:
        middle = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        found = claims.get("sub") or claims["iss"]
    except (IndexError, KeyError, AttributeError, ValueError, binascii.Error):
        return None
    return found if isinstance(found, str) else None
