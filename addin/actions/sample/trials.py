"""The demo's list of experiments: what the team has tried against its weakest step, one judged, the others not yet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from addin.actions.sample import clerk

HEADERS: Final = (
    "실험번호|center|10; 병목 단계|center|14; 원인|text|30; 해결책|text|34; 시작일|day|12; 종료일|day|12; "
    "전|percent|8; 후|percent|8; 판정|center|10"
)
#: Step, cause, solution, days ago it began and ended, what the team counted before and after, its verdict.
_Line = tuple[str, str, str, int, int | None, float | None, float | None, str]
TRIALS: Final[tuple[_Line, ...]] = (
    ("견적→수주", "견적만 보내고 연락이 없음", "견적 24시간 뒤 전화, 두 번째 안 제시", 220, 165, 0.45, 0.56, "확대"),
    ("접수→확인", "퇴근 뒤 접수는 다음 날 확인", "당번이 저녁 9시까지 전화로 확인", 95, 54, None, None, ""),
    ("견적→수주", "가격표가 길어 비교가 어려움", "한 장짜리 표준 견적서와 A/S 조건", 42, None, None, None, ""),
)


def rows(as_of: dt.date) -> list[list[clerk.Cell]]:
    """The list's rows, the oldest first."""
    lines: list[list[clerk.Cell]] = []
    for n, (step, cause, solution, began, over, before, after, verdict) in enumerate(TRIALS, 1):
        start = as_of - dt.timedelta(began)
        end = as_of - dt.timedelta(over) if over is not None else None
        lines.append([f"E-{n:02d}", step, cause, solution, start, end, before, after, verdict or None])
    return lines
