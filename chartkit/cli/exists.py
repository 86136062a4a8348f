"""`chartkit exists`: ask the registries whether every image is there.

| answer | meaning | exit code |
|---|---|---|
| found | the manifest is there, for all platforms wanted | 0 |
| platform-missing | it is there, but not for all platforms wanted | 1 |
| unknown-repository, unknown-image | the registry has no such repository, tag or digest | 1 |
| invalid | what stands in the manifests is no image reference | 1 |
| wrong-password, expired-token, login-needed, denied | the registry does not let in who asks | 3 |
| unreachable, rate-limited, failed | there is no answer, or none that helps | 3 |

The worst of all images counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS, note, tell
from chartkit.cli.exits import NETWORK as NETWORK_FAILED
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.images import SELECTION, read_selection
from chartkit.cli.network import JOBS, PLATFORM, open_client, read_jobs, read_platforms
from chartkit.cli.pipeline import prepare, put
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.cli.tables import Row, as_columns, as_csv, as_json, as_markdown, as_yaml
from chartkit.profile import Profile
from chartkit.reference import ImageReference, InvalidReference

if TYPE_CHECKING:
    from chartkit.oci.manifest import Platform
    from chartkit.oci.probe import Outcome

_FIELDS: Final = ("image", "canonical", "answer", "digest", "platforms", "missing_platforms", "reason", "hint")
_TITLES: Final = ("image", "answer", "digest", "platforms", "reason")
_PLATFORM_MISSING: Final = "platform-missing"
_INVALID: Final = "invalid"
_FINDINGS: Final = frozenset(["unknown-repository", "unknown-image", _PLATFORM_MISSING, _INVALID])


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit exists`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    write = _chosen_format(words)
    wanted, jobs = read_platforms(words), read_jobs(words)
    rows = [_row(text, wanted) for text in _images(words, profile)]
    _ask(rows, words, wanted, jobs)
    put(write({"images": rows}))
    for hint in dict.fromkeys(row["hint"] for row in rows if row["hint"]):
        tell(f"hint: {hint}")
    return max((_exit_code(row["answer"]) for row in rows), default=CLEAN)


def _images(words: Words, profile: Profile) -> Iterable[str]:
    """The images to ask for, each once: those of `--image`, those of the render, or both."""
    named = words.texts("image")
    rendered: list[str] = []
    if not named or words.others or any(words.given.get(flag) for flag in ("chart", "target", "values")):
        from chartkit.images.find import find_images

        selection = read_selection(words)
        rendering = prepare(job_of(words, profile)).render()
        for warning in rendering.warnings:
            note(f"warning: {warning}")
        rendered = [use.text for use in find_images(rendering) if selection.accepts(use)]
    return dict.fromkeys([*named, *rendered])


def _row(text: str, wanted: Sequence[Platform]) -> Row:
    """What is known of an image before anyone is asked."""
    row: Row = dict.fromkeys(_FIELDS, "")
    row |= {"image": text, "platforms": [], "missing_platforms": [str(each) for each in wanted]}
    try:
        row["canonical"] = ImageReference.parse(text).canonical()
    except InvalidReference as fault:
        row |= {"answer": _INVALID, "reason": str(fault)}
    return row


def _ask(rows: Sequence[Row], words: Words, wanted: Sequence[Platform], jobs: int) -> None:
    """Ask the registries, for each image once however it is written."""
    from chartkit.oci.crew import do_all
    from chartkit.oci.probe import probe

    canonical = list(dict.fromkeys(row["canonical"] for row in rows if row["canonical"]))
    client = open_client(words)
    with_platforms = bool(wanted) or not words.switch("head-only")

    def asking(text: str) -> Callable[[], Outcome]:
        return lambda: probe(client, ImageReference.parse(text), platforms=with_platforms)

    outcomes = dict(zip(canonical, do_all([asking(text) for text in canonical], jobs), strict=True))
    for row in rows:
        if row["canonical"]:
            row |= _answer(outcomes[row["canonical"]], wanted)


def _answer(outcome: Outcome, wanted: Sequence[Platform]) -> Row:
    missing = [each for each in wanted if not any(known.fits(each) for known in outcome.platforms)]
    answer, reason = str(outcome.answer), outcome.reason
    if outcome.digest and missing:
        answer, reason = _PLATFORM_MISSING, f"not for {', '.join(map(str, missing))}"
    return {
        "answer": answer,
        "digest": outcome.digest,
        "platforms": [str(each) for each in outcome.platforms],
        "missing_platforms": [str(each) for each in missing],
        # The image stands beside it already.
        "reason": reason.removeprefix(f"{outcome.subject}: "),
        "hint": outcome.hint,
    }


def _exit_code(answer: str) -> int:
    if answer == "found":
        return CLEAN
    return FINDINGS if answer in _FINDINGS else NETWORK_FAILED


def _chosen_format(words: Words) -> Callable[[dict[str, list[Row]]], str]:
    name = words.text("format", "text")
    if name not in _FORMATS:
        raise UsageError(f'unknown format "{name}": must be one of {", ".join(_FORMATS)}')
    return _FORMATS[name]


def _cells(content: dict[str, list[Row]]) -> list[list[str]]:
    return [
        [row["image"] or '""', row["answer"], row["digest"], " ".join(row["platforms"]), row["reason"]]
        for row in content["images"]
    ]


_FORMATS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "text": lambda content: as_columns(_cells(content)),
    "json": as_json,
    "yaml": as_yaml,
    "csv": lambda content: as_csv(content["images"], _FIELDS),
    "markdown": lambda content: as_markdown(_cells(content), _TITLES),
}

COMMAND: Final = Command(
    name="exists",
    usage="[OPTIONS] [VALUES]...",
    help="Ask the registries whether every image that values files give is there, and for which platforms. A wrong "
    "password, an expired token, an unknown image and a host that cannot be reached are told apart.",
    flags=(
        Flag("image", "ask for this image, with no chart or beside it", "repeated"),
        Flag("head-only", "ask for digests only: fewer requests, and no pulls by Docker Hub's count"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        Flag(PLATFORM.name, "each image must run on these: linux/amd64, arm64, linux/arm/v7, ...", PLATFORM.kind),
        JOBS,
        *SELECTION,
        *SUBJECT,
    ),
    run=run,
)
