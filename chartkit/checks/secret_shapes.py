"""Lists of pull secrets in a form that Kubernetes refuses or passes over: CK129."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from chartkit.checks.blame import place_at
from chartkit.checks.finding import Severity
from chartkit.checks.pods import SECRETS_KEY, Object, objects
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Steps, Subject, value_at
from chartkit.manifests.podspec import pod_spec_path

_NAME: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LONGEST: Final = 253


def find_misshapen(subject: Subject) -> Iterator[Remark]:
    """CK129: `imagePullSecrets` of pods and service accounts that are not lists of `{name: ...}`."""
    for each in objects(subject.rendering):
        steps = _list_steps(each)
        listed = None if steps is None else value_at(each.data, steps)
        if steps is None or listed is None:
            continue
        for inner, message, severity in _faults(listed):
            where = (*each.steps, *steps, *inner)
            place = place_at(subject, each.manifest, where)
            text = f"{SECRETS_KEY} of {each.kind}/{each.name}: {message}"
            yield Remark(text, place.position, place.key, severity=severity, resource_file=each.manifest.file)


def _list_steps(each: Object) -> Steps | None:
    """The way to the list of pull secrets in an object that may have one."""
    if each.kind == "ServiceAccount":
        return (SECRETS_KEY,)
    way = pod_spec_path(str(each.data.get("apiVersion") or ""), each.kind)
    return None if way is None else (*way, SECRETS_KEY)


def _faults(listed: Any) -> Iterator[tuple[Steps, str, Severity | None]]:
    """The faults of a list: the way to each, what it is, and how bad it is where that is not an error."""
    if not isinstance(listed, list):
        yield (), f"it must be a list of {{name: ...}}, and is {_kind(listed)}", None
        return
    for index, item in enumerate(listed):
        if isinstance(item, Mapping):
            yield from (((index, *steps), message, level) for steps, message, level in _item_faults(item))
        elif isinstance(item, str):
            yield (index,), f"{item!r} must be written as {{name: {item}}}", None
        else:
            yield (index,), f"an item must be {{name: ...}}, and is {_kind(item)}", None


def _item_faults(item: Mapping[str, Any]) -> Iterator[tuple[Steps, str, Severity | None]]:
    name = item.get("name")
    if name is None or name == "":
        yield (), "an item has no name, and is passed over", Severity.WARNING
    elif not isinstance(name, str):
        yield ("name",), f"a name must be text in quotes, and is {_kind(name)}", None
    elif fault := _name_fault(name):
        yield ("name",), fault, None
    for key in item:
        if key == "namespace":
            yield (key,), "a pod takes Secrets of its own namespace only; namespace is left out", Severity.WARNING
        elif key != "name":
            yield (key,), f"{key} means nothing here, and is left out", Severity.WARNING


def _name_fault(name: str) -> str:
    if "\n" in name:
        shown = ", ".join(name.split())
        return f"the name has a line break, so that no Secret can have it: {shown}"
    if "/" in name:
        return f"{name!r}: a name has no namespace before it; a pod takes Secrets of its own namespace only"
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        return f"{name!r} can be no name of a Secret: small letters, digits, - and . are allowed"
    return ""


def _kind(value: Any) -> str:
    kinds = {dict: "a map", list: "a list", str: "a text", bool: "a truth value", type(None): "empty"}
    return kinds.get(type(value), "a number")


RULES: Final = (
    Rule(
        "CK129", "a list of pull secrets in a wrong form", Severity.ERROR,
        "Write imagePullSecrets as a list of {name: NAME}, with names of Secrets in the pod's own namespace.",
        "Kubernetes takes `imagePullSecrets: [{name: regcred}]`. Texts in the list, a map or a text in its place are "
        "refused, which fails the release. A name with a line break or a namespace fits no Secret, and keys beside "
        "name are left out without a word, so that the pull is anonymous.",
        check=find_misshapen,
    ),
)  # fmt: skip
"""The rules of this family."""
