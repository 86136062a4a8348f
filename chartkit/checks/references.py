"""What a registry and a repository may look like: CK112, CK113 and CK114."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chartkit.checks.blame import place_of
from chartkit.checks.finding import Severity
from chartkit.checks.image_parts import Part, image_parts
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject, dotted
from chartkit.checks.tags import find_digest_tags, find_short_digests
from chartkit.images.providers import provider_of
from chartkit.images.use import ImageUse

_HOST: Final = re.compile(r"(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}|[a-z0-9.-]+:\d+)")
_OPEN: Final = re.compile(r"\{\{|\$\{|\$\(|\[\[")
_RULE_PREFIX: Final = "CK112: "


def find_lookalikes(subject: Subject) -> Iterator[Remark]:
    """CK112: hosts that are nearly those of a known registry."""
    seen: set[str] = set()
    for part in image_parts(subject.effective, "registry"):
        host = part.value.partition("/")[0] if isinstance(part.value, str) else ""
        if host and host not in seen and subject.is_given(part.path):
            seen.add(host)
            for text in _suspicions(host):
                yield Remark(text, subject.position(part.path), dotted(part.path))
    for use in subject.likely:
        host = use.reference.registry if use.reference and use.reference.parts.registry else ""
        if host and host not in seen:
            seen.add(host)
            place = place_of(subject, use, "registry", "repository")
            for text in _suspicions(host):
                yield Remark(text, place.position, place.key, use)


def _suspicions(host: str) -> list[str]:
    return [text.removeprefix(_RULE_PREFIX) for text in provider_of(host).suspicion]


def find_malformed(subject: Subject) -> Iterator[Remark]:
    """CK113: texts that are no image references, by the value that makes them so where one can be told."""
    invalid = _invalid(subject)
    culprits = [
        (part, fault)
        for part in image_parts(subject.effective, "registry", "repository", "tag")
        if (fault := fault_of(part)) and _is_seen(part, subject, invalid)
    ]
    for part, fault in culprits:
        key = dotted(part.path)
        uses = [use for use in invalid if str(part.value) in use.text]
        shown = f": {uses[0].text} is no image reference" if uses else ""
        yield Remark(f"{key} {fault}{shown}", subject.position(part.path), key, uses[0] if uses else None)
    blamed = [str(part.value) for part, _ in culprits]
    for use in invalid:
        if not any(value in use.text for value in blamed):
            place = place_of(subject, use, "repository", "registry", "tag")
            yield Remark(_invalid_message(use), place.position, place.key, use)


def _invalid(subject: Subject) -> list[ImageUse]:
    """The images that are no references, but for those that the rules for digests tell of."""
    told = {id(remark.use) for find in (find_digest_tags, find_short_digests) for remark in find(subject)}
    return [
        use for use in subject.likely if use.reference is None and id(use) not in told and not _is_others_template(use)
    ]


def _is_others_template(use: ImageUse) -> bool:
    """Whether a text outside pods has a part that another program fills in, as workflows have them."""
    return use.place != "pod" and _OPEN.search(use.text) is not None


def _is_seen(part: Part, subject: Subject, invalid: list[ImageUse]) -> bool:
    """Whether a faulty value does harm: it is in an image; where nothing could be rendered, the user gave it."""
    if subject.rendering is None:
        return subject.is_given(part.path)
    return any(str(part.value) in use.text for use in invalid)


def fault_of(part: Part) -> str:
    """What is wrong with a registry, repository or tag; empty if nothing is."""
    text = part.value
    if not isinstance(text, str) or not text:
        return ""
    if re.search(r"\s", text):
        return "has a blank"
    if "://" in text:
        return f"has the scheme {text.partition('://')[0]}://"
    if part.part == "tag":
        return ""
    if text.endswith("/"):
        return "has a slash at its end"
    return _repository_fault(text) if part.part == "repository" else _registry_fault(text)


def _registry_fault(text: str) -> str:
    return "has upper-case letters" if text.partition("/")[2] != text.partition("/")[2].lower() else ""


def _repository_fault(text: str) -> str:
    path = text.partition("/")[2] if _HOST.fullmatch(text.partition("/")[0]) else text
    if ":" in path.partition("@")[0]:
        return f"has a tag in it ({text.rpartition(':')[2]})"
    return "has upper-case letters" if path != path.lower() else ""


def _invalid_message(use: ImageUse) -> str:
    reason = use.fault
    if use.text.startswith(":") or not use.text:
        reason = "the repository is empty"
    elif use.text.startswith("/"):
        reason = "the registry before the slash is empty"
    elif use.text.endswith(":"):
        reason = "the tag behind the colon is empty"
    return f"{use.text or 'an empty text'} is no image reference: {reason}"


def find_doubled(subject: Subject) -> Iterator[Remark]:
    """CK114: a registry in front of a repository that names one already."""
    full = [
        part
        for part in image_parts(subject.effective, "repository")
        if isinstance(part.value, str) and "/" in part.value and _HOST.fullmatch(part.value.partition("/")[0])
    ]
    for use in subject.likely:
        if use.reference is None or use.reference.parts.registry is None:
            continue
        for part in full:
            if f"/{part.value}" in use.text:
                key = dotted(part.path)
                message = (
                    f"{use.text} names two registries: {use.reference.registry} is put before {key}, which begins "
                    f"with {part.value.partition('/')[0]}"
                )
                yield Remark(message, subject.position(part.path), key, use)
                break


RULES: Final = (
    Rule(
        "CK112", "a host that is nearly that of a known registry", Severity.WARNING,
        "Check the host against the registry's own pages.",
        "Images are asked of a host that does not exist, or is somebody else's: azurecr.com for azurecr.io, quay.com "
        "for quay.io, an Amazon account with too few digits (real ones have 12).\n\n"
        "    registry: 123456.dkr.ecr.us-east-1.amazonaws.com        found\n"
        "    registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com  fine",
        check=find_lookalikes,
    ),
    Rule(
        "CK113", "a text that is no image reference", Severity.ERROR,
        "Write the registry as host[:port][/path] without scheme and slash at its end, the repository in lower case "
        "and without tag.",
        "Kubernetes refuses the pod's image with InvalidImageName. Usual causes: a scheme (https://), a slash at the "
        "end of the registry, a blank, upper case in the repository, a tag in the repository beside the tag of its "
        "own, or an empty repository.\n\n"
        "    registry: https://registry.example.com/      found\n"
        "    registry: registry.example.com               fine",
        check=find_malformed,
    ),
    Rule(
        "CK114", "two registries in one image", Severity.WARNING,
        "Leave the registry empty for this image, or take the host out of the repository.",
        "The grammar allows a.example.com/b.example.com/app, so nothing refuses it; but a.example.com is asked for a "
        "repository named b.example.com/app, which is there only if a.example.com is a mirror laid out so.\n\n"
        "    global: {image: {registry: a.example.com}}\n"
        "    server: {image: {repository: b.example.com/app}}     found",
        check=find_doubled,
    ),
)  # fmt: skip
"""The rules of this family."""
