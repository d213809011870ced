"""``danggol customers``: the cases worth showing and whom to offer more; what the tabs ``CRM_사례``, ``CRM_단골`` and
``CRM_수익`` show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from addin.actions.customers import case_cell, cases_of, regulars_of
from addin.actions.dates import parse_day
from addin.actions.progress import Step, quiet
from addin.actions.textual import number, percent, table
from addin.actions.workspace import open_workspace
from addin.crm.best_cases import BestCases, Case
from addin.crm.calendar import date_of
from addin.crm.up_sell import Candidate, UpSell
from addin.crm.users import is_other
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(slots=True)
class CustomerList:
    """The cases with their cells (``접수!H12``), up-selling, and the names of its candidates; ``known``: whether the
    requests tell their customers apart."""

    cases: BestCases = field(default_factory=BestCases)
    links: list[str] = field(default_factory=list)
    upsell: UpSell = field(default_factory=UpSell)
    names: dict[str, str] = field(default_factory=dict)
    as_of: dt.date | None = None
    known: bool = True

    def to_json(self) -> dict[str, Any]:
        """``cases``: one object each · ``upsell``: the whole, each service, each candidate. Money in whole units."""
        found = self.upsell
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "cases": [_case(case, link) for case, link in zip(self.cases.cases, self.links, strict=True)],
            "upsell": {
                "could": found.could,
                "did": found.did,
                "rate": found.rate,
                "small_sample": found.few,
                "share": found.share,
                "services": [
                    {
                        "service": one.service,
                        "could": one.could,
                        "did": one.did,
                        "rate": one.rate,
                        "small_sample": one.few,
                        "more": None if one.more is None else one.more / 100,
                        "candidates": one.candidates,
                    }
                    for one in found.services
                ],
                "candidates": [
                    {
                        "customer": self.names[key],
                        "service": one.service,
                        "orders": one.orders,
                        "usual": one.usual / 100,
                        "others_usual": one.theirs / 100,
                        "others": one.others,
                        "reason": say(one.why),
                    }
                    for key, one in found.candidates.items()
                ],
            },
        }


def _case(case: Case, link: str) -> dict[str, Any]:
    return {
        "kind": case.kind,
        "of": case.of,
        "request_id": case.request or None,
        "customer": case.customer or None,
        "user": _user(case) or None,
        "partner": case.partner or None,
        "service": case.service or None,
        "persona": case.persona or None,
        "done": date_of(case.day).isoformat(),
        "satisfaction": case.satisfaction,
        "scale": case.scale or None,
        "score": case.score,
        "reasons": [say(reason) for reason in case.reasons],
        "link": link,
        "photos": list(case.photos),
    }


def _user(case: Case) -> str:
    return case.user if case.user and is_other(case.user, case.customer) else ""


def customers_of(book: Path, *, as_of: str | None = None, maps: Sequence[str] = (), step: Step = quiet) -> CustomerList:
    """The cases and the up-selling of a book as of a day; nothing is written."""
    from addin.actions.results import results_of
    from addin.crm.people import shown, told_apart

    day = parse_day(as_of, "--as-of")
    workspace = open_workspace(book, maps=maps, step=step)
    results = results_of(workspace, as_of=day, step=step)
    found, _ = regulars_of(workspace, results)
    if found is None:
        known = results.resolved.requests is not None and told_apart(results.measures.tally.requests())
        return CustomerList(as_of=results.as_of, known=known)
    cases = cases_of(results, workspace, found)
    wanted = found.lines.filter(found.lines["customer"].is_in([*found.upsell.candidates]))
    named = shown(wanted, results.measures.tally.requests())
    return CustomerList(
        cases,
        [f"{case.sheet}!{case_cell(workspace, case)}" for case in cases.cases],
        found.upsell,
        dict(named.select("customer", "name").iter_rows()),
        results.as_of,
    )


def show_customers(result: CustomerList) -> str:
    """The cases, up-selling by service, the candidates with their reasons."""
    if not result.known:
        return say("show.customers.nobody") + "\n"
    out = [_shown_cases(result), _shown_upsell(result)]
    if result.as_of:
        out.append(say("view.as_of", day=result.as_of.isoformat()) + "\n")
    return "\n".join(out)


def _shown_cases(result: CustomerList) -> str:
    if not result.cases.cases:
        return say("show.customers.no_cases") + "\n"
    lines = [
        [
            case.of,
            case.customer,
            _user(case),
            case.partner,
            date_of(case.day).isoformat(),
            number(case.score),
            " · ".join(say(reason) for reason in case.reasons),
            link,
        ]
        for case, link in zip(result.cases.cases, result.links, strict=True)
    ]
    heads = [say(f"show.h.{name}") for name in ("of", "customer", "user")]
    heads += [say(f"view.cases.h.{name}") for name in ("partner", "day", "score", "why", "link")]
    return say("show.customers.cases") + "\n" + table(heads, lines, right=[5])


def _shown_upsell(result: CustomerList) -> str:
    found = result.upsell
    if not found.services:
        return say("show.customers.no_upsell") + "\n"
    rows = [
        [
            one.service,
            number(one.could),
            number(one.did),
            "–" if one.rate is None else percent(one.rate) + (f" ({say('view.flag.small_sample')})" if one.few else ""),
            number(one.candidates),
        ]
        for one in found.services
    ]
    heads = [say(f"show.h.{name}") for name in ("of", "could", "did", "rate", "candidates")]
    text = say("show.customers.upsell", could=found.could, did=found.did) + "\n" + table(heads, rows, right=[1, 2, 4])
    if found.candidates:
        told: list[tuple[str, Candidate]] = [(result.names[key], one) for key, one in found.candidates.items()]
        text += "\n" + say("show.customers.candidates") + "\n"
        text += "".join(f"- {name}: {say(one.why)}\n" for name, one in told)
    return text
