"""What the page of an internal case shows, as text; its names are the templates' fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.amounts import money_text
from addin.crm.calendar import date_of
from addin.crm.internal_case import ASKED_IDS, NEXT_IDS
from addin.crm.screening import PARTS
from addin.crm.standing import ENDED, STAGES
from addin.documents.report.face import Voice, plain

if TYPE_CHECKING:
    import datetime as dt

    from addin.crm.internal_case import InternalCase, Score

#: Letters shown of what a person wrote, so that the page stays one page.
WHY_SHOWN: Final = 300
BENEFIT_SHOWN: Final = 120
NAME_SHOWN: Final = 60
FACT_SHOWN: Final = 28
REASONS_SHOWN: Final = 5
#: The fixed words of the page, ``case.word.<name>``.
WORDS: Final = (
    *("title", "inside", "why", "why_ask", "money", "benefits", "ours", "theirs", "score", "next", "approval"),
    *("role", "name", "verdict", "signature", "date", "part", "points", "by_hand", "final", "remarks"),
)
FACTS: Final = ("cluster", "region", "owner", "contact", "stage")
#: Who signs, in order: those inside first, the last word is the decision makers'.
ROLES: Final = ("owner", "lead", "decider")
VERDICTS: Final = ("approve", "again", "no")
#: Every id a name is built for here.
IDS: Final = (
    *(f"case.word.{word}" for word in WORDS),
    *(f"case.fact.{fact}" for fact in FACTS),
    *(f"case.role.{role}" for role in ROLES),
    *(f"case.verdict.{verdict}" for verdict in VERDICTS),
    *(f"case.part.{part}" for part in PARTS),
    *(f"case.card.{card}" for card in ("expected", "effort", "a_day")),
    *ASKED_IDS,
    *NEXT_IDS,
)


def face(
    case: InternalCase, lang: str, day: dt.date, sender: str = "", heads: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """The texts of a case in the book's language.

    ``sender``: the team's name; ``heads``: what the book's own columns of the expected revenue and of the effort are
    called, which say whether it is a month's.
    """
    say = Voice(lang)
    return {
        "lang": lang,
        "partner": plain(case.partner, NAME_SHOWN),
        "sender": plain(sender, FACT_SHOWN),
        "date": day.isoformat(),
        "word": {word: say(f"case.word.{word}") for word in WORDS},
        "facts": _facts(case, say),
        "stages": _stages(case, say),
        "why": plain(case.why, WHY_SHOWN),
        "cards": _cards(case, heads, say),
        "ours": plain(case.our_benefit, BENEFIT_SHOWN),
        "theirs": plain(case.their_benefit, BENEFIT_SHOWN),
        "one_sided": say("case.one_sided") if case.lacks else "",
        "score": _score(case.score, say) if case.score else None,
        "no_score": "" if case.score else say("case.no_score"),
        "next": [say(step) for step in case.next],
        "roles": [say(f"case.role.{role}") for role in ROLES],
        "verdicts": [say(f"case.verdict.{verdict}") for verdict in VERDICTS],
        "approved": _approved(case, say),
    }


def _facts(case: InternalCase, say: Voice) -> list[dict[str, str]]:
    values = {name: plain(getattr(case, name), FACT_SHOWN) for name in FACTS[:-1]}
    values["stage"] = "" if case.rank is None else _stage(case.rank, say)
    if case.days is not None and values["stage"] and case.since is not None:
        values["stage"] = say("case.in_stage", stage=values["stage"], day=_day(case.since), days=case.days)
    return [{"name": say(f"case.fact.{name}"), "value": value} for name, value in values.items()]


def _stage(rank: int, say: Voice) -> str:
    if rank < len(STAGES):
        return say(f"funnel.step.partner{rank + 1}")
    return say("case.ended" if rank == ENDED else "view.partnerships.running")


def _stages(case: InternalCase, say: Voice) -> list[dict[str, Any]]:
    """The seven stages as steps, the one it stands in marked."""
    return [
        {
            "name": _stage(rank, say),
            "now": case.rank == rank,
            "done": case.rank is not None and rank < case.rank < ENDED,
        }
        for rank in range(len(STAGES))
    ]


def _cards(case: InternalCase, heads: tuple[str, str], say: Voice) -> list[dict[str, str]]:
    """Revenue, effort, and the one for the other; a blank value is written in by hand."""
    revenue, effort = (plain(head, FACT_SHOWN) for head in heads)
    a_day = case.a_day
    values = (
        ("expected", "" if case.expected is None else say("case.money", amount=money_text(case.expected)), revenue),
        ("effort", "" if case.effort is None else say("case.days", days=f"{case.effort:g}"), effort),
        ("a_day", "" if a_day is None else say("case.money", amount=money_text(a_day // 100 * 100)), say("case.a_day")),
    )
    return [{"name": say(f"case.card.{name}"), "value": value, "note": note} for name, value, note in values]


def _score(score: Score, say: Voice) -> dict[str, Any]:
    reasons = [say(reason) for reason in score.reasons]
    parts = [
        {"name": say(f"case.part.{part}"), "points": "–" if points is None else f"{points:g}", "most": str(most)}
        for part, points, most in ((part, None if p is None else round(p, 1), most) for part, p, most in score.parts)
    ]
    pilot = say("case.pilot") if score.pilot else ""
    return {
        "value": "–" if score.score is None else f"{score.score:.1f}",
        "place": say("case.place", place=score.place, of=score.of),
        "pilot": pilot,
        "parts": parts,
        "reasons": reasons[:REASONS_SHOWN] or [say("case.all_points")],
    }


def _approved(case: InternalCase, say: Voice) -> str:
    """What is on record of the final approval."""
    if not case.approved:
        return ""
    return say("case.approved") if case.approved_on is None else say("case.approved_on", day=_day(case.approved_on))


def _day(day: int) -> str:
    return date_of(day).isoformat()
