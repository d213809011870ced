"""Two linked factories: partners bring requests, requests become orders, and one side limits the whole (seed 004)."""

from __future__ import annotations

import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.constraint import Diagnosis, Step, diagnose
from addin.crm.factories import SIDES, WHY_IDS, Flow, factories, flow
from addin.i18n import LANGUAGES, known
from tests.unit.crm.conftest import frame_of

AS_OF = (minutes_of_text("2026-03-18") or 0) // DAY
LINK = Flow(active=10, requests=130, weeks=13)


def side(*counts: int, targets: dict[int, float] | None = None) -> Diagnosis:
    told = targets or {}
    return diagnose([Step(f"단계{i}", n, told.get(i), i in told) for i, n in enumerate(counts)])


def test_output_is_active_partners_times_requests_times_conversion() -> None:
    found = factories(side(100, 80), side(600, 300), LINK)
    assert (found.output, found.one_more) == (20, 2)


def test_the_side_whose_constraint_gains_most_limits_the_whole() -> None:
    weak, strong = side(100, 90, 18), side(600, 540, 270)
    assert factories(weak, strong, LINK).limit == "partner"
    assert factories(strong, weak, LINK).limit == "customer"


def test_a_target_of_the_team_is_the_reference_else_the_next_weakest_step() -> None:
    free = factories(side(100, 90), side(600, 480, 240), LINK).customer_lever
    aimed = factories(side(100, 90), side(600, 480, 240, targets={1: 0.7, 2: 0.6}), LINK).customer_lever
    assert free is not None
    assert aimed is not None
    assert (free.reference, aimed.reference) == (0.8, 0.6)


def test_a_gain_says_how_many_partners_it_is_worth() -> None:
    lever = factories(side(100, 90), side(600, 480, 240), LINK).customer_lever
    assert lever is not None
    assert lever.gain == pytest.approx(16 * (0.8 / 0.5 - 1))
    assert lever.partners == pytest.approx(lever.gain / 1.6)


def test_steps_after_the_order_do_not_count_unless_they_are_the_constraint() -> None:
    before = factories(side(100, 90), side(600, 60, 59), LINK, outcome=1)
    after = factories(side(100, 90), side(600, 590, 60), LINK, outcome=1)
    assert (before.end, after.end) == ("단계1", "단계2")


def test_without_a_constraint_on_one_side_nobody_says_which() -> None:
    found = factories(side(0, 0), side(600, 300), LINK)
    assert (found.limit, found.why.id) == (None, "factories.why.open")
    assert factories(side(100, 50), side(600, 300), Flow(0, 0, 0)).limit is None
    assert factories(side(100, 0), side(600, 0), LINK).limit is None


def test_a_small_sample_is_said_beside_the_verdict() -> None:
    (note,) = factories(side(20, 10), side(600, 540), LINK).notes
    assert note.id == "factories.why.unsure"


def test_active_are_the_partners_of_the_list_that_sent_a_request_in_closed_weeks() -> None:
    rows: list[tuple[str, str | None]] = [
        ("한빛", "2026-03-02"),
        ("한빛", "2026-03-10"),
        ("샛별", "2026-03-15"),
        ("샛별", "2026-03-17"),
    ]
    rows += [("모름", "2026-03-10"), ("한빛", None)]
    requests = frame_of([{"partner_key": name, "received_at": on} for name, on in rows])
    found = flow(requests, AS_OF, ["한빛", "샛별"])
    assert (found.active, found.requests, found.weeks) == (2, 3, 2)
    assert found.each == 3
    assert flow(requests.clear(), AS_OF, ["한빛"]) == Flow(0, 0, 0)
    assert flow(requests, AS_OF, []).each == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_in_the_catalogue(lang: str) -> None:
    ids = [*WHY_IDS, *(f"factories.side.{name}" for name in SIDES)]
    ids += [f"view.factories.lever.{name}" for name in ("one", *SIDES)]
    assert [id for id in ids if not known(id, lang)] == []
