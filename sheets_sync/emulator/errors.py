"""What the service answers when it refuses: the exact bodies of Sheets (google.rpc) and of Drive (its older form)."""

from __future__ import annotations

from typing import Any, Final

STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """A refusal. ``reason``, ``location``, ``short`` are what Drive's form says beside the message, and ``status``
    whether it names the status as Sheets always does; ``details`` are Sheets'."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        reason: str = "",
        domain: str = "global",
        location: tuple[str, str] | None = None,
        short: str = "",
        status: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.reason = reason
        self.domain = domain
        self.location = location
        self.short = short
        self.status = status
        self.headers = headers or {}

    def within(self, prefix: str) -> ApiError:
        """The same refusal inside a batch: ``Invalid requests[0].addSheet: …``. Other than 400s stay as they are."""
        if self.code != 400:
            return self
        return ApiError(self.code, f"Invalid {prefix}: {self.message}", details=self.details)

    def body(self, service: str) -> dict[str, Any]:
        """The JSON body as this service words it: ``sheets`` or ``drive``."""
        if service == "drive":
            short, reason = self.short or self.message, self.reason or "invalid"
            error: dict[str, Any] = {"message": short, "domain": self.domain, "reason": reason}
            if self.location:
                error["location"], error["locationType"] = reversed(self.location)
            body: dict[str, Any] = {"code": self.code, "message": self.message, "errors": [error]}
            if self.code in {401, 429, 501} or self.status:
                body["status"] = STATUS[self.code]
            if self.details and self.reason == "required":
                body["details"] = self.details
            return {"error": body}
        body = {"code": self.code, "message": self.message, "status": STATUS.get(self.code, "UNKNOWN")}
        if self.details:
            body["details"] = self.details
        return {"error": body}


def invalid(message: str) -> ApiError:
    """A 400 of Sheets."""
    return ApiError(400, message)


def violations(found: list[tuple[str, str]]) -> ApiError:
    """A 400 that names fields: ``(path, sentence)`` each; the message is every sentence, one a line."""
    return ApiError(
        400,
        "\n".join(text for _, text in found),
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [
                    {"field": path, "description": text} if path else {"description": text} for path, text in found
                ],
            }
        ],
    )


def not_implemented(what: str) -> ApiError:
    """A 501: the service can do this, the emulator can't. Never a silent success."""
    return ApiError(501, f"The emulator does not implement {what}.", reason="notImplemented")


def not_found() -> ApiError:
    """Sheets' 404: no such spreadsheet, or in the eyes of this user none."""
    return ApiError(404, "Requested entity was not found.")


def file_not_found(file_id: str) -> ApiError:
    """Drive's 404."""
    return ApiError(404, f"File not found: {file_id}.", reason="notFound", location=("parameter", "fileId"))


def forbidden() -> ApiError:
    """Sheets' 403."""
    return ApiError(403, "The caller does not have permission")


_SIGN_IN = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_NO_KEYS = (
    "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that "
    "assert a principal. See https://cloud.google.com/docs/authentication"
)


def unregistered() -> ApiError:
    """403: a GET without a token, which an API key would have been enough for."""
    return ApiError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or "
        "other form of API consumer identity to call this API.",
        reason="forbidden",
        status=True,
    )


def unauthenticated(*, missing: bool, method: str = "", key: bool = False) -> ApiError:
    """401: no token at all (``key``: an API key in its place), or one nobody knows (expired, revoked)."""
    first = (
        "Request is missing required authentication credential."
        if missing
        else "Request had invalid authentication credentials."
    )
    return ApiError(
        401,
        _NO_KEYS if key else f"{first} {_SIGN_IN}",
        reason="required" if missing else "authError",
        location=("header", "Authorization"),
        short="Login Required." if missing else "Invalid Credentials",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "CREDENTIALS_MISSING" if missing else "ACCESS_TOKEN_TYPE_UNSUPPORTED",
                "domain": "googleapis.com",
                "metadata": {"method": rpc(method), "service": f"{method.partition('.')[0]}.googleapis.com"},
            }
        ],
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'},
    )


#: What Google's front end calls the methods of Sheets that aren't their verb and ``Spreadsheet`` or ``Values``.
_RPC: Final = {
    "getByDataFilter": "GetSpreadsheetByDataFilter",
    "values.batchGetByDataFilter": "BatchGetValuesByDataFilter",
    "values.batchUpdateByDataFilter": "BatchUpdateValuesByDataFilter",
    "values.batchClearByDataFilter": "BatchClearValuesByDataFilter",
    "sheets.copyTo": "CopySheetTo",
    "developerMetadata.get": "GetDeveloperMetadata",
    "developerMetadata.search": "SearchDeveloperMetadata",
}


def rpc(method: str) -> str:
    """A method as refusals of the front end name it.

    >>> rpc("sheets.spreadsheets.get"), rpc("sheets.spreadsheets.values.append")
    ('google.apps.sheets.v4.SpreadsheetsService.GetSpreadsheet', \
'google.apps.sheets.v4.SpreadsheetsService.AppendValues')
    >>> rpc("drive.files.list")
    'google.apps.drive.v3.DriveFiles.List'
    """
    service, _, rest = method.partition(".")
    if service == "drive":
        noun, _, verb = rest.rpartition(".")
        return f"google.apps.drive.v3.Drive{noun[:1].upper()}{noun[1:]}.{verb[:1].upper()}{verb[1:]}"
    rest = rest.removeprefix("spreadsheets.")
    noun, _, verb = rest.rpartition(".")
    name = verb[:1].upper() + verb[1:] + ("Values" if noun else "Spreadsheet")
    return "google.apps.sheets.v4.SpreadsheetsService." + _RPC.get(rest, name)


def out_of_quota(kind: str, *, per_user: bool, limit: int, retry_after: int | None = None) -> ApiError:
    """429: ``kind`` is ``Read`` or ``Write`` of Sheets."""
    name = f"{kind} requests per minute" + (" per user" if per_user else "")
    quota = f"{kind}RequestsPerMinutePer" + ("User" if per_user else "Project")
    return ApiError(
        429,
        f"Quota exceeded for quota metric '{kind} requests' and limit '{name}' of service 'sheets.googleapis.com' "
        "for consumer 'project_number:100000000000'.",
        details=[
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "consumer": "projects/100000000000",
                    "quota_limit": quota,
                    "quota_limit_value": str(limit),
                    "quota_location": "global",
                    "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
                    "quota_unit": "1/min/{project}/{user}" if per_user else "1/min/{project}",
                    "service": "sheets.googleapis.com",
                },
            },
            {
                "@type": "type.googleapis.com/google.rpc.Help",
                "links": [
                    {
                        "description": "Request a higher quota limit.",
                        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
                    }
                ],
            },
        ],
        reason="rateLimitExceeded",
        domain="usageLimits",
        headers={} if retry_after is None else {"Retry-After": str(retry_after)},
    )
