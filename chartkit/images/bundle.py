"""What a bundle says about itself: the chart, the values and the release that its images are for.

A bundle is a tar file:

| file | what it is |
|---|---|
| `chartkit-bundle.json` | what follows here |
| `chart/NAME-VERSION.tgz` | the chart with all it depends on |
| `values/01-prod.yaml`, ... | the values files in their order; flags such as --set make the last one |
| `images.lock` | the images with their digests |
| `images/` | an OCI image layout with every image, named by its canonical reference |

The file is JSON: `{"chartkitBundle": 1, "chart": PATH, "values": [PATH...], "release": NAME, "namespace": NAME,
"helm": "4.3", "kubeVersion": TEXT, "apiVersions": [TEXT...]}`. Another number means another format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.profile import PROFILES

DESCRIPTION: Final = "chartkit-bundle.json"
LOCK: Final = "images.lock"
IMAGES: Final = "images"
_VERSION: Final = 1
_MARK: Final = "chartkitBundle"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is in a bundle.

    Attributes:
        chart: the path of the chart's archive in it.
        values: the paths of the values files, in their order.
        release: the name of the release.
        namespace: its namespace.
        helm: the Helm whose behaviour the render had.
        kube_version: the Kubernetes that was rendered for; empty for the default.
        api_versions: further API versions of the cluster.
    """

    chart: str
    values: tuple[str, ...] = ()
    release: str = "release-name"
    namespace: str = "default"
    helm: str = "4.3"
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()


def write_description(bundle: Bundle) -> bytes:
    """The text of the description."""
    content = {
        _MARK: _VERSION,
        "chart": bundle.chart,
        "values": list(bundle.values),
        "release": bundle.release,
        "namespace": bundle.namespace,
        "helm": bundle.helm,
        "kubeVersion": bundle.kube_version,
        "apiVersions": list(bundle.api_versions),
    }
    return f"{json.dumps(content, indent=2)}\n".encode()


def read_description(data: bytes, name: str) -> Bundle:
    """What a description says.

    Raises:
        InputError: it is none, or of another version of the format.
    """
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or _MARK not in content:
        raise InputError(f"{name} is no bundle of chartkit: {DESCRIPTION} is not what it should be")
    if content[_MARK] != _VERSION:
        raise InputError(
            f"{name} is a bundle of version {content[_MARK]}; version {_VERSION} can be read",
            hint="use the chartkit that it was made with",
        )
    bundle = Bundle(
        chart=_text(content, "chart", name),
        values=_texts(content, "values", name),
        release=_text(content, "release", name),
        namespace=_text(content, "namespace", name),
        helm=_text(content, "helm", name),
        kube_version=_text(content, "kubeVersion", name),
        api_versions=_texts(content, "apiVersions", name),
    )
    if bundle.helm not in PROFILES:
        raise InputError(f"{name} wants the behaviour of Helm {bundle.helm}, which this chartkit does not know")
    for path in (bundle.chart, *bundle.values):
        if path.startswith("/") or ".." in path.split("/"):
            raise InputError(f"{name}: {path} leads out of the bundle")
    return bundle


def _text(content: dict[str, Any], key: str, name: str) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{name}: {key} in {DESCRIPTION} must be text")
    return value


def _texts(content: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(f"{name}: {key} in {DESCRIPTION} must be a list of texts")
    return tuple(value)
