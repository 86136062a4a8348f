"""Plots as SVG, both axes logarithmic, drawn by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import ceil, floor, log10

Series = Mapping[str, Sequence[tuple[int, float]]]

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 360, 300, 56, 40, 44
_INNER_WIDTH, _INNER_HEIGHT = _WIDTH - _LEFT - 16, _HEIGHT - _TOP - _BOTTOM
_COLOURS = {
    "Go engine": "#d1495b",
    "chartkit": "#00798c",
    "chartkit CLI": "#30638e",
    "render only": "#66a182",
    "helm": "#edae49",
    "grep": "#8d6a9f",
}
_STYLE = "text{font:11px sans-serif;fill:#333}.title{font-size:13px;font-weight:bold}.grid{stroke:#ddd}"


def growth_plot(panels: Mapping[str, Series]) -> str:
    """One panel beside the other, each with its own axes."""
    drawn = "".join(_panel(title, series, index * _WIDTH) for index, (title, series) in enumerate(panels.items()))
    names = list(dict.fromkeys(name for series in panels.values() for name in series))
    width, height = _WIDTH * len(panels), _HEIGHT + 28
    head = f'xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    background = f'<style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
    return f"<svg {head}>{background}{drawn}{_legend(names)}</svg>\n"


def _legend(names: Sequence[str]) -> str:
    parts = []
    for index, name in enumerate(names):
        x, y = _LEFT + index * 120, _HEIGHT + 12
        parts.append(f'<rect x="{x}" y="{y - 8}" width="10" height="10" fill="{_colour(name)}"/>')
        parts.append(f'<text x="{x + 15}" y="{y + 1}">{escape(name)}</text>')
    return "".join(parts)


def _colour(name: str) -> str:
    return _COLOURS.get(name, "#666")


def _panel(title: str, series: Series, left: int) -> str:
    points = [point for each in series.values() for point in each if point[1] > 0]
    if not points:
        return ""
    across = _Axis.around([point[0] for point in points], _INNER_WIDTH)
    up = _Axis.around([point[1] for point in points], _INNER_HEIGHT)
    parts = [f'<g transform="translate({left + _LEFT},{_TOP})">']
    parts.append(f'<text class="title" x="0" y="-16">ms by number of {escape(title)}</text>')
    parts += _grid(across, up)
    for name, pairs in series.items():
        places = [f"{across.at(x):.1f},{_INNER_HEIGHT - up.at(y):.1f}" for x, y in pairs if y > 0]
        parts.append(f'<polyline fill="none" stroke="{_colour(name)}" stroke-width="2" points="{" ".join(places)}"/>')
        for place in places:
            x, _, y = place.partition(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="2.5" fill="{_colour(name)}"/>')
    return "".join([*parts, "</g>"])


def _grid(across: _Axis, up: _Axis) -> Iterator[str]:
    for tick in across.ticks():
        x = f"{across.at(tick):.1f}"
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{_INNER_HEIGHT}"/>'
        yield f'<text x="{x}" y="{_INNER_HEIGHT + 16}" text-anchor="middle">{tick:g}</text>'
    for tick in up.ticks():
        y = f"{_INNER_HEIGHT - up.at(tick):.1f}"
        yield f'<line class="grid" x1="0" x2="{_INNER_WIDTH}" y1="{y}" y2="{y}"/>'
        yield f'<text x="-6" y="{y}" dy="4" text-anchor="end">{tick:g}</text>'


class _Axis:
    """A logarithmic axis from one power of ten to another."""

    def __init__(self, low: int, high: int, length: int) -> None:
        self.low, self.high, self.length = low, high, length

    @classmethod
    def around(cls, numbers: Sequence[float], length: int) -> _Axis:
        """An axis that has room for all the numbers."""
        low = floor(log10(min(numbers)))
        return cls(low, max(ceil(log10(max(numbers))), low + 1), length)

    def at(self, number: float) -> float:
        """How far along a number stands."""
        return (log10(number) - self.low) / (self.high - self.low) * self.length

    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self.low, self.high + 1)]
