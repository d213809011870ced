"""A person's mistakes, raised; one tree.

::

    DanggolError              exit 1   what, where (sheet!cell), the value, what to do
    ├── BookError                      the file itself: not a workbook, encrypted, damaged, hostile
    │   ├── BookLocked                 open elsewhere, or changed while we worked
    │   └── BookRefused                an edit we can't make without harm
    ├── UsageError            exit 2   the command's words are off
    ├── NeedsAnswer           exit 3   a question only a person can answer
    └── SafetyBrake           exit 4   too much would change, or cells were edited since

Data faults (a wrong date in a cell) are not errors: see `addin.crm.fault`.
"""

from __future__ import annotations

from addin.crm.message import Message, Scalar, msg


class DanggolError(Exception):
    """What went wrong, where, with which value, and what to do: a catalogue message.

    ``BookError("book.csv", where="a.csv")``: the catalogue's sentence holds what and the cure;
    ``where`` is ``sheet!cell`` or a path, ``value`` what stands there.
    """

    exit_code = 1

    def __init__(
        self, id: str, /, *, where: str = "", value: str = "", **params: Scalar | Message | tuple[Message, ...]
    ) -> None:
        self.message = msg(id, where=where, value=value, **params)
        self.where = where
        self.value = value
        super().__init__(id, where, value)

    def __str__(self) -> str:
        from addin.i18n import say  # local: errors are imported by everything

        return say(self.message)


class BookError(DanggolError):
    """The workbook can't be read: not a zip, encrypted, damaged or hostile."""


class BookLocked(BookError):
    """The workbook is open elsewhere, or changed while we worked; nothing was written."""


class BookRefused(BookError):
    """The edit can't be made without harming something; nothing was written."""


class UsageError(DanggolError):
    """The command's words are off."""

    exit_code = 2


class NeedsAnswer(DanggolError):
    """Only a person can answer this; the question stands in the mapping tab."""

    exit_code = 3


class SafetyBrake(DanggolError):
    """Stopped before harm: too much would change, or cells were edited since."""

    exit_code = 4


def missing_package(error: BaseException) -> str | None:
    """The package whose absence raised this; None where something else did.

    Inside LibreOffice, whose ``import`` looks for its own types too, ``from x import y`` raises a plain `ImportError`.

    >>> missing_package(ImportError("No module named 'rapidfuzz' (or 'rapidfuzz.fuzz' is unknown)"))
    'rapidfuzz'
    """
    if not isinstance(error, ImportError):
        return None
    start, _, rest = str(error).partition("No module named '")
    name = error.name or (rest.partition("'")[0] if rest and not start else "")
    named = isinstance(error, ModuleNotFoundError) or (rest and not start)
    return name.partition(".")[0] if named else None
