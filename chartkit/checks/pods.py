"""The pods around images and their pull secrets, out of the rendered documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chartkit.checks.subject import Steps, Subject, value_at
from chartkit.engine.render import Rendering
from chartkit.goyaml.failure import YAMLError
from chartkit.images.use import ImageUse
from chartkit.manifests.assemble import Manifest
from chartkit.manifests.head import parse_document
from chartkit.manifests.podspec import CONTAINER_LISTS

DEFAULT_ACCOUNT: Final = "default"
"""The service account of pods that name none."""
SECRETS_KEY: Final = "imagePullSecrets"

_OPERATORS_KEYS: Final = (SECRETS_KEY, "pullSecrets")
_IN_PODS: Final = ("pod", "volume", "embedded")
_IN_CUSTOM: Final = "custom resource"


@dataclass(frozen=True, slots=True)
class Object:
    """A rendered object: a document, or an item of a list.

    Attributes:
        manifest: the document.
        data: the object.
        steps: the way to it from the document's root.
    """

    manifest: Manifest
    data: Mapping[str, Any]
    steps: Steps = ()

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.data.get("kind") or "")

    @property
    def name(self) -> str:
        """Its name."""
        return str(value_at(self.data, ("metadata", "name")) or "")

    @property
    def namespace(self) -> str:
        """Its namespace; empty for that of the release."""
        return str(value_at(self.data, ("metadata", "namespace")) or "")


@dataclass(frozen=True, slots=True)
class Account:
    """A service account, with the pull secrets that it gives to pods which list none."""

    name: str
    namespace: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PullNames:
    """The pull secrets that a pod is given.

    Attributes:
        names: of the pod itself, or else of its service account.
        is_known: whether there can be no others: false for a service account that is not rendered here.
        account: the service account that counts, as the pod lists no secret; empty where the pod does.
        namespace: where the pod is; empty for the namespace of the release.
        is_operators: whether something else makes the pod as it sees fit, out of a custom resource or a text.
    """

    names: tuple[str, ...]
    is_known: bool
    account: str = ""
    namespace: str = ""
    is_operators: bool = False


def objects(rendering: Rendering | None) -> Iterator[Object]:
    """All rendered objects, those in lists too."""
    if rendering is None:
        return
    for manifest in (*rendering.assembled.manifests, *rendering.assembled.hooks):
        document = manifest.doc
        if not isinstance(document, dict):
            continue
        items = document.get("items") if manifest.head.kind.endswith("List") else None
        if not isinstance(items, list):
            yield Object(manifest, document)
            continue
        for index, each in enumerate(items):
            if isinstance(each, dict):
                yield Object(manifest, each, ("items", index))


def accounts(subject: Subject) -> Iterator[Account]:
    """The service accounts that the chart renders."""
    for each in objects(subject.rendering):
        if each.kind == "ServiceAccount":
            yield account_of(each.data, subject.namespaced(each.namespace))


def account_of(data: Mapping[str, Any], namespace: str) -> Account:
    """A service account, out of its object."""
    name = str(value_at(data, ("metadata", "name")) or "")
    return Account(name, namespace, names_in(data.get(SECRETS_KEY)))


def pull_names(use: ImageUse, subject: Subject, known: Sequence[Account] | None = None) -> PullNames | None:
    """The pull secrets of the pod that an image is in; `None` for images outside pods.

    Args:
        use: the image.
        subject: the render that it is in.
        known: the service accounts that there are; those of the render where nothing is said.
    """
    namespace = subject.namespaced(use.resource.namespace)
    if use.place == _IN_CUSTOM:
        return _operators_names(_document(use), use.levels[-1].steps, namespace)
    way = _pod_steps(use.levels[-1].steps) if use.place in _IN_PODS else None
    pod = None if way is None else value_at(_document(use), way)
    if not isinstance(pod, dict):
        return None
    # As soon as a pod's list has an item, even a useless one, the service account's is left out.
    if pod.get(SECRETS_KEY):
        return PullNames(names_in(pod[SECRETS_KEY]), is_known=True, namespace=namespace)
    if len(use.levels) > 1:
        return PullNames((), is_known=False, namespace=namespace, is_operators=True)
    account = str(pod.get("serviceAccountName") or pod.get("serviceAccount") or DEFAULT_ACCOUNT)
    there = tuple(accounts(subject)) if known is None else known
    found = [each for each in there if (each.name, each.namespace) == (account, namespace)]
    names = tuple(name for each in found for name in each.secrets)
    return PullNames(names, bool(found) or account == DEFAULT_ACCOUNT, account, namespace)


def names_in(listed: Any) -> tuple[str, ...]:
    """The names in a list of the form that Kubernetes takes: `[{name: regcred}]`."""
    items = listed if isinstance(listed, list) else []
    return tuple(str(item["name"]) for item in items if isinstance(item, dict) and item.get("name"))


def _document(use: ImageUse) -> Any:
    """The document that an image stands in: the manifest, or one in a text in it."""
    if len(use.levels) == 1:
        return use.manifest.doc
    try:
        return parse_document(use.levels[-1].text)
    except YAMLError:
        return None


def _operators_names(document: Any, steps: Steps, namespace: str) -> PullNames:
    """What the nearest map around an image in a custom resource says of secrets; operators take names as texts too."""
    for end in reversed(range(len(steps) + 1)):
        around = value_at(document, steps[:end])
        listed = next((around[key] for key in _OPERATORS_KEYS if around.get(key)), None) if _is_map(around) else None
        if isinstance(listed, list):
            texts = tuple(item for item in listed if isinstance(item, str))
            return PullNames(names_in(listed) + texts, is_known=True, namespace=namespace, is_operators=True)
    return PullNames((), is_known=False, namespace=namespace, is_operators=True)


def _is_map(value: Any) -> bool:
    return isinstance(value, Mapping)


def _pod_steps(steps: Steps) -> Steps | None:
    """The way to the pod, out of the way to an image in it; `None` if that goes through none."""
    for at in reversed(range(len(steps))):
        if steps[at] in (*CONTAINER_LISTS, "volumes"):
            return steps[:at]
    return None
