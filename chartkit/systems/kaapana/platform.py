"""What the platform does with an extension: it reads the name of the upload, and it puts values before the chart's.

`prefix = custom_registry_url or registry_url`: an image of the installer is `prefix/image:version`, with the version of
the installer's chart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from chartkit.errors import InputError

_ENDING: Final = ".tgz"
_SPECIAL: Final = re.compile(r"([,{}])")


@dataclass(frozen=True, slots=True)
class Platform:
    """What the platform gives to every chart that it installs, as `global.*`."""

    registry_url: str = "docker.io/kaapana"
    kaapana_build_version: str = "0.0.0"
    services_namespace: str = "services"
    admin_namespace: str = "admin"
    main_node_name: str = "main-node"

    def values(self) -> dict[str, str]:
        """The values by their names below `global`."""
        return {
            "registry_url": self.registry_url,
            "kaapana_build_version": self.kaapana_build_version,
            "services_namespace": self.services_namespace,
            "admin_namespace": self.admin_namespace,
            "main_node_name": self.main_node_name,
        }


class Upload(NamedTuple):
    """The chart that the name of an uploaded file stands for."""

    name: str
    version: str


def installer_image(image: str, version: str, registry_url: str, custom_registry_url: str = "") -> str:
    """The installer's image: an empty custom registry is none."""
    return f"{custom_registry_url or registry_url}/{image}:{version}"


def install_values(platform: Mapping[str, str], chart_values: Mapping[str, Any]) -> dict[str, str]:
    """The values below `global` that the platform installs a chart with.

    The chart's own texts win over the platform's, but empty ones, and all that is no text, do not.
    """
    own = chart_values.get("global")
    texts = own.items() if isinstance(own, Mapping) else ()
    # The platform's come first: what a chart sets for itself is meant.
    return {**platform, **{name: value for name, value in texts if isinstance(value, str) and value}}


def set_string_flags(values: Mapping[str, str]) -> list[str]:
    """The values as texts for `--set-string`, as the platform passes them: without blanks, `, { }` escaped."""
    return [f"global.{name}={_SPECIAL.sub(_escaped, value.replace(' ', ''))}" for name, value in values.items()]


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[1]}"


def package_name(name: str, version: str) -> str:
    """The file that `helm package` makes of a chart."""
    return f"{name}-{version}{_ENDING}"


def read_upload(file: str) -> Upload:
    """The name and the version that the platform takes from the name of an uploaded file: it splits at the last `-`.

    Raises:
        InputError: the platform takes no such file.
    """
    name, dash, version = file.removesuffix(_ENDING).rpartition("-")
    if not file.endswith(_ENDING):
        raise InputError(f"{file}: the platform takes {_ENDING} files only", hint="pack the chart with helm package")
    if not (name and dash and version):
        raise InputError(f"{file}: the name is not NAME-VERSION{_ENDING}")
    return Upload(name, version)
