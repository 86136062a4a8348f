"""Tags and digests: CK101, CK102, CK103, CK105 and CK115."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from chartkit.checks.blame import place_of
from chartkit.checks.finding import Severity
from chartkit.checks.image_parts import image_parts
from chartkit.checks.positions import position_in
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject, dotted
from chartkit.gotemplate.gofloat import format_float
from chartkit.images.judge import is_version
from chartkit.images.policy import pull_policy
from chartkit.images.use import ImageUse
from chartkit.reference import ImageReference
from chartkit.source import Position

LATEST: Final = "latest"
_ALWAYS: Final = "Always"
_IF_NOT_PRESENT: Final = "IfNotPresent"
_MOVING: Final = frozenset(
    ("latest", "main", "master", "edge", "stable", "nightly", "canary", "dev", "develop", "head", "snapshot")
)
_DIGEST_AS_TAG: Final = re.compile(r":(?P<digest>(?:sha256|sha384|sha512):[^@]*)$")
_DIGEST: Final = re.compile(r"[:@](?P<algorithm>sha256|sha384|sha512):(?P<digits>[^@]*)$")
_LONE_AT: Final = re.compile(r"@(?![a-z0-9]+[:+._-])|@.*@|:@|@$")
_LENGTHS: Final = {"sha256": 64, "sha384": 96, "sha512": 128}
_PLAIN: Final = re.compile(r"[^\s,\]}#]+")
_WRITTEN_AS: Final = (
    (bool, "true or false"), (int, "a number"), (float, "a number"), (list, "a list"),
)  # fmt: skip


def find_moving(subject: Subject) -> Iterator[Remark]:
    """CK101: images whose tag is `latest`, or that have neither tag nor digest."""
    for use in subject.likely:
        reference = use.reference
        if reference is None or reference.digest or reference.tag not in ("", LATEST):
            continue
        problem = "has the tag latest" if reference.tag else "has neither tag nor digest, which means latest"
        place = place_of(subject, use, "tag", "repository")
        yield Remark(f"{use.text} {problem}", place.position, place.key, use)


def find_digest_tags(subject: Subject) -> Iterator[Remark]:
    """CK102: a digest where the tag belongs."""
    for use, message in _ill_digests(subject):
        if message:
            place = _digest_place(subject, use)
            yield Remark(message, place[0], place[1], use)


def _ill_digests(subject: Subject) -> Iterator[tuple[ImageUse, str]]:
    for use in subject.likely:
        if use.reference is not None:
            continue
        found = _DIGEST_AS_TAG.search(use.text)
        if found:
            yield use, f"{use.text} has a digest after a colon, where a tag belongs: it is no image reference"
        elif _LONE_AT.search(use.text):
            yield use, f"{use.text} has an @ that no digest follows: it is no image reference"


def find_short_digests(subject: Subject) -> Iterator[Remark]:
    """CK103: digests that are too short, too long, or not hexadecimal."""
    for use in subject.likely:
        found = _DIGEST.search(use.text)
        if not found:
            continue
        digits, wanted = found["digits"], _LENGTHS[found["algorithm"]]
        if not re.fullmatch(rf"[0-9a-f]{{{wanted}}}", digits):
            shown = digits if len(digits) <= 16 else f"{digits[:12]}..."
            message = f"the digest {found['algorithm']}:{shown} does not have {wanted} lower-case hexadecimal digits"
            position, key = _digest_place(subject, use)
            yield Remark(message, position, key, use)


def _digest_place(subject: Subject, use: ImageUse) -> tuple[Position | None, str]:
    """The key of a digest: the only value that holds it, and of several the one that the image is from."""
    digest = re.split("[@:]", use.text)[-1] or "@"
    holders = {
        dotted(part.path): part.path
        for part in image_parts(subject.effective, "tag", "digest", "repository")
        if isinstance(part.value, str) and digest in part.value
    }
    if len(holders) > 1 and subject.explain is not None:
        known = {key.path for key in subject.explain(use, "").keys}
        holders = {key: path for key, path in holders.items() if key in known}
    if len(holders) == 1:
        ((key, path),) = holders.items()
        return subject.position(path), key
    place = place_of(subject, use, "digest", "tag")
    return place.position, place.key


def find_policies(subject: Subject) -> Iterator[Remark]:
    """CK105: pull policies that do not go with what is pulled."""
    for use in subject.likely:
        policy = pull_policy(use)
        if use.reference is None or policy is None:
            continue
        place = place_of(subject, use, "tag")
        if policy.name == _IF_NOT_PRESENT and _moves(use.reference):
            message = f"{use.text} moves, and {_IF_NOT_PRESENT} keeps whatever a node has of it"
            yield Remark(message, place.position, place.key, use)
        elif policy.name == _ALWAYS and _is_fixed(use.reference):
            message = f"{use.text} never changes: {_ALWAYS} only makes each start wait for the registry"
            fix = "Use IfNotPresent."
            yield Remark(message, place.position, place.key, use, fix, Severity.INFO)


def _moves(reference: ImageReference) -> bool:
    return not reference.digest and (not reference.tag or reference.tag.lower() in _MOVING)


def _is_fixed(reference: ImageReference) -> bool:
    return bool(reference.digest) or (is_version(reference.tag) and not _moves(reference))


def find_untyped(subject: Subject) -> Iterator[Remark]:
    """CK115: tags that YAML reads as something else than text."""
    for layer in subject.layers:
        for part in image_parts(layer.data, "tag", "registry", "repository", "digest"):
            position = position_in(layer, part.path)
            problem = _problem(part.part, part.value, position)
            if problem:
                key = dotted(part.path)
                yield Remark(f"{key} is {problem}", position, key, fix=_typed_fix(part.part, part.value, position))


def _problem(part: str, value: Any, position: Position | None) -> str:
    written = _written(position)
    kind = next((words for type_, words in _WRITTEN_AS if isinstance(value, type_)), "")
    if not kind:
        is_date = part == "tag" and isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d?-\d\d?", written)
        return f"a date ({written}), not a text" if is_date else ""
    if isinstance(value, list):
        return f"{kind}, not a text"
    becomes = format_float(value) if isinstance(value, float) else str(value).lower()
    change = f", and most charts print it as {becomes}" if written and becomes != written else ""
    return f"{kind} ({written or becomes}), not a text{change}"


def _typed_fix(part: str, value: Any, position: Position | None) -> str:
    if isinstance(value, list):
        return f"Write one {part} as text."
    if position is not None and position.source.name.startswith("--"):
        return "Use --set-string."
    return f'Quote it: {part}: "{_written(position) or value}"'


def _written(position: Position | None) -> str:
    """A plain scalar as it is written; empty where it is quoted or not known."""
    if position is None:
        return ""
    found = _PLAIN.match(position.source.text, position.offset)
    return found[0] if found and found[0][0] not in "\"'&*!|>[{" else ""


RULES: Final = (
    Rule(
        "CK101", "an image that moves: tag latest, or no tag at all", Severity.WARNING,
        "Pin a version, or better a digest: 5.2.42@sha256:<64 hex digits>.",
        "What a tag such as latest stands for changes without a change of yours: two nodes may run two versions, a "
        "rollback may bring the same image again, and nobody can tell what ran. Without tag and digest, latest is "
        "meant.\n\n"
        "    tag: latest        found\n"
        "    tag: \"5.2.42\"      fine",
        check=find_moving, in_production=Severity.ERROR,
    ),
    Rule(
        "CK102", "a digest where the tag belongs", Severity.ERROR,
        "Write the tag before the digest, 5.2.42@sha256:<64 hex digits>, or use the chart's digest key if it has one.",
        "Most charts join repository and tag with a colon. A tag that begins with sha256: then gives "
        "repository:sha256:..., which no container runtime accepts: the pod ends in InvalidImageName.\n\n"
        "    tag: sha256:9f86...            found, gives app:sha256:9f86...\n"
        "    tag: 5.2.42@sha256:9f86...     fine, gives app:5.2.42@sha256:9f86...",
        check=find_digest_tags,
    ),
    Rule(
        "CK103", "a digest of the wrong length", Severity.ERROR,
        "Copy the whole digest: sha256: and 64 hexadecimal digits in lower case.",
        "A digest names content by its whole hash. A shortened one, as guides print it (sha256:abc123...), names "
        "nothing, and the reference is invalid.",
        check=find_short_digests,
    ),
    Rule(
        "CK105", "a pull policy that does not go with the tag", Severity.WARNING,
        "Pin the version, or set the pull policy to Always.",
        "A moving tag with IfNotPresent leaves each node with what it pulled first. A fixed version or digest with "
        "Always asks the registry at every start for what cannot have changed; when the registry is down, pods do not "
        "start. The latter is told as information only.",
        check=find_policies,
    ),
    Rule(
        "CK115", "a tag that YAML does not read as text", Severity.WARNING,
        "Quote the value.",
        "Without quotes 1.10 is the number 1.1, 1e3 is 1000, 0123 may be octal, and 2024-01-31 is a date. The chart "
        "then asks for a version that was never made; a schema may refuse the value. A registry that is a list is "
        "printed as [a b].\n\n"
        "    tag: 1.10          found, becomes 1.1\n"
        "    tag: \"1.10\"        fine",
        check=find_untyped,
    ),
)  # fmt: skip
"""The rules of this family."""
