"""Charts as SVG: small, the same in HTML and PDF, told by shape as well as colour, one text of numbers and weeks only.

The picture is 340 units wide so that its letters stay readable on a phone; wider pages put two side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

WIDTH, HEIGHT = 340, 138
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 34, 10, 20
#: Okabe–Ito, as in the workbook's own charts.
INK, PALE, GRID, LINE, SIGNAL, GOAL = "#262626", "#595959", "#D5D9DE", "#0072B2", "#D55E00", "#00664A"
_FONT: Final = "Pretendard, 'Malgun Gothic', 'Apple SD Gothic Neo', 'Noto Sans KR', sans-serif"


def control_chart(
    values: Sequence[float | None],
    labels: Sequence[str],
    *,
    title: str,
    share: bool = True,
    mean: float | None = None,
    limits: tuple[float, float] | None = None,
    target: float | None = None,
    signals: Collection[int] = (),
) -> str:
    """A line of weeks with its mean (solid), process limits (dashed), target (dotted green) and signals (diamonds).

    ``values`` None is a week without a case: the line breaks there. Limits beyond what can be (below 0, over 100 %)
    are not drawn. ``labels`` are the weeks, shown at the first, middle and last. ``title`` is read out by a screen
    reader, ``signals`` the places of the points that are no noise.

    >>> svg = control_chart([0.5, None, 0.9], ["W1", "W2", "W3"], title="10분 확인율", target=0.9)
    >>> svg.count("<circle"), "stroke-dasharray" in svg
    (2, True)
    """
    top, bottom = _scale(values, limits, target, mean, share=share)
    across = (WIDTH - _LEFT - _RIGHT) / max(len(values) - 1, 1)

    def x(i: int) -> float:
        return _LEFT + i * across

    def y(value: float) -> float:
        return _TOP + (top - value) / (top - bottom) * (HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" font-family="{_FONT}" font-size="10"><title>{escape(title)}</title>'
    ]
    end = WIDTH - _RIGHT
    for tick in _ticks(bottom, top):
        parts.append(f'<path d="M{_LEFT} {_n(y(tick))}H{end}" stroke="{GRID}" fill="none"/>')
        parts.append(_text(_LEFT - 4, y(tick) + 3.5, _label(tick, share), "end", PALE))
    if limits is not None:
        parts += [_line(y(limit), end, PALE, "5 3") for limit in limits if bottom <= limit <= top]
    if mean is not None:
        parts.append(_line(y(mean), end, PALE, ""))
        parts.append(_text(end + 3, y(mean) + 3.5, _label(mean, share), "start", PALE))
    if target is not None and bottom <= target <= top:
        parts.append(_line(y(target), end, GOAL, "1.5 2.5"))
        if mean is None or abs(y(mean) - y(target)) > 11:
            parts.append(_text(end + 3, y(target) + 3.5, _label(target, share), "start", GOAL))
    parts += [f'<path d="{d}" stroke="{LINE}" stroke-width="1.6" fill="none"/>' for d in _strokes(values, x, y)]
    for i, value in enumerate(values):
        if value is None:
            continue
        if i in signals:
            cx, cy = x(i), y(value)
            d = f"M{_n(cx)} {_n(cy - 5)}L{_n(cx + 5)} {_n(cy)}L{_n(cx)} {_n(cy + 5)}L{_n(cx - 5)} {_n(cy)}Z"
            parts.append(f'<path d="{d}" fill="{SIGNAL}" stroke="#FFFFFF"/>')
        else:
            parts.append(f'<circle cx="{_n(x(i))}" cy="{_n(y(value))}" r="2.2" fill="{LINE}"/>')
    places = dict.fromkeys((0, (len(values) - 1) // 2, len(values) - 1)) if values else {}
    for i in places:
        anchor = "start" if i == 0 and len(values) > 1 else "end" if i == len(values) - 1 and i else "middle"
        parts.append(_text(x(i), HEIGHT - 6, labels[i], anchor, PALE))
    return "".join(parts) + "</svg>"


def _scale(
    values: Sequence[float | None],
    limits: tuple[float, float] | None,
    target: float | None,
    mean: float | None,
    *,
    share: bool,
) -> tuple[float, float]:
    """Top and bottom: a share is 0 to 100 % (more only where it is more), a count begins at 0."""
    seen = [v for v in values if v is not None] + [v for v in (target, mean) if v is not None]
    if share:
        return max([1.0, *seen]), 0.0
    highest = max([*seen, *((limits[1],) if limits else ()), 1.0])
    step = _nice(highest / 4)
    return step * -(-highest // step), 0.0


def _ticks(bottom: float, top: float) -> list[float]:
    step = 0.5 if top <= 1 else _nice((top - bottom) / 4) if top > 2 else 0.5
    count = int((top - bottom) / step + 1e-9)
    return [bottom + step * i for i in range(count + 1)]


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …"""
    size = 1.0
    while True:
        for factor in (1, 2, 5):
            if factor * size >= step:
                return factor * size
        size *= 10


def _strokes(values: Sequence[float | None], x: Callable[[int], float], y: Callable[[float], float]) -> list[str]:
    """The line's pieces between weeks without a case; a lone point has none."""
    pieces: list[list[str]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{_n(x(i))} {_n(y(value))}")
    return ["M" + "L".join(piece) for piece in pieces if len(piece) > 1]


def _line(at: float, end: float, color: str, dash: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{_LEFT} {_n(at)}H{_n(end)}" stroke="{color}" fill="none"{dashed}/>'


def _text(x: float, y: float, text: str, anchor: str, color: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{color}">{escape(text)}</text>'


def _label(value: float, share: bool) -> str:
    return f"{value * 100:.0f}%" if share else f"{value:.1f}".removesuffix(".0")


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
