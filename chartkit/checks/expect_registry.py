"""Whether all images come from where they should: what `verify-images` asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final, Literal

from chartkit.checks.blame import place_of
from chartkit.checks.finding import Severity
from chartkit.checks.levels import Levels, finding_of
from chartkit.checks.registry_pattern import Pattern
from chartkit.checks.report import Outcome, Report
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject
from chartkit.images.use import Certainty, ImageUse
from chartkit.record import dataclass
from chartkit.reference import ImageReference

_ELSEWHERE: Final = Rule(
    "CK001", "an image from a registry that is not expected", Severity.ERROR,
    "Set the registry of this image, or allow it with --allow.",
    "`chartkit verify-images --expect REGISTRY[/PATH]` compares whole parts of the canonical name: gcr.io/my-project "
    "accepts gcr.io/my-project/x and not gcr.io/my-project2/x, and nginx is docker.io/library/nginx. Checked are all "
    "containers, hooks and tests, volumes, custom resources, arguments, variables and embedded documents in which an "
    "image is certain or likely.",
)  # fmt: skip
_NUMBER: Final = Rule(
    "CK002", "another number of images than expected", Severity.ERROR,
    "Look at the list that `chartkit images` prints; say --count 0 if no image is right.",
    "A chart that renders no image at all passes every other check, mostly because a switch turned everything off. So "
    "none is a finding unless --count 0 says that it is meant; --count N holds the number against N.",
)  # fmt: skip
INVALID: Final = Rule(
    "CK003", "a text in an image's place that is no image reference", Severity.ERROR,
    "Correct the values that it is put together from; `chartkit lint` says which.",
    "What is no reference is from no registry, so that it cannot be from the right one. Kubernetes refuses it with "
    "InvalidImageName; usual causes are an empty repository, a scheme, or a digest where the tag belongs.",
)  # fmt: skip
"""A text in an image's place that is none."""
_REFUSED: Final = Rule(
    "CK004", "a chart that refused its values, and was rendered all the same", Severity.ERROR,
    "Give the value that the chart asks for.",
    "With --lenient a call of `required` or `fail` does not end the render. What is rendered then is not what Helm "
    "would install, so each refusal is a finding.",
)  # fmt: skip

BROKEN: Final = Rule(
    "CK005", "a chart that cannot be loaded or rendered", Severity.ERROR,
    "Correct what the message says; `chartkit render` shows the same failure with the way to it.",
    "Nothing can be said about the images of a chart that does not render, so that this is no finding like others: the "
    "exit code is 2, not 1.",
)  # fmt: skip
"""A failure in the form of a rule, for the formats that machines read."""

RULES: Final = (_ELSEWHERE, _NUMBER, INVALID, _REFUSED, BROKEN)
"""What `verify-images` can find."""

Standing = Literal["any", "expected", "allowed", "elsewhere"]

CERTAINTIES: Final = ("certain", "likely", "possible")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of the images of a chart.

    Attributes:
        registries: where they must come from; empty if anywhere.
        allow: images that are fine all the same.
        count: how many must be from there.
        fail_on: how sure it must be that something is an image, for it to count.
    """

    registries: tuple[Pattern, ...] = ()
    allow: tuple[Pattern, ...] = ()
    count: int | None = None
    fail_on: Certainty = Certainty.LIKELY


def verify(subject: Subject, expectation: Expectation, levels: Levels, refusals: Sequence[str] = ()) -> Report:
    """Whether the images of a subject are as expected.

    Args:
        subject: what is checked; it must have been rendered.
        expectation: what is expected.
        levels: how bad findings are.
        refusals: what the chart said against its values, if it was rendered all the same.
    """
    uses = [use for use in subject.images if use.certainty >= expectation.fail_on]
    remarks = [(_REFUSED, Remark(f"the chart refuses its values: {text}")) for text in refusals]
    remarks += _strangers(subject, uses, expectation)
    allowed = [use for use in uses if _fits(use, expectation.allow) and not _is_expected(use, expectation)]
    matching = sum(_is_expected(use, expectation) for use in uses)
    remarks += _miscount(len(uses), matching, expectation)
    findings = (finding_of(rule, remark, subject, levels) for rule, remark in remarks)
    aside = f" ({len(allowed)} allowed)" if allowed else ""
    text = f"{matching + len(allowed)}/{len(uses)} images match{aside}"
    told = tuple(finding for finding in findings if not levels.skips(finding))
    return Report(told, (Outcome(subject.target, text),))


def standing(use: ImageUse, expectation: Expectation) -> Standing:
    """Whether an image comes from where it should, is allowed all the same, or comes from elsewhere."""
    if not expectation.registries:
        return "any"
    if _is_expected(use, expectation):
        return "expected"
    return "allowed" if _fits(use, expectation.allow) else "elsewhere"


def _is_expected(use: ImageUse, expectation: Expectation) -> bool:
    return use.reference is not None and (not expectation.registries or _fits(use, expectation.registries))


def _fits(use: ImageUse, patterns: Sequence[Pattern]) -> bool:
    if use.reference is None:
        return any(fnmatchcase(use.text, pattern.text) for pattern in patterns)
    return any(pattern.fits(use.reference) for pattern in patterns)


def _strangers(subject: Subject, uses: Sequence[ImageUse], expectation: Expectation) -> Iterator[tuple[Rule, Remark]]:
    for use in uses:
        if use.reference is None and not _fits(use, expectation.allow):
            place = place_of(subject, use, "repository", "registry", "tag")
            message = f"{use.text} is no image reference: {use.fault}"
            yield INVALID, Remark(message, place.position, place.key, use)
        elif use.reference and not _is_expected(use, expectation) and not _fits(use, expectation.allow):
            place = place_of(subject, use, "registry", "repository")
            wanted = " or ".join(pattern.text for pattern in expectation.registries)
            message = f"{use.text} is from {_origin(use.reference, expectation)}, expected is {wanted}"
            keys = " or ".join(place.unset) or place.key or "its registry"
            fix = f"Set {keys}, or allow it with --allow {use.reference.name}."
            yield _ELSEWHERE, Remark(message, place.position, place.key, use, fix)


def _origin(reference: ImageReference, expectation: Expectation) -> str:
    """Where an image is from: its registry, or as much of the path as tells it from what is expected."""
    is_close = any(pattern.components[0] == reference.registry for pattern in expectation.registries)
    return reference.name.rpartition("/")[0] if is_close else reference.registry


def _miscount(total: int, matching: int, expectation: Expectation) -> Iterator[tuple[Rule, Remark]]:
    if expectation.count is None:
        if not total:
            yield _NUMBER, Remark("the chart renders no image at all")
    elif matching != expectation.count:
        yield _NUMBER, Remark(f"{matching} images match, and {expectation.count} are expected")
