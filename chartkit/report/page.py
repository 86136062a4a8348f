"""The report as one page that needs nothing else: the one door to jinja2.

Whatever comes from charts and values is escaped, and the page forbids itself all scripts and styles but its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

import jinja2
from markupsafe import Markup, escape

from chartkit.report.legible import legible
from chartkit.report.model import Image, Page

_DIGEST_SHOWN: Final = 12
_BREAKS: Final = "/:@,"
_STANDINGS: Final = {
    "elsewhere": "not expected",
    "allowed": "allowed",
    "expected": "expected",
}


def page_text(page: Page) -> str:
    """The page."""
    style, script = _read("page.css"), _read("page.js")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalized,
    )
    environment.filters |= {"breakable": breakable, "short_digest": short_digest, "plural": plural}
    template = environment.get_template("page.html")
    return template.render(
        page=page,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        standings=_STANDINGS,
        segments=segments,
        searched=searched,
        grouped=partial(grouped, page),
        fails=lambda image: sum(page.findings[number - 1].fails for number in image.findings),
        has_targets=any(render.target for render in page.renders),
    )


def breakable(text: str) -> Markup:
    """A path or an image that may be broken into lines behind its slashes and colons, a host behind its dots."""
    shown: list[Markup] = []
    start = 0
    breaks = _BREAKS if "/" in text else f"{_BREAKS}."
    for end, character in enumerate(text, 1):
        # A line number or a tag stays with what it belongs to.
        if character in breaks and not text[end : end + 1].isdigit():
            shown.append(escape(legible(text[start:end])))
            start = end
    shown.append(escape(legible(text[start:])))
    return Markup("<wbr>").join(each for each in shown if each)


def short_digest(digest: str) -> str:
    """The algorithm and the first digits of a digest."""
    algorithm, _, digits = digest.partition(":")
    return f"{algorithm}:{digits[:_DIGEST_SHOWN]}…" if digits else ""


def plural(count: int, noun: str) -> str:
    """A number of things: `1 image`, `2 images`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else many}"


def segments(image: Image) -> Iterable[tuple[str, str]]:
    """The image's text cut into its parts, each with its name; what stands between them has none."""
    rest, found = image.text, []
    for part in image.parts:
        before, match, after = rest.partition(part.text) if part.text else (rest, "", rest)
        if not match:
            continue
        found += [("", before), (part.name, match)]
        rest = after
    return [(name, text) for name, text in (*found, ("", rest)) if text]


def searched(image: Image) -> str:
    """What a search finds an image by, beside what its row shows: its whole text and its keys."""
    keys = (step.path for part in image.parts for step in part.steps)
    return " ".join(dict.fromkeys((image.text, image.name, image.digest, *keys)))


def grouped(page: Page, numbers: Iterable[int]) -> Iterable[tuple[str, list[int]]]:
    """Images by their texts: each text once, with the numbers of the images that have it."""
    found: dict[str, list[int]] = {}
    for number in numbers:
        found.setdefault(page.images[number - 1].text, []).append(number)
    return found.items()


def _finalized(value: Any) -> Any:
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(style: str, script: str) -> str:
    """What the page may do: run the script and use the styles that it brings along, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _read(name: str) -> str:
    return (files("chartkit.report") / "templates" / name).read_text(encoding="utf-8")
