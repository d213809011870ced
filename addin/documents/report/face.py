"""What a partner's report shows, as text, for the page, the PDF and the mail; its names are the templates' fields."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from addin.crm.calendar import date_of, month_label, week_label
from addin.crm.catalogue import KPIS
from addin.crm.flags import FLAGS, SYMBOLS, percent
from addin.crm.message import Message
from addin.documents.charts import control_chart
from addin.i18n import say as spoken

if TYPE_CHECKING:
    from addin.crm.funnel import Funnel
    from addin.crm.kpi_values import KpiValue
    from addin.crm.message import Scalar
    from addin.crm.report import KpiLine, PartnerReport
    from addin.crm.report_defects import Defect
    from addin.crm.report_trends import Trend

TEXT_LIMIT: Final = 300
DEFECTS_SHOWN: Final = 60
SIGNALS_SHOWN: Final = 3
#: The fixed words of the pages, ``report.word.<name>``.
WORDS: Final = (
    *("title", "kpis", "trends", "funnel", "defects", "shared", "next"),
    *("kpi", "this_month", "last_month", "target", "flag", "step", "reached", "pass_rate"),
    *("place", "defect", "found", "fixed", "days", "promises", "asks", "benefits", "theirs", "ours", "unwritten"),
    *("legend", "chart_legend"),
)
_SIGNALS: Final = {1: "outside", 2: "run", 3: "near"}
_BACK: Final = {1: 0, 2: 7, 3: 3}  # points before the one that speaks which the rule looks at
#: Every id a name is built for here.
IDS: Final = (
    *(f"report.word.{word}" for word in WORDS),
    *(f"report.signal.{name}" for name in (*_SIGNALS.values(), "none", "few")),
    *(f"view.flag.{flag}" for flag in FLAGS),
    *(f"report.flag.{flag}" for flag in FLAGS),
)


class Voice:
    """The catalogue in one language; what a person typed is shown without control and direction marks."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, message: Message | str, /, **params: Scalar | Message) -> str:
        """A message as a sentence."""
        return plain(spoken(message, self.lang, **params), limit=0)


def plain(text: str, limit: int = TEXT_LIMIT) -> str:
    """A text in one line: composed, nothing invisible, at most ``limit`` letters (0: as long as it is).

    >>> plain("한\\u202e빛\\x07 \\n 카페")
    '한 빛 카페'
    """
    text = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    text = " ".join(text.split())
    return text if not limit or len(text) <= limit else text[: limit - 1] + "…"


def face(report: PartnerReport, lang: str, sender: str = "", sender_email: str = "") -> dict[str, Any]:
    """The texts of a report in the language of the book; ``sender`` is the team's name."""
    say = Voice(lang)
    first, last = (date_of(day).isoformat() for day in report.span)
    return {
        "lang": lang,
        "partner": plain(report.partner),
        "contact": plain(report.contact),
        "email": plain(report.email),
        "sender": plain(sender),
        "sender_email": plain(sender_email),
        "iso": month_label(report.month),
        "month": month_name(report.month, say),
        "date": date_of(report.as_of).isoformat(),
        "as_of": say("report.as_of", first=first, last=last, day=date_of(report.as_of).isoformat()),
        "under_way": say("report.under_way", last=last) if report.under_way else "",
        "word": {word: say(f"report.word.{word}") for word in WORDS},
        "cards": _cards(report, say),
        "kpis": [_kpi(line, say) for line in report.kpis],
        "weeks": say("report.weeks", first=week_label(report.weeks[0]), last=week_label(report.weeks[-1])),
        "trends": [_trend(trend, say) for trend in report.trends],
        "funnel": _funnel(report.funnel, say) if report.funnel else None,
        "defects": _defects(report, say),
        "promises": [say(m) for m in report.shared.promises],
        "asks": [say(m) for m in report.shared.asks],
        "our_benefit": plain(report.shared.our_benefit),
        "their_benefit": plain(report.shared.their_benefit),
        "next": [say(m) for m in report.next],
        "legend": _legend(report, say),
    }


def _legend(report: PartnerReport, say: Voice) -> list[dict[str, str]]:
    """What the flags on the page mean."""
    used = {line.judged.flag if line.judged else "no_data" for line in report.kpis}
    return [
        {"symbol": SYMBOLS[f], "flag": f, "word": say(f"view.flag.{f}"), "text": say(f"report.flag.{f}")}
        for f in FLAGS
        if f in used
    ]


def month_name(month: int, say: Voice) -> str:
    """``2026년 10월``."""
    return say("report.month", year=month // 12, month=month % 12 + 1)


def _cards(report: PartnerReport, say: Voice) -> list[dict[str, str]]:
    """The month in a few numbers: requests, orders, how many KPIs keep their threshold, open defects."""
    cards = [
        {"name": say(f"report.card.{name}"), "value": f"{now:,}", "note": say("report.card.before", n=f"{before:,}")}
        for name, (now, before) in report.totals.items()
    ]
    judged = [line.judged.flag for line in report.kpis if line.judged and line.judged.flag in ("ok", "warn", "breach")]
    if judged:
        value = f"{judged.count('ok')}/{len(judged)}"
        cards.append({"name": say("report.card.kept"), "value": value, "note": say("report.card.kept_note")})
    if report.defects is not None:
        done = sum(d.fixed is not None and d.fixed <= report.span[1] for d in report.defects.fixed)
        value = f"{len(report.defects.open):,}"
        cards.append({"name": say("report.card.open"), "value": value, "note": say("report.card.fixed", n=done)})
    return cards


def _kpi(line: KpiLine, say: Voice) -> dict[str, str]:
    judged = line.judged
    flag = judged.flag if judged else "no_data"
    kpi = KPIS[line.kpi]
    target = judged.target if judged else None
    side = "report.at_least" if kpi.direction == "higher" else "report.at_most"
    note = ""
    if line.by_window and judged is not None and judged.window is not None:
        start, end = judged.window
        value, cases = _value(judged)
        note = say("report.by_window", value=value, cases=cases, first=start.isoformat(), last=end.isoformat())
    now, before = _value(line.month), _value(line.before)
    return {
        "name": say(kpi.name),
        "formula": say(kpi.formula),
        "value": now[0],
        "cases": now[1],
        "before": before[0],
        "before_cases": before[1],
        "target": "–" if target is None else say(side, value=percent(target)),
        "flag": flag,
        "symbol": SYMBOLS[flag],
        "flag_word": say(f"view.flag.{flag}"),
        "note": note,
    }


def _value(value: KpiValue | None) -> tuple[str, str]:
    """A share and the cases behind it: ``72 %``, ``18/25``; a dash where there was none."""
    if value is None or value.value is None:
        return "–", ""
    cases = f"{value.numerator:,.0f}/{value.denominator:,.0f}" if value.denominator else f"{value.n:,}"
    return percent(value.value, apart_from=value.target), cases


def _trend(trend: Trend, say: Voice) -> dict[str, str]:
    chart, name = trend.chart, say(trend.name)

    def shown(value: float) -> str:
        return percent(value) if trend.share else f"{value:.1f}".removesuffix(".0")

    notes = []
    if chart is not None:
        highest = min(chart.upper, 1.0) if trend.share else chart.upper
        low, high = shown(max(chart.lower, 0.0)), shown(highest)
        notes.append(say("report.limits", mean=shown(chart.mean), low=low, high=high))
    if trend.share:
        notes.append(say("report.cases", n=f"{sum(trend.cases) / len(trend.cases):.1f}"))
    notes += _signals(trend, say)
    caption = " · ".join(notes)
    svg = control_chart(
        trend.values,
        [label.partition("-")[2] for label in trend.labels],
        title=f"{name}: {caption}",
        share=trend.share,
        mean=chart.mean if chart else None,
        limits=(chart.lower, chart.upper) if chart else None,
        target=trend.target,
        signals=trend.signals,
    )
    return {"name": name, "svg": svg, "caption": caption, "alt": f"{name}: {caption}"}


def _signals(trend: Trend, say: Voice) -> list[str]:
    """What the chart says, the latest first; runs of the same rule are one stretch of weeks."""
    if trend.chart is None:
        return [say("report.signal.few", n=len(trend.known))]
    stretches: list[tuple[int, int, int]] = []  # rule, first and last place among the known weeks
    for rule in _SIGNALS:
        for signal in (s for s in trend.chart.signals if s.rule == rule):
            start = signal.index - _BACK[rule]
            if stretches and stretches[-1][0] == rule and start <= stretches[-1][2] + 1:
                stretches[-1] = rule, stretches[-1][1], signal.index
            else:
                stretches.append((rule, start, signal.index))
    stretches.sort(key=lambda s: (-s[2], s[0]))
    found = []
    for rule, start, end in stretches[:SIGNALS_SHOWN]:
        first, last = (trend.labels[trend.known[place]].partition("-")[2] for place in (start, end))
        found.append(say(f"report.signal.{_SIGNALS[rule]}", weeks=first if first == last else f"{first}–{last}"))
    return found or [say("report.signal.none")]


def _funnel(funnel: Funnel, say: Voice) -> dict[str, Any]:
    """Steps with bars in percent of the first; the constraint's transition is marked at the step it leads to."""
    counts = [step.count or 0 for step in funnel.steps]
    highest = max([*counts, 1])
    worst = funnel.constraint.index
    steps = []
    for i, step in enumerate(funnel.steps):
        move = funnel.transitions[i - 1] if i else None
        steps.append(
            {
                "label": plain(say(step.label) if isinstance(step.label, Message) else step.label),
                "count": f"{step.count:,}" if step.count is not None else "–",
                "rate": percent(move.rate) if move is not None and move.rate is not None else "–" if i else "",
                "width": round(100 * counts[i] / highest, 1),
                "worst": worst is not None and i == worst + 1,
            }
        )
    return {"steps": steps, "why": _why(funnel, say)}


def _why(funnel: Funnel, say: Voice) -> str:
    """The constraint's sentence; where records contradict each other, that we are looking into it."""
    found = funnel.constraint
    if found.verdict != "data_check":
        return say(found.why)
    if found.index is None:
        return say("report.funnel.check")
    move = funnel.transitions[found.index]
    return say("report.funnel.check_most", move=move.label, lost=move.lost or 0, entered=move.entered or 0)


def _defects(report: PartnerReport, say: Voice) -> dict[str, Any] | None:
    defects = report.defects
    if defects is None:
        return None
    shown = defects.common[:DEFECTS_SHOWN]
    notes = []
    if not defects.common:
        notes.append(say("report.defects.none"))
    if len(defects.common) > len(shown):
        notes.append(say("report.defects.more", n=len(defects.common) - len(shown)))
    if defects.homes:
        notes.append(say("report.defects.homes", n=defects.homes))
    if defects.undated:
        notes.append(say("report.defects.undated", n=defects.undated))
    return {"rows": [_defect(defect, say) for defect in shown], "notes": notes}


def _defect(defect: Defect, say: Voice) -> dict[str, Any]:
    return {
        "number": plain(defect.number),
        "place": plain(defect.place) or "–",
        "text": plain(defect.text) or "–",
        "found": date_of(defect.found).isoformat(),
        "fixed": say("report.defects.open") if defect.fixed is None else date_of(defect.fixed).isoformat(),
        "days": defect.open_days,
        "open": defect.fixed is None,
    }
