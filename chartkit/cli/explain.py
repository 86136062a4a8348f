"""`chartkit explain`: which keys an image comes from, what else a key reaches, and which keys nothing reads.

| format | what it prints |
|---|---|
| text | for each part of an image the keys looked at, which one won, where each is written, and the template's lines |
| json | `{"images": [...], "unread": [...]}`, without `unread` if images are chosen, without `images` on `--unread` |

The fields are those of `explain_rows`. With `--key` the object has `key`, `read` (whether any template reads it),
`note` (what to say if none does), `held`, `shown`, `layer`, a place, and what the key reaches: `images`, each with the
parts it `supplies` and `decides`, and `fields`, lines of rendered files (`how`, `file`, `line`, `last_line`, `text`).

Without `--image`, `--resource` and `--key` all images are explained, and given keys that nothing reads are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note
from chartkit.cli.explain_rows import Places, Row, explained_row, places_of, reach_rows, told_value, unread_rows
from chartkit.cli.explain_text import as_text
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.other_inputs import OtherInputs, other_inputs, refuse_other_inputs
from chartkit.cli.pipeline import prepare, put
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.cli.tables import as_json
from chartkit.engine.trace import Trace
from chartkit.engine.unread import UnreadKey, known_keys, unread_keys
from chartkit.errors import InputError
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.images.explain import Part, shown_path
from chartkit.images.find import find_images
from chartkit.images.layers import layer_of
from chartkit.images.reach import PARTS, leads_to, reach
from chartkit.images.use import Certainty, ImageUse
from chartkit.oci.credential import MASK

_FORMATS: Final[dict[str, Callable[[Any], str]]] = {"text": as_text, "json": as_json}
_SELECTORS: Final = ("image", "resource", "key", "unread")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit explain`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    write = _FORMATS[_chosen(words, "format", tuple(_FORMATS), "text")]
    part = _chosen(words, "part", PARTS, "")
    given = [f"--{name}" for name in _SELECTORS if words.given.get(name)]
    if len(given) > 1:
        raise UsageError(f"one question at a time: {' and '.join(given)}")
    wanted = (cast(Part, part),) if part else PARTS
    other = other_inputs(words)
    if other is not None:
        refuse_other_inputs(words, ("key", "unread", "verbose"))
        put(write({"images": [explained_row(use, wanted, Places("", ())) for use in _chosen_others(words, other)]}))
        return CLEAN
    prepared = prepare(job_of(words, profile))
    trace = prepared.trace()
    for warning in trace.warnings:
        note(f"warning: {warning}")
    put(write(_content(words, trace, wanted, places_of(trace, prepared.job.chart))))
    return CLEAN


def _chosen(words: Words, flag: str, known: Sequence[str], default: str) -> str:
    name = words.text(flag, default)
    if name != default and name not in known:
        raise UsageError(f'unknown {flag} "{name}": must be one of {", ".join(known)}')
    return name


def _content(words: Words, trace: Trace, parts: Sequence[Part], places: Places) -> Row:
    if words.text("key"):
        return _key_content(trace, words.text("key"), places)
    unread = [key for key in unread_keys(trace) if words.switch("verbose") or not key.known]
    if words.switch("unread"):
        return {"unread": unread_rows(unread, places)}
    uses = _chosen_images(words, trace)
    content: Row = {"images": [explained_row(use, parts, places) for use in uses]}
    if not words.text("image") and not words.text("resource"):
        content["unread"] = unread_rows(unread, places)
    return content


def _chosen_images(words: Words, trace: Trace) -> list[ImageUse]:
    """The images that the flags choose; all that are at least likely without one.

    Raises:
        InputError: the flags choose none.
    """
    uses = [use for use in find_images(trace) if use.certainty >= Certainty.LIKELY]
    if words.text("image"):
        return _by_text(uses, words.text("image"))
    if words.text("resource"):
        return _by_resource(trace, uses, words.text("resource"))
    return uses


def _chosen_others(words: Words, other: OtherInputs) -> list[ImageUse]:
    """The images of what is no chart that the flags choose."""
    uses = [use for use in other.uses if use.certainty >= Certainty.LIKELY]
    if words.text("image"):
        return _by_text(uses, words.text("image"))
    if not words.text("resource"):
        return uses
    kind, _, name = words.text("resource").partition("/")
    found = [use for use in uses if (use.resource.kind.lower(), use.resource.name) == (kind.lower(), name)]
    if not found:
        holders = dict.fromkeys(f"{use.resource.kind}/{use.resource.name}".strip("/") for use in uses)
        raise InputError(f"nothing with an image is called {words.text('resource')}", hint=_advice("", [*holders], ()))
    return found


def _by_text(uses: Sequence[ImageUse], wanted: str) -> list[ImageUse]:
    """The images with a text in them, or in a container of that name."""
    found = [use for use in uses if wanted in use.text or (use.reference and wanted in use.reference.canonical())]
    found = found or [use for use in uses if use.container == wanted]
    if not found:
        names = [name for use in uses for name in (*use.text.replace(":", "/").split("/"), use.container)]
        raise InputError(f"no image has {wanted} in it", hint=_advice(wanted, [use.text for use in uses], names))
    return found


def _by_resource(trace: Trace, uses: Sequence[ImageUse], wanted: str) -> list[ImageUse]:
    """The images of an object, `KIND/NAME`."""
    if "/" not in wanted:
        raise UsageError(f"--resource wants KIND/NAME, such as Deployment/web, not {wanted}")
    kind, _, name = wanted.partition("/")
    key = (kind.lower(), name)
    found = [use for use in uses if (use.resource.kind.lower(), use.resource.name) == key]
    if found:
        return found
    assembled = trace.assembled
    heads = [each.head for each in (*assembled.manifests, *assembled.hooks)]
    if any((head.kind.lower(), head.name) == key for head in heads):
        raise InputError(f"{wanted} has no image")
    holders = list(dict.fromkeys(f"{use.resource.kind}/{use.resource.name}" for use in uses))
    raise InputError(f"nothing that is rendered is called {wanted}", hint=_advice(wanted, holders, holders))


def _key_content(trace: Trace, written: str, places: Places) -> Row:
    """What a key held, and what it reaches.

    Raises:
        InputError: the chart knows no such key.
    """
    key = written.removeprefix(".").removeprefix("Values.")
    lookups = {shown_path(lookup): lookup for lookup in trace.reads}
    is_read = any(leads_to(key, path) for path in lookups)
    if not is_read:
        note = _unread_note(trace, key)
        return {"key": key, "read": False, "note": note, "images": [], "fields": []}
    rows = reach_rows(reach(trace, find_images(trace), key))
    secrets = _secret_lines(trace)
    for row in rows["fields"]:
        if any(first <= row["line"] <= last for first, last in secrets.get(row["file"], ())):
            row["text"] = f"{row['text'].partition(':')[0]}: {MASK}"
    lookup = lookups.get(key)
    layer = None if lookup is None else layer_of(trace, lookup)
    return {
        "key": key,
        "read": True,
        "note": "",
        "held": lookup.held if lookup else None,
        "shown": _shown(key, lookup.value) if lookup else None,
        "layer": layer.name if layer else "",
        **places.row(layer.position if layer else None),
        **rows,
    }


def _secret_lines(trace: Trace) -> dict[str, list[tuple[int, int]]]:
    """By template the lines of rendered Secrets, whose text is not told: base64 hides nothing."""
    found: dict[str, list[tuple[int, int]]] = {}
    assembled = trace.assembled
    for each in (*assembled.manifests, *assembled.hooks):
        if each.head.kind == "Secret":
            first = trace.files[each.file].count("\n", 0, each.start) + 1
            found.setdefault(each.file, []).append((first, first + each.text.count("\n")))
    return found


def _shown(key: str, value: Any) -> str | None:
    return None if value is None or isinstance(value, (dict, list)) else told_value(key, sprint_value(value))


def _unread_note(trace: Trace, key: str) -> str:
    """What to say of a key that nothing reads."""
    unread: Iterable[UnreadKey] = unread_keys(trace)
    found = next((each for each in unread if leads_to(each.path, key)), None)
    if found is not None:
        return str(found)
    known = known_keys(trace)
    if any(leads_to(key, path) for path in known):
        return f"{key} is never read with these values"
    read = [shown_path(lookup) for lookup in trace.reads]
    raise InputError(f"the chart has no key {key}", hint=_advice(key, [], sorted({*known, *read})))


def _advice(wanted: str, shown: Sequence[str], near_to: Iterable[str]) -> str:
    """The nearest of some names; where none is near, those there are."""
    from difflib import get_close_matches

    near = get_close_matches(wanted, list(dict.fromkeys(near_to)), n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    return f"there are {', '.join(dict.fromkeys(shown))}" if shown else ""


COMMAND: Final = Command(
    name="explain",
    usage="[OPTIONS] [VALUES]...",
    help="Say where images come from: for each part the keys that were looked at, which one won, the file, line and "
    "layer that gives it, and the template that wrote it. With --key the other way round: what a key reaches. Without "
    "either, keys of the values that nothing reads are named as well.",
    flags=(
        Flag("image", "only images with this text in them, or of the container with this name", "text"),
        Flag("resource", "only images of one object: KIND/NAME", "text"),
        Flag("key", "the images and other rendered lines that a key of the values reaches", "text"),
        Flag("part", f"only one part of the image: {', '.join(PARTS)}", "text"),
        Flag("unread", "only the keys of values files and flags that nothing reads"),
        Flag("verbose", "name unread keys too that the chart knows and does not need with these values"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        *SUBJECT,
    ),
    run=run,
)
