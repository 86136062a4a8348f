"""What Chart.yaml says, as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chartkit.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Maintainer:
    """A person behind a chart."""

    name: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dependency:
    """A chart that another one depends on."""

    name: str = ""
    version: str = ""
    repository: str = ""
    condition: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = False
    import_values: tuple[Any, ...] = ()
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What Chart.yaml says.

    `declares` tells a list of dependencies that is there, perhaps empty, from none at all: Helm looks into the
    dependencies of subcharts only below a chart that has the list.
    """

    name: str = ""
    home: str = ""
    sources: tuple[str, ...] = ()
    version: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    maintainers: tuple[Maintainer, ...] = ()
    icon: str = ""
    api_version: str = ""
    condition: str = ""
    tags: str = ""
    app_version: str = ""
    deprecated: bool = False
    annotations: Mapping[str, str] | None = None
    kube_version: str = ""
    dependencies: tuple[Dependency, ...] = ()
    declares: bool = field(default=False, repr=False)
    type: str = ""

    @property
    def is_library(self) -> bool:
        """Whether the chart only lends its templates to others."""
        return self.type == "library"
