"""Values that stand in each other's way: CK104, CK106 and CK107."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from chartkit.checks.finding import Severity
from chartkit.checks.image_parts import Part, image_parts
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject, dotted
from chartkit.images.policy import pull_policy
from chartkit.images.use import ImageUse
from chartkit.reference import ImageReference

_STAGE: Final = re.compile(r"(?:^|[^a-z])(?:(?P<dev>dev|develop|development)|(?P<prod>prod|production))(?![a-z])")


def find_shadowed(subject: Subject) -> Iterator[Remark]:
    """CK104: global values that a component's default keeps from having any effect there."""
    for part in image_parts(subject.effective, "registry", "tag", "policy"):
        if not _is_for_all(part) or not _text(part) or not subject.is_given(part.path):
            continue
        shadows = _shadows(subject, part)
        if shadows:
            named = ", ".join(f"{dotted(each.path)} ({each.value})" for each in shadows)
            key = dotted(part.path)
            message = f"{key} is {part.value}, yet the render has the chart's default of {named}"
            fix = f"Set {shadows[0].path[-1]} there, or set it to an empty text so that the global value counts."
            yield Remark(message, subject.position(part.path), key, fix=fix)


def _shadows(subject: Subject, part: Part) -> list[Part]:
    """The defaults of components that differ from a global value and are in the render.

    Subcharts have versions of their own.
    """
    subcharts = {chart.name for chart in subject.chart.dependencies} if part.part == "tag" else set()
    return [
        other
        for other in image_parts(subject.effective, part.part)
        if not other.is_global
        and other.path[0] not in subcharts
        and _text(other)
        and other.value != part.value
        and not subject.is_given(other.path)
        and any(_has(use, other) for use in subject.likely)
    ]


def _is_for_all(part: Part) -> bool:
    """Whether a key is global and of no single component: `global.image.tag`, `global.imageTag`."""
    return part.is_global and (len(part.path) == 2 or (len(part.path) == 3 and part.path[1] in ("image", "images")))


def _has(use: ImageUse, part: Part) -> bool:
    """Whether an image has a value of one of its parts."""
    if part.part == "policy":
        policy = pull_policy(use)
        return policy is not None and policy.name == part.value
    if part.part == "registry":
        return use.text.startswith(f"{part.value}/")
    return use.reference is not None and use.reference.tag == part.value


def _text(part: Part) -> str:
    return part.value if isinstance(part.value, str) else ""


def find_mixed(subject: Subject) -> Iterator[Remark]:
    """CK106: images from other registries although a global one is set."""
    for part in image_parts(subject.effective, "registry"):
        if not _is_for_all(part) or not _text(part):
            continue
        others = [use for use in subject.likely if use.reference and not _is_from(use.reference, _text(part))]
        if others and len({use.reference.registry for use in subject.likely if use.reference}) > 1:
            named = ", ".join(dict.fromkeys(use.text for use in others))
            key = dotted(part.path)
            message = f"{key} is {part.value}, and {len(others)} of {len(subject.likely)} images are not from there: "
            yield Remark(message + named, subject.position(part.path), key)


def _is_from(reference: ImageReference, registry: str) -> bool:
    return f"{reference.name}/".startswith(f"{registry.strip('/')}/")


def find_shared(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Remark]]:
    """CK107: a target for development and one for production that pull the same thing from the same place."""
    stages = [(stage_of(subject), subject) for subject in subjects]
    for stage, development in stages:
        for other, production in stages:
            if stage == "dev" and other == "prod" and development.chart.name == production.chart.name:
                message = _shared(development, production)
                if message:
                    yield production, Remark(message)


def stage_of(subject: Subject) -> str:
    """`dev` or `prod`, by the target's name or else by those of the values files; empty for neither."""
    for name in (subject.target, *(layer.name for layer in subject.values.layers)):
        found = _STAGE.search(name.rpartition("/")[2].lower())
        if found:
            return "dev" if found["dev"] else "prod"
    return ""


def _shared(development: Subject, production: Subject) -> str:
    """What two targets have in common; empty if they keep apart both the place and the version."""
    ours, theirs = _references(development), _references(production)
    places = {_place(each) for each in ours} & {_place(each) for each in theirs}
    tags = {each.tag for each in ours if each.tag} & {each.tag for each in theirs}
    said = [f"{word} {', '.join(sorted(found))}" for word, found in (("registry", places), ("tag", tags)) if found]
    return f"development and production share {' and '.join(said)}" if said else ""


def _references(subject: Subject) -> list[ImageReference]:
    return [use.reference for use in subject.likely if use.reference]


def _place(reference: ImageReference) -> str:
    return reference.name.rpartition("/")[0]


RULES: Final = (
    Rule(
        "CK104", "a global value that a component's default hides", Severity.WARNING,
        "Set the component's key, or set it to an empty text so that the global value counts.",
        "In many charts the component's own key counts before the global one. If the chart's default fills it, the "
        "global value has no effect there and nothing says so. The rule goes by the render: it tells only of "
        "defaults that the manifests really have.\n\n"
        "    global: {image: {pullPolicy: Always}}     and rendered is IfNotPresent",
        check=find_shadowed,
    ),
    Rule(
        "CK106", "images from several registries although a global one is set", Severity.WARNING,
        "Set the registry of the images named, or take the global one away if the mix is meant.",
        "A global registry is mostly set to have all images from one place: a mirror, or a cluster without the "
        "internet. An image that it does not reach fails to be pulled there.",
        check=find_mixed,
    ),
    Rule(
        "CK107", "development and production share a registry path or a tag", Severity.INFO,
        "Keep them apart: another path (registry/dev, registry/prod) and fixed versions in production.",
        "When both pull the same tag from the same path, a push for development reaches production. Targets are told "
        "apart by dev and prod in their names or in those of their values files.",
        check_all=find_shared,
    ),
)  # fmt: skip
"""The rules of this family."""
