"""Charts in registries, as Helm keeps them: an image with the chart's metadata as config and the archive as a layer.

The media types are those of Helm (`helm push`, HIP-0006).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chartkit.errors import InputError
from chartkit.oci.client import RegistryClient
from chartkit.oci.failures import InvalidContent
from chartkit.oci.manifest import Descriptor
from chartkit.oci.shelf import Repository
from chartkit.reference import ImageReference, InvalidReference

SCHEME: Final = "oci://"
CONFIG_TYPE: Final = "application/vnd.cncf.helm.config.v1+json"
LAYER_TYPES: Final = (
    "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
    # Helm before 3.7 wrote the type like this.
    "application/tar+gzip",
)


@dataclass(frozen=True, slots=True)
class ChartAddress:
    """Where a chart is in a registry.

    Attributes:
        repository: the repository.
        name: the tag or digest; empty if neither is said.
    """

    repository: Repository
    name: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.repository.named(self.name) if self.name else self.repository}"


def read_address(text: str, version: str = "") -> ChartAddress:
    """The address of a chart: `oci://host/path/name`, with a version behind a colon or given apart.

    A tag cannot hold the `+` of a version; Helm writes `_` for it.

    Raises:
        InputError: it is none.
    """
    plain = text.removeprefix(SCHEME)
    host, slash, path = plain.partition("/")
    if not slash or not path:
        raise InputError(f"{text} names no chart", hint="a chart in a registry is oci://HOST/PATH/NAME[:VERSION]")
    path, _, digest = path.partition("@")
    path, _, tag = path.partition(":")
    if tag and version and tag != version:
        raise InputError(f"{text} names version {tag}, and {version} is asked for", hint="leave one of them out")
    name = digest or (tag or version).replace("+", "_")
    try:
        ImageReference.parse(f"{host}/{path}" + (f":{name}" if name and not digest else f"@{digest}" if digest else ""))
    except InvalidReference as error:
        raise InputError(f"{text} is no address of a chart: {error}") from None
    return ChartAddress(Repository(host, path), name)


def chart_layer(client: RegistryClient, address: ChartAddress) -> Descriptor:
    """The layer that is the chart's archive.

    Raises:
        RegistryError: the registry does not have it.
        InvalidContent: there is an image and no chart.
    """
    manifest = client.manifest(address.repository, address.name)
    for layer in manifest.blobs:
        if layer.media_type in LAYER_TYPES:
            return layer
    raise InvalidContent(
        f"{address} is not a Helm chart", hint="it is an image or another artifact: charts are pushed by `helm push`"
    )
