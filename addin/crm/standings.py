"""Who stands where on the ladder, from the weeks' facts and people's answers alone; nothing is remembered.

Whoever had no case for as long as a window reaches is left alone: there is nothing to go by. A suspension stays shown
until a person's answer or clean weeks end it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.calendar import date_of, last_closed_week, week_bounds, week_label
from addin.crm.catalogue import KPIS
from addin.crm.flags import judge
from addin.crm.kpi_values import KpiValue
from addin.crm.ladder import GROUND, RULES, RUNGS, Rules, State, step
from addin.crm.ladder_weeks import LadderWeek, Series, flagged_weeks, weekly_sums
from addin.crm.points import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from addin.crm.measures import Measures
    from addin.crm.settings import Threshold
    from addin.crm.tally import Tally

#: The KPIs whose breach moves somebody (seed 000).
ESCALATING: Final = tuple(kpi.id for kpi in KPIS.values() if kpi.escalates)
#: KPI and subject → the week that proposed a suspension → a person's yes or no.
Answers = dict[tuple[str, str], dict[int, bool]]


class Standing(NamedTuple):
    """Somebody on the ladder for one KPI, or down from a rung lately.

    ``series`` their weeks with a case.
    ``fell``   the week that led one rung down, within the last weeks; None otherwise. ``before``: the rung until then.
    """

    kpi: str
    subject: str
    state: State
    series: Series
    fell: int | None = None
    before: State = GROUND

    @property
    def on(self) -> bool:
        """Whether they stand on a rung, rather than on the ground again."""
        return self.state.rung != "none"

    @property
    def latest(self) -> LadderWeek:
        """Their last week with a case."""
        return self.series.at(self.series.weeks[-1])

    @property
    def cause(self) -> LadderWeek:
        """The week that led here."""
        week = self.fell if self.fell is not None else self.state.since
        return self.latest if week is None else self.series.at(week)

    @property
    def episode(self) -> str:
        """The week that proposed the suspension, ``2026-W47``: what an answer is about; "" where none is asked for."""
        return "" if self.state.asked is None else week_label(self.state.asked)


class Ladder(NamedTuple):
    """The ladder of a team: ``by`` is whom it looks at (assignee or partner), ``last`` the last closed week.

    ``standings``: the highest rung first, then by KPI and name.
    """

    by: str
    last: int
    rules: Rules
    thresholds: Mapping[str, Threshold]
    standings: tuple[Standing, ...]

    def value(self, standing: Standing, week: LadderWeek) -> KpiValue:
        """What a week says, as the KPI's value over its window."""
        kpi, threshold = KPIS[standing.kpi], self.thresholds[standing.kpi]
        point = share(week.above, week.n)
        flag, rule = judge(kpi, point, threshold)
        first, last = week_bounds(week.week - week.weeks + 1)[0], week_bounds(week.week)[1]
        window = (date_of(first), date_of(last))
        by = {self.by: standing.subject}
        return KpiValue(kpi.id, by, point.value, week.above, week.n, week.n, threshold, flag, window, rule=rule)


def ladder_of(measures: Measures, answers: Answers | None = None) -> Ladder | None:
    """The ladder of a team's tables; None where no escalating KPI can be measured, or nobody is named."""
    tally, settings = measures.tally, measures.settings
    subject = (*measures.subjects(), "partner")[0]
    kpis = [KPIS[kpi] for kpi in ESCALATING if not measures.missing(KPIS[kpi])]
    if not kpis or not tally.has("requests", subject) or tally.span is None:
        return None
    sums = weekly_sums(tally, subject)
    last = last_closed_week(tally.as_of)
    found: list[Standing] = []
    for kpi in kpis:
        weeks = flagged_weeks(sums, kpi, settings.thresholds[kpi.id])
        if subject == "partner":
            weeks = {name: own for name, own in weeks.items() if not _ended(tally, name)}
        found += standings(kpi.id, weeks, last, answers or {}, settings.ladder_rules)
    order = {kpi: place for place, kpi in enumerate(ESCALATING)}
    found.sort(key=lambda s: (-RUNGS.index(s.state.rung), order[s.kpi], s.subject))
    return Ladder(subject, last, settings.ladder_rules, settings.thresholds, tuple(found))


def _ended(tally: Tally, name: str) -> bool:
    partner = tally.roster.find(name)
    return partner is not None and partner.ended


def standings(
    kpi: str,
    weeks: Mapping[str, Series],
    last: int,
    answers: Answers | None = None,
    rules: Rules = RULES,
) -> Iterator[Standing]:
    """Those on a rung after week ``last``, and those who came down in its last ``rules.clean`` weeks."""
    place = RUNGS.index
    for subject, series in weeks.items():
        said = (answers or {}).get((kpi, subject))
        state = before = GROUND
        fell = None
        for week, flag in zip(series.weeks, series.taken, strict=True):
            after = step(state, flag, week, said, rules)
            if after.rung != state.rung:
                fell, before = (week, state) if place(after.rung) < place(state.rung) else (None, GROUND)
            state = after
        if fell is not None and last - fell >= rules.clean:
            fell, before = None, GROUND
        silent = last - series.weeks[-1] >= KPIS[kpi].window.weeks and state.rung != "suspension"
        if fell is not None or (state.rung != "none" and not silent):
            yield Standing(kpi, subject, state, series, fell, before)
