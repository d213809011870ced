"""``danggol funnel``: the team's funnel and its constraint, whole or by the values of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.actions.dates import parse_day
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, column_names, open_workspace, work_on
from addin.errors import DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from addin.crm.funnel import Funnel, Group
    from addin.crm.funnel_steps import StepSpec


@dataclass(slots=True)
class FunnelResult:
    """A funnel, or one a group when ``by`` is given."""

    by: str | None = None
    whole: Funnel | None = None
    groups: tuple[Group, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The contract's shape."""
        from addin.crm.funnel_json import groups_json, to_json

        if self.by is not None:
            return groups_json(self.by, self.groups, say)
        assert self.whole is not None
        return to_json(self.whole, say)


def funnel_of(
    book: Path,
    *,
    steps: Sequence[str] = (),
    by: str | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> FunnelResult:
    """The funnel of a book's requests. `UsageError` for steps or a column that aren't there."""
    from addin.actions.partners import resolve
    from addin.crm.funnel import PERIODS, funnel, funnel_by
    from addin.crm.funnel_steps import shipped_name

    workspace = open_workspace(book, maps=maps, step=step)
    step("progress.counting", 0.8)
    if shipped_name(steps) == "partnership":
        return FunnelResult(whole=partnership_funnel(workspace, book))
    if steps and "requests" not in workspace.records:
        workspace = _any_list(workspace, steps, maps)
    requests = resolve(workspace).requests
    if requests is None:
        return FunnelResult(whole=counted_funnel(workspace, book))
    specs = team_steps(workspace, steps)
    day = _day_number(parse_day(as_of, "--as-of"))
    cut = day is not None
    if by is None:
        return FunnelResult(whole=funnel(requests, specs, workspace.settings, as_of=day, cut=cut))
    column = by if by in PERIODS else column_names(workspace, "requests").get(by, by if by in requests.columns else "")
    if not column:
        raise UsageError("error.unknown_by", value=by, columns=", ".join(column_names(workspace, "requests")))
    return FunnelResult(by, groups=funnel_by(requests, specs, column, workspace.settings, as_of=day, cut=cut))


def partnership_funnel(workspace: Workspace, book: Path) -> Funnel:
    """The partners, each once, through the seven stages of a partnership (seed 001)."""
    from addin.actions.partners import resolve
    from addin.actions.partnerships import stage_funnel
    from addin.crm.standing import standing

    partners = resolve(workspace).frames.get("partners")
    if partners is None or "stage" not in partners.columns:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(book), value="partners.stage", have=have)
    return stage_funnel(standing(partners), workspace)


def _any_list(workspace: Workspace, steps: Sequence[str], maps: Sequence[str]) -> Workspace:
    """Steps name the columns themselves: any list that has them is counted, also one no table of ours fits."""
    for skipped in workspace.mapping.skipped:
        other = work_on(workspace.snapshot, maps=maps, as_requests=skipped.sheet)
        try:
            team_steps(other, steps)
        except (UsageError, KeyError):
            continue
        return other
    return workspace


def counted_funnel(workspace: Workspace, book: Path) -> Funnel:
    """The funnel of a book that only has counts a week (단계수)."""
    counts = workspace.records.get("step_counts")
    if counts is None:
        raise DanggolError(
            "error.no_such_table", where=str(book), value="requests", have=", ".join(workspace.records) or "–"
        )
    from addin.crm.step_counts import step_counts_funnel

    return step_counts_funnel(counts.frame, workspace.settings)


def team_steps(workspace: Workspace, typed: Sequence[str] = ()) -> tuple[StepSpec, ...]:
    """The steps: typed now, else from the settings tab, else from the columns there are; labels in words."""
    from addin.actions.views.parts import Say
    from addin.crm.funnel_steps import StepError, spoken
    from addin.crm.team import steps_told

    requests, settings = workspace.records["requests"], workspace.settings
    told_from = requests.frame, settings, workspace.mapping
    if not typed and workspace.steps is not None and _very_same(workspace.steps[0], told_from):
        return workspace.steps[1]
    texts = list(typed) or list(settings.steps)
    names = column_names(workspace, "requests")
    try:
        steps = steps_told(texts, requests, names, settings)
    except StepError as error:
        raise UsageError("error.steps", detail=error.message) from error
    found = spoken(steps, Say(workspace.lang))
    if not typed:
        workspace.steps = told_from, found
    return found


def _very_same(these: object, those: tuple[object, ...]) -> bool:
    return isinstance(these, tuple) and all(one is other for one, other in zip(these, those, strict=True))


def _day_number(day: dt.date | None) -> int | None:
    from addin.crm.calendar import day_of

    return None if day is None else day_of(day)
