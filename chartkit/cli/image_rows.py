"""Images as rows of plain values, which every format prints alike.

| field | what it is |
|---|---|
| image | the image as it is written |
| canonical | registry and `library/` filled in; empty where the text is no reference |
| registry, repository, tag, digest | its parts; a tag is never made up |
| kind, name, namespace | the object it belongs to |
| container | the container |
| place | `pod`, `volume`, `args`, `env`, `custom resource`, `embedded`, `annotation` or `chart annotation` |
| certainty | `certain`, `likely` or `possible` |
| file, line | the rendered template, and the line in it |
| pointer | the JSON pointer in the document; after a `#` those in the YAML or JSON inside a text |
| events | the hook events, where it is a hook |
| fault | why the text is no reference |
| keys | with `--keys`: the keys that supply its characters, in their order; `Chart.appVersion` is one too |
| policy | with `--policy`: when the container's image is pulled; `policy_default` if Kubernetes fills that in |
| check | with `--check-commands`: a command that asks the registry for it |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from chartkit.images.use import ImageUse

Row = dict[str, Any]

FIELDS: Final = (
    *("image", "canonical", "registry", "repository", "tag", "digest", "kind", "name", "namespace", "container"),
    *("place", "certainty", "file", "line", "pointer", "events", "fault"),
)
"""The fields of every row, in their order."""

_NO_PARTS: Final = {"canonical": "", "registry": "", "repository": "", "tag": "", "digest": ""}


def image_row(use: ImageUse, more: Iterable[str] = ()) -> Row:
    """The row of an image.

    Args:
        use: the image.
        more: what is wanted beside `FIELDS`: `keys` (of images found in a trace), `policy`, `check`.
    """
    position = use.position
    row = {
        "image": use.text,
        **_parts(use),
        "kind": use.resource.kind,
        "name": use.resource.name,
        "namespace": use.resource.namespace,
        "container": use.container,
        "place": use.place,
        "certainty": str(use.certainty),
        "file": use.manifest.file,
        "line": position.line if position else None,
        "pointer": "#".join((use.pointer, *use.inner)),
        "events": list(use.events),
        "fault": use.fault,
    }
    for each in more:
        row |= _MORE[each](use)
    return row


def _parts(use: ImageUse) -> Row:
    reference = use.reference
    if reference is None:
        return _NO_PARTS
    return {
        "canonical": reference.canonical(),
        "registry": reference.registry,
        "repository": reference.repository,
        "tag": reference.tag,
        "digest": reference.digest,
    }


def _policy(use: ImageUse) -> Row:
    from chartkit.images.policy import pull_policy

    policy = pull_policy(use)
    return {"policy": policy.name if policy else "", "policy_default": bool(policy and not policy.is_given)}


def _check(use: ImageUse) -> Row:
    from chartkit.images.registry_commands import check_command

    return {"check": check_command(use.reference) if use.reference else ""}


def _keys(use: ImageUse) -> Row:
    from chartkit.images.explain import explain, explain_written

    # What Chart.yaml declares was not rendered, and has no trace; what is no chart at all has keys of its own.
    if use.place == "chart annotation":
        return {"keys": []}
    explained = explain_written(use) if use.trace is None else explain(use)
    return {"keys": list(dict.fromkeys(key.path for key in explained.keys))}


_MORE: Final[Mapping[str, Callable[[ImageUse], Row]]] = {"keys": _keys, "policy": _policy, "check": _check}
