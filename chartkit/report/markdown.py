"""The report as Markdown, for the description of a change or a comment on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from chartkit.checks.format_markdown import cell, code
from chartkit.report.legible import legible
from chartkit.report.model import Changed, Giver, Image, Page, Part, Registry, Render, Step, Told

_LIMIT: Final = 60_000
"""Forges take about 65,000 characters in a comment."""
_MARKS: Final = {"passed": "✅", "failed": "❌", "broken": "⚠️"}
_SEVERITIES: Final = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}
_TONES: Final = {"good": "✅", "watch": "⚠️", "bad": "❌", "plain": ""}
_STANDINGS: Final = {"elsewhere": "❌ ", "allowed": "⚠️ ", "expected": "", "any": ""}
_ROWS: Final = (10_000, 100, 40, 15)
"""How many rows of each table are printed: the first of these numbers that leaves the whole within the limit."""


def markdown_text(page: Page) -> str:
    """The report; where it is too long for a comment, what comes last is left out, and counted."""
    head = tail = ""
    for rows in _ROWS:
        head = "".join((*_head(page), *_findings(page, rows), *_images(page, rows)))
        tail = "".join((*_registries(page, rows), *_pulls(page, rows), *_comparison(page, rows), _foot(page)))
        if len(head) + len(tail) <= _LIMIT:
            break
    return f"{head}{''.join(_ways(page, _LIMIT - len(head) - len(tail)))}{tail}"


def _head(page: Page) -> Iterator[str]:
    verdict = page.verdict
    yield f"## {_MARKS[verdict.state]} {cell(legible(verdict.headline))}\n\n"
    for render in page.renders:
        yield f"- {_about(render)}\n"
    yield from (f"- {cell(caution)}\n" for caution in verdict.cautions)


def _about(render: Render) -> str:
    chart = f"{render.chart} {render.version}".strip() or render.subject
    values = " with " + ", ".join(map(_code, render.values)) if render.values else ""
    expect = ", expected from " + ", ".join(map(_code, render.expect)) if render.expect else ""
    flags = ", flags " + ", ".join(map(_code, render.flags)) if render.flags else ""
    target = f"**{cell(render.target)}**: " if render.target else ""
    failure = f": {cell(legible(render.failure))}" if render.failure else ""
    return f"{target}{_code(chart)}{values}: {cell(render.outcome)}{expect}{flags}{failure}"


def _findings(page: Page, most: int) -> Iterator[str]:
    if page.findings:
        yield f"\n### Findings: {len(page.findings)}\n\n"
        yield from _table(most, ("", "rule", "place", "what"), (_finding(each) for each in page.findings))


def _finding(told: Told) -> Sequence[str]:
    more = f" and {len(told.where) - 1} more" if len(told.where) > 1 else ""
    about = [told.message, f"in {told.where[0]}{more}" if told.where else "", told.fix]
    what = "<br>".join(cell(legible(text)) for text in about if text)
    return f"{_SEVERITIES[told.severity]} {told.severity}", told.rule, _code(told.spot), what


def _images(page: Page, most: int) -> Iterator[str]:
    yield f"\n### Images: {len(page.images)}\n\n"
    has_targets = any(render.target for render in page.renders)
    titles = (*(("target",) if has_targets else ()), "image", "where", "certainty", "findings")
    yield from _table(most, titles, (_image(page, each, has_targets=has_targets) for each in page.images))


def _image(page: Page, image: Image, *, has_targets: bool) -> Sequence[str]:
    found = dict.fromkeys(page.findings[number - 1].rule for number in image.findings)
    row = [f"{_STANDINGS[image.standing]}{_code(image.text)}", cell(_where(image)), image.certainty, ", ".join(found)]
    return [cell(image.target), *row] if has_targets else row


def _where(image: Image) -> str:
    place = image.place if image.place != "pod" else ""
    container = f"container {image.container}" if image.container else ""
    return legible(", ".join(filter(None, (image.workload, container, place))))


def _ways(page: Page, room: int) -> Iterator[str]:
    """The way of each image, folded, as far as there is room."""
    if page.images:
        yield "\n### Why each image\n\n"
    for done, image in enumerate(page.images):
        text = _way(image)
        room -= len(text)
        if room < 0:
            left = len(page.images) - done
            yield f"The ways of {left} more image{'' if left == 1 else 's'} are left out here: there are too many.\n"
            return
        yield text


def _way(image: Image) -> str:
    summary = f"<code>{escape(legible(image.text))}</code>, {escape(_where(image))}"
    parts = "".join(f"- **{part.name}**: {_part(part)}\n" for part in image.parts)
    end = f"- in the {'manifest' if image.is_rendered else 'file'}: {_code(str(image.spot))}\n"
    return f"<details><summary>{summary}</summary>\n\n{parts}{end}\n</details>\n"


def _part(part: Part) -> str:
    steps = " → ".join(map(_step, part.steps))
    written = f"; written by {_code(str(part.written[0].spot))}" if part.written else ""
    return f"{_code(part.text) or 'none'}{': ' if steps else ''}{steps}{written}"


def _step(step: Step) -> str:
    if step.outcome == "template":
        return "the template's own text"
    held = {"unset": "unset", "empty": "empty"}.get(step.outcome) or (_code(step.shown) if step.shown else "set")
    place = _code(str(step.spot)) if step.spot.file else cell(step.layer)
    won = ", **won**" if step.outcome == "won" else ""
    return f"{_code(step.path)} {held}{f' ({place})' if place else ''}{won}"


def _registries(page: Page, most: int) -> Iterator[str]:
    if page.registries:
        yield "\n### Images by registry\n\n"
        yield from _table(most, ("registry", "images", "places"), map(_registry, page.registries))


def _registry(registry: Registry) -> Sequence[str]:
    return f"{_STANDINGS[registry.standing]}{_code(registry.name)}", str(registry.images), str(registry.places)


def _pulls(page: Page, most: int) -> Iterator[str]:
    if not page.pulls:
        return
    yield "\n### Pull secrets\n\n"
    rows = (
        (
            cell(legible(", ".join(filter(None, (each.target, each.workload, each.container))))),
            _code(each.image),
            cell(", ".join(each.secrets)),
            f"{_TONES[each.tone]} {cell(f'{each.said}: {each.reason}' if each.reason else each.said)}".strip(),
        )
        for each in page.pulls
    )
    yield from _table(most, ("pod", "image", "secret", "verdict"), rows)


def _comparison(page: Page, most: int) -> Iterator[str]:
    both = page.comparison
    if both is None:
        return
    yield f"\n### Changes against {_code(both.before)}: {len(both.changes)}\n\n"
    if not both.changes:
        yield "No image changes.\n"
        return
    yield from _table(most, ("change", "before", "after", "where"), map(_changed, both.changes))


def _changed(change: Changed) -> Sequence[str]:
    return (
        change.kind,
        _side(change.before, change.before_by),
        _side(change.after, change.after_by),
        cell(", ".join(change.where)),
    )


def _side(image: str, givers: Iterable[Giver]) -> str:
    by = (f"{each.part}: {_code(each.key)} {_code(str(each.spot))}".strip() for each in givers if each.key)
    return "<br>".join((_code(image), *by)) if image else ""


def _foot(page: Page) -> str:
    made = f", {page.made}" if page.made else ""
    return f"\nMade by chartkit {page.chartkit}, rendered as Helm {page.helm} does{made}.\n"


def _table(most: int, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}\n"
    lines = list(rows)
    yield from (f"| {' | '.join(line)} |\n" for line in lines[:most])
    if len(lines) > most:
        yield f"\nand {len(lines) - most} more\n"


def _code(text: str) -> str:
    return code(legible(text))
