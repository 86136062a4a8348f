"""Whether pods have the credentials for their images: CK120, CK121, CK125 and CK127."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chartkit.checks.blame import Place, place_of
from chartkit.checks.coverage import Coverage, Verdict, coverages
from chartkit.checks.finding import Severity
from chartkit.checks.image_parts import image_parts
from chartkit.checks.pods import pull_names
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Steps, Subject, dotted, value_at
from chartkit.images.use import ImageUse
from chartkit.reference import DEFAULT_REGISTRY


def find_uncovered(subject: Subject) -> Iterator[Remark]:
    """CK120: images that may need credentials, in pods whose pull secrets have none for them."""
    can_be_named = _has_secret_keys(subject)
    for each in coverages(subject):
        if each.verdict is not Verdict.UNCOVERED or each.is_broken:
            continue
        place = place_of(subject, each.use, "registry", "repository")
        if each.names.names:
            yield uncovered(subject, each)
        elif can_be_named and not _is_published(subject, place):
            message = f"{each.use.text} is not on a public registry, and {each.reason}"
            yield Remark(message, place.position, place.key, each.use, severity=Severity.WARNING)


def uncovered(subject: Subject, coverage: Coverage) -> Remark:
    """What is said of an image that is surely pulled without the credentials it needs."""
    use = coverage.use
    place = place_of(subject, use, "registry", "repository")
    lost = _lost_names(subject, coverage)
    fix = f"{lost} does not reach the pod: name the secret where the chart reads it." if lost else ""
    return Remark(f"{use.text} needs credentials, and {coverage.reason}", place.position, place.key, use, fix)


def _lost_names(subject: Subject, coverage: Coverage) -> str:
    """The list of secrets in the values whose names the pod does not have."""
    for part in image_parts(subject.effective, "secrets"):
        items = part.value if isinstance(part.value, list) else []
        names = [str(item.get("name")) if isinstance(item, Mapping) else str(item) for item in items]
        # Another component's list is not meant for this pod.
        if names and part.is_global and not set(names) & set(coverage.names.names):
            return f"{dotted(part.path)} ({', '.join(names)})"
    return ""


def find_impossible(subject: Subject) -> Iterator[Remark]:
    """CK125: images that may need credentials, in a chart that gives no way to name pull secrets."""
    if _has_secret_keys(subject):
        return
    for each in coverages(subject):
        if each.verdict is not Verdict.UNCOVERED or each.names.names:
            continue
        use, place = each.use, place_of(subject, each.use, "registry", "repository")
        if not _is_published(subject, place):
            message = f"{use.text} may need credentials, and no value of the chart gives its pod a pull secret"
            yield Remark(message, place.position, place.key, use)


def _is_published(subject: Subject, place: Place) -> bool:
    """Whether it is the chart, and not the user, that names the registry: what charts name is mostly for everybody."""
    given = {layer.source.name for layer in subject.values.layers}
    return bool(given) and place.position is not None and place.position.source.name not in given


def _has_secret_keys(subject: Subject) -> bool:
    return any(True for _ in _secret_keys(subject.effective))


def _secret_keys(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if "pullsecret" in key.lower() or key == "imageCredentials":
                yield key
            yield from _secret_keys(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _secret_keys(value)


def find_rivals(subject: Subject) -> Iterator[Remark]:
    """CK121: several ways of naming pull secrets at once."""
    active = _active_ways(subject.effective)
    if len(active) < 2:
        return
    used = dict.fromkeys(name for use in subject.likely if (found := pull_names(use, subject)) for name in found.names)
    ways = ", ".join(dotted(path) for path in active)
    winner = f"the pods name {', '.join(used)}" if used else "the pods name none"
    position = next(filter(None, (subject.position(path) for path in active)), None)
    yield Remark(f"several ways to pull secrets are set: {ways}; {winner}", position, dotted(active[0]))


def _active_ways(values: Mapping[str, Any]) -> list[Steps]:
    """The keys of the ways that are in use: lists of names, which only add to each other, and the managed ones."""
    lists = [part.path for part in image_parts(values, "secrets") if part.value and isinstance(part.value, list)]
    managed: list[Steps] = []
    if values.get("existingImagePullSecret"):
        managed.append(("existingImagePullSecret",))
    if value_at(values, ("customImagePullSecrets", "enabled")) is True:
        managed.append(("customImagePullSecrets",))
    credentials = values.get("imageCredentials")
    if isinstance(credentials, Mapping) and credentials.get("enabled", True) is True and _is_usable(credentials):
        managed.append(("imageCredentials",))
    return [*lists[:1], *managed]


def _is_usable(credentials: Mapping[str, Any]) -> bool:
    return bool(credentials.get("username")) and bool(credentials.get("password"))


def find_anonymous(subject: Subject) -> Iterator[Remark]:
    """CK127: images of Docker Hub that are pulled without credentials."""
    anonymous = [each.use for each in coverages(subject) if each.verdict is Verdict.ANONYMOUS and _is_hub(each.use)]
    if anonymous:
        named = ", ".join(dict.fromkeys(use.text for use in anonymous))
        use = anonymous[0]
        place = place_of(subject, use, "registry", "repository")
        yield Remark(f"pulled from Docker Hub without credentials: {named}", place.position, place.key, use)


def _is_hub(use: ImageUse) -> bool:
    return use.reference is not None and use.reference.registry == DEFAULT_REGISTRY


RULES: Final = (
    Rule(
        "CK120", "an image without the credentials that it needs", Severity.ERROR,
        "Name a pull secret that covers the registry, or render one with it.",
        "A pod's pull secrets must hold a key under auths that fits the image. An error is told when all secrets that "
        "the pod names are rendered here and none fits; secrets that exist elsewhere cannot be looked into and count "
        "as fine. A pod that names none, for an image that is on no public registry, is a warning: the nodes may have "
        "credentials of their own.",
        check=find_uncovered,
    ),
    Rule(
        "CK121", "several ways to pull secrets at once", Severity.INFO,
        "Keep one of them.",
        "Charts that know several ways mostly use the first that is set and leave the others without effect. The "
        "finding names what the rendered pods really use.",
        check=find_rivals,
    ),
    Rule(
        "CK125", "no way to give an image a pull secret", Severity.WARNING,
        "Add the secret to the pod's service account, or patch the pod after rendering.",
        "The chart has no value that reaches imagePullSecrets, so that a private registry works only through the "
        "service account or through credentials on the nodes.",
        check=find_impossible,
    ),
    Rule(
        "CK127", "Docker Hub without credentials", Severity.INFO,
        "Name a pull secret for https://index.docker.io/v1/, or set a registry that mirrors Docker Hub.",
        "Docker Hub limits anonymous pulls by address. A cluster behind one address reaches the limit soon, and pods "
        "then stay in ImagePullBackOff.",
        check=find_anonymous,
    ),
)  # fmt: skip
"""The rules of this family."""
