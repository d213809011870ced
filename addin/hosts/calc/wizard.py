"""What Calc's function wizard says about each function, in Korean or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.functions import FUNCTIONS
from addin.hosts.calc.bridge import needs_document
from addin.i18n import LANGUAGES, say

if TYPE_CHECKING:
    from addin.functions import Argument


class Wizard:
    """The wizard's words in the office's language: Korean for ``ko``, English for every other.

    >>> Wizard("en").display("HHI"), Wizard("ko").id_of("crm.hhi"), Wizard("ko").excel_name("HHI")
    ('CRM.HHI', 'HHI', 'CRM_HHI')
    """

    def __init__(self, language: str) -> None:
        self.lang = language if language in LANGUAGES else "en"

    def id_of(self, display: str) -> str:
        """The id behind a displayed name; empty where it isn't ours."""
        id = display.upper().removeprefix("CRM.")
        return id if id in FUNCTIONS else ""

    def display(self, id: str) -> str:
        """The name as it is typed."""
        return f"CRM.{id}"

    def excel_name(self, id: str) -> str:
        """The name in Excel."""
        return f"CRM_{id}"

    def summary(self, id: str) -> str:
        """What the function gives."""
        return say(FUNCTIONS[id].summary, self.lang) if id in FUNCTIONS else ""

    def argument(self, id: str, place: int) -> str:
        """An argument's name; ``place`` counts the parameters of `bridge.signature`."""
        argument = _argument(id, place)
        return argument.name if argument else ""

    def argument_help(self, id: str, place: int) -> str:
        """What an argument holds."""
        argument = _argument(id, place)
        return say(argument.help, self.lang) if argument else ""


def _argument(id: str, place: int) -> Argument | None:
    if id not in FUNCTIONS:
        return None
    place -= needs_document(FUNCTIONS[id])
    arguments = FUNCTIONS[id].arguments
    return arguments[place] if 0 <= place < len(arguments) else None
