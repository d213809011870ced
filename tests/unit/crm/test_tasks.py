"""Tasks stand in the order to do them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from addin.crm.calendar import DAY
from addin.crm.message import msg
from addin.crm.tasks import KINDS, Task, in_order

TODAY = 20_000


def due(kind: str, days: int, about: str = "가") -> Task:
    """A task due some days from today."""
    return Task(kind, about, (TODAY + days) * DAY, msg("x"))


def test_an_old_lost_reason_does_not_stand_before_todays_answer() -> None:
    found = in_order([due("lost_reason", -400), due("first_answer", 0), due("reproposal", -3)], TODAY)
    assert [task.kind for task in found] == ["first_answer", "reproposal", "lost_reason"]


def test_overdue_ones_stand_kind_by_kind_the_latest_first() -> None:
    found = in_order([due("silence", -9), due("lost_reason", -1), due("silence", -2)], TODAY)
    assert [(task.kind, task.due_day - TODAY) for task in found] == [
        ("silence", -2),
        ("silence", -9),
        ("lost_reason", -1),
    ]


def test_what_comes_stands_by_its_day() -> None:
    found = in_order([due("first_answer", 5), due("experiment", 1)], TODAY)
    assert [task.kind for task in found] == ["experiment", "first_answer"]


_TASKS = st.lists(st.builds(due, st.sampled_from(KINDS), st.integers(-3, 3), st.text("가나다", min_size=1, max_size=2)))


@given(_TASKS, st.randoms())
def test_the_order_is_the_same_however_the_tasks_were_found(tasks: list[Task], random: object) -> None:
    mixed = list(tasks)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = in_order(tasks, TODAY), in_order(mixed, TODAY)
    assert [task.id for task in first] == [task.id for task in second]
    assert len(first) == len(tasks)
