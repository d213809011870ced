"""One formula's value without a spreadsheet: our functions run here, everything around them in formualizer.

A range given to one of our functions never passes through the engine: the function gets the very cells `danggol kpi`
sees, dates as dates, so its answer equals `addin.functions.call`. Other references are loaded as they are needed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.actions.references import Area, Words
from addin.books.cells import serial
from addin.books.formulatext import moved, plain
from addin.books.names import quoted
from addin.crm.grid import CellError, cell_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from addin.actions.references import References
    from addin.actions.values import Values
    from addin.books.formulacells import FormulaCell, Stored

    Caller = Callable[..., Any]

#: What these look at can't be told from their formula, or is another thing each time.
UNTOLD: Final = frozenset(
    ["INDIRECT", "OFFSET", "CELL", "INFO", "GETPIVOTDATA", "RTD", "WEBSERVICE", "CUBEVALUE", "RAND", "RANDBETWEEN",
     "RANDARRAY", "NOW"]
)  # fmt: skip
_ERRORS: Final = {
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
_KINDS: Final = {code: kind for kind, code in _ERRORS.items()}
_SCRATCH: Final = "danggol scratch"
#: Begins a text that stands for an argument: with a number the reference, alone nothing at all.
_SLOT: Final = "\ue000"


class NotCalculatedError(Exception):
    """The formula can't be calculated here; what is stored stays."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: formualizer's kind (``Func Open``, ``Operand Range`` …), its text, what a name leads to."""

    kind: str
    text: str
    target: Area | Words | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula's pieces and the cells it looks at; ``untold`` where those can't be told."""

    tokens: tuple[Token, ...]
    areas: tuple[Area, ...]
    untold: bool = False


class Evaluator:
    """Calculates formulas of one book over `Values`. ``call(id, *args)`` answers for our functions.

    Raises ImportError where formualizer can't be had.
    """

    def __init__(self, values: Values, references: References, call: Caller, ids: list[str], epoch_1904: bool) -> None:
        import formualizer

        self._fz: Any = formualizer
        self.values, self.references, self.call = values, references, call
        self.epoch_1904 = epoch_1904
        self._ids = ids
        self._tokens: dict[str, list[tuple[str, str]]] = {}
        self._book: Any = None
        self._loaded: dict[tuple[str, int], tuple[int, int]] = {}
        self._slots: list[Area] = []

    # ---- reading a formula

    def parsed(self, cell: FormulaCell) -> Parsed:
        """The formula of a cell, its references resolved."""
        areas: list[Area] = []
        try:
            tokens = self._read(cell.text, cell, areas, 0)
        except NotCalculatedError:
            return Parsed((), tuple(areas), untold=True)
        return Parsed(tuple(tokens), tuple(areas))

    def _read(self, text: str, cell: FormulaCell, areas: list[Area], depth: int) -> list[Token]:
        out: list[Token] = []
        for kind, piece in self._split(text):
            if kind == "Func Open" and piece[:-1].removeprefix("_xlfn.").upper() in UNTOLD:
                raise NotCalculatedError(piece)
            if kind == "OpPostfix None" and piece == "#":
                raise NotCalculatedError(piece)
            if kind != "Operand Range":
                out.append(Token(kind, piece))
                continue
            reference = piece if cell.shift == (0, 0) or depth else moved(piece, *cell.shift)
            target = self.references.resolve(reference, cell)
            if target is None and ("!" in reference or "[" in reference):
                raise NotCalculatedError(reference)
            if isinstance(target, Words):
                if depth > 8:
                    raise NotCalculatedError(reference)
                inner = self._read(target.formula, cell, areas, depth + 1)
                out += [Token("Paren Open", "("), *inner, Token("Paren Close", ")")]
                continue
            if target is not None:
                areas.append(target)
            out.append(Token(kind, reference, target))
        return out

    def _split(self, text: str) -> list[tuple[str, str]]:
        found = self._tokens.get(text)
        if found is None:
            try:
                tokens = self._fz.Tokenizer("=" + plain(text)).tokens()
            except self._fz.TokenizerError as error:
                raise NotCalculatedError(text) from error
            found = self._tokens[text] = [(f"{t.token_type} {t.subtype}", t.value) for t in tokens]
        return found

    # ---- its value

    def value(self, cell: FormulaCell, parsed: Parsed) -> list[list[Stored]]:
        """What the formula shows: rows of results, a single one unless the cell holds an array formula.

        Raises `NotCalculatedError`.
        """
        if parsed.untold:
            raise NotCalculatedError(cell.text)
        tokens = [t for t in parsed.tokens if not t.kind.startswith("Whitespace")]
        while tokens and tokens[0].kind.startswith("OpPrefix") and tokens[0].text in ("@", "+"):
            tokens = tokens[1:]
        arguments = self._direct(tokens)
        if arguments is not None:
            rows = _rows(self.call(tokens[0].text[4:-1], *arguments))
        else:
            rows = self._calculated(cell, parsed.tokens)
        if cell.array is None:
            rows = [rows[0][:1]] if rows and rows[0] else [[None]]
        return [[self._stored(value) for value in row] for row in rows]

    def _stored(self, value: Any) -> Stored:
        """A value as a file stores it: nothing shows as an empty text, dates are serial numbers."""
        match value:
            case None:
                return ""
            case bool() | str() | CellError():
                return value
            case dt.date():
                return float(serial(value, self.epoch_1904))
            case dt.timedelta():
                return value.total_seconds() / 86_400
            case dt.time():
                return (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
        return float(value)

    def _direct(self, tokens: list[Token]) -> list[Any] | None:
        """The arguments of a formula that is one call of ours with plain arguments; None for any other formula."""
        if not (tokens and _is_ours(tokens[0]) and _closing(tokens, 0) == len(tokens) - 1):
            return None
        out: list[Any] = []
        for argument in _arguments(tokens, 0):
            if not argument:
                out.append(None)
                continue
            first = argument[0]
            if len(argument) > 1 or not first.kind.startswith("Operand"):
                return None
            if isinstance(first.target, Area):
                out.append(self._cells(first.target))
            elif first.kind == "Operand Text":
                out.append(first.text[1:-1].replace('""', '"'))
            elif first.kind == "Operand Number":
                out.append(float(first.text))
            elif first.kind == "Operand Logical":
                out.append(first.text.upper() == "TRUE")
            else:
                return None
        return out

    def _cells(self, area: Area) -> Any:
        if area.single:
            return self.values.get(area.sheet, area.rect[0], area.rect[1])
        return self.values.block(area)

    # ---- in formualizer

    def _calculated(self, cell: FormulaCell, tokens: tuple[Token, ...]) -> list[list[Any]]:
        book = self._engine()
        self._slots = []
        text = "=" + "".join(self._written(list(tokens)))
        row, column = cell.row, cell.column
        try:
            book.set_formula(_SCRATCH, row, column, text)
            first = book.evaluate_cell(_SCRATCH, row, column)
            rows = [[first]]
            spill = book.inspect_cell(f"'{_SCRATCH}'!{cell_address(row, column)}").cell.spill
            if spill is not None and spill.extent is not None:
                from addin.actions.references import area

                rect = area(spill.extent.rpartition("!")[2])
                assert rect is not None
                rows = book.sheet(_SCRATCH).get_values(self._fz.RangeAddress(_SCRATCH, *rect))
            book.set_value(_SCRATCH, row, column, None)
        except (RuntimeError, ValueError, self._fz.FormualizerHostError, self._fz.ParserError) as error:
            self._book = None  # whatever state it is in
            self._loaded = {}
            raise NotCalculatedError(text) from error
        return [[_from_engine(value) for value in line] for line in rows]

    def _written(self, tokens: list[Token]) -> Iterator[str]:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if _is_ours(token):
                end = _closing(tokens, at)
                written = [self._argument(argument) for argument in _arguments(tokens, at)]
                yield f"{token.text}{','.join(written)})"
                at = end + 1
                continue
            if isinstance(token.target, Area):
                self._load(token.target)
                yield _qualified(token.target)
            else:
                yield token.text
            at += 1

    def _argument(self, tokens: list[Token]) -> str:
        if not tokens:
            return f'"{_SLOT}"'
        target = tokens[0].target
        if len(tokens) == 1 and isinstance(target, Area):
            self._slots.append(target)
            return f'"{_SLOT}{len(self._slots) - 1}"'
        return "".join(self._written(tokens))

    def _engine(self) -> Any:
        if self._book is None:
            fz = self._fz
            config = fz.EvaluationConfig()
            config.date_system = "1904" if self.epoch_1904 else "1900"
            self._book = fz.Workbook(config=fz.WorkbookConfig(mode=fz.WorkbookMode.Ephemeral, eval_config=config))
            self._book.add_sheet(_SCRATCH)
            for id in self._ids:
                self._book.register_function(f"CRM_{id}", self._callback(id), deterministic=False)
        return self._book

    def _callback(self, id: str) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            answer = self.call(id, *(self._given(argument) for argument in arguments))
            if isinstance(answer, list):
                return [[self._to_engine(value) for value in row] for row in _rows(answer)]
            return self._to_engine(answer)

        return run

    def _given(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(_SLOT):
            return self._cells(self._slots[int(value[1:])]) if len(value) > 1 else None
        if isinstance(value, list):
            return [[_from_engine(one) for one in row] for row in value]
        return _from_engine(value)

    def _to_engine(self, value: Any) -> Any:
        if value is None:
            return ""
        if isinstance(value, CellError):
            return self._fz.LiteralValue.error(_KINDS.get(value.code, "Na"), "")
        return value

    def _load(self, area: Area) -> None:
        """Hand a range's values to the engine, no further than anything stands, each cell once."""
        height, width = self.values.size(area.sheet)
        top, left, bottom, right = area.rect
        bottom, right = min(bottom, height), min(right, width)
        if bottom < top:
            return
        for column in range(left, right + 1):
            key = (area.sheet, column)
            done = self._loaded.get(key)
            spans = [(top, bottom)]
            if done is not None:
                spans = [(top, done[0] - 1), (done[1] + 1, bottom)]
            for first, last in spans:
                if first <= last:
                    block = self.values.block(Area(area.sheet, (first, column, last, column)))
                    lines = [[self._cell(value) for value in row] for row in block]
                    self._engine().set_values_batch(area.sheet, first, column, lines)
            self._loaded[key] = (top, bottom) if done is None else (min(top, done[0]), max(bottom, done[1]))

    def refresh(self, sheet: str, row: int, column: int) -> None:
        """A cell has another value now: hand it over if its old one was."""
        done = self._loaded.get((sheet, column))
        if self._book is not None and done is not None and done[0] <= row <= done[1]:
            self._book.set_value(sheet, row, column, self._cell(self.values.get(sheet, row, column)))

    def forget(self) -> None:
        """Let the engine go: values have changed in many places."""
        self._book = None
        self._loaded = {}

    def _cell(self, value: Any) -> Any:
        if isinstance(value, CellError):
            return self._fz.LiteralValue.error(_KINDS.get(value.code, "Na"), "")
        return value


def _from_engine(value: Any) -> Any:
    """A value as the engine gives it; an error it only has for itself can't be stored."""
    if isinstance(value, dict):
        code = _ERRORS.get(str(value.get("kind")))
        if code is None:
            raise NotCalculatedError(str(value))
        return CellError(code)
    return None if value == "" else value


def _rows(answer: Any) -> list[list[Any]]:
    if isinstance(answer, list):
        return [list(row) if isinstance(row, list | tuple) else [row] for row in answer]
    return [[answer]]


def _is_ours(token: Token) -> bool:
    return token.kind == "Func Open" and token.text.startswith("CRM_")


def _closing(tokens: list[Token], at: int) -> int:
    """Where the bracket opened at a place closes."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += tokens[i].kind.endswith(" Open") - tokens[i].kind.endswith(" Close")
        if not depth:
            return i
    raise NotCalculatedError(tokens[at].text)


def _arguments(tokens: list[Token], at: int) -> list[list[Token]]:
    """The arguments of the call opened at a place; a blank one is []."""
    end, depth = _closing(tokens, at), 0
    out: list[list[Token]] = [[]]
    for token in tokens[at + 1 : end]:
        if not depth and token.kind == "Sep Arg":
            out.append([])
            continue
        depth += token.kind.endswith(" Open") - token.kind.endswith(" Close")
        if depth or not token.kind.startswith("Whitespace"):
            out[-1].append(token)
    return [] if out == [[]] else out


def _qualified(area: Area) -> str:
    top, left, bottom, right = area.rect
    first, last = cell_address(top, left), cell_address(bottom, right)
    return f"{quoted(area.sheet)}!{first}" if area.single else f"{quoted(area.sheet)}!{first}:{last}"
