"""What builder, controller and token refresher are told of the registry, as variables of their environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from chartkit.systems.drycc.app_images import USUAL_CLUSTER, Cluster
from chartkit.systems.drycc.keys import ECR, GCR, Generation
from chartkit.systems.drycc.secrets import DRYCC, REGISTRY_SECRET, System
from chartkit.systems.drycc.settings import Settings

COMPONENTS: Final = {"builder": "builder-secret", "controller": "controller-creds"}
"""The components that know the registry, each with the Secret of its own."""
CREDENTIALS: Final = "/var/run/secrets/{}/registry/creds"
"""Where the registry secret is mounted, which the old generations read as files."""

_NAMESPACE_SECONDS: Final = "5"
_TOKEN_MINUTES: Final = {ECR: "660", GCR: "25"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its value, or the Secret and the key that hold it."""

    name: str
    value: str = ""
    secret: str = ""
    key: str = ""

    def manifest(self) -> dict[str, Any]:
        """The variable as containers have it."""
        if not self.secret:
            return {"name": self.name, "value": self.value}
        return {"name": self.name, "valueFrom": {"secretKeyRef": {"name": self.secret, "key": self.key}}}

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if not self.secret else f"{self.name} from {self.secret}/{self.key}"


def component_environment(
    settings: Settings, component: str, *, cluster: Cluster = USUAL_CLUSTER, system: System = DRYCC
) -> list[Variable]:
    """The variables about the registry of builder or controller.

    Raises:
        KeyError: there is no such component.
    """
    secret, prefix = COMPONENTS[component], f"{system.environment}_REGISTRY"
    location = [Variable(f"{prefix}_LOCATION", settings.location)]
    if settings.generation is not Generation.C:
        # The rest is read from the mounted registry secret.
        names = Variable(f"{prefix}_SECRET_PREFIX", settings.prefix)
        return [*location, names] if component == "controller" else location
    if settings.text("hostname"):
        # The controller takes images by their whole names: it needs no organization.
        keys = ["host", "username", "password"] + (["organization"] if component == "builder" else [])
        return location + [Variable(f"{prefix}_{key.upper()}", "", secret, f"registry-{key}") for key in keys]
    if not settings.is_enabled:
        return location
    return [
        *location,
        Variable(f"{prefix}_HOST", cluster.registry),
        Variable(f"{prefix}_PROXY_HOST", cluster.proxy),
        *(Variable(f"{prefix}_{key.upper()}", "", REGISTRY_SECRET, key) for key in ("username", "password")),
    ]


def missing_variables(settings: Settings, variables: list[Variable], system: System = DRYCC) -> list[str]:
    """The variables that today's builder does not start without, and that it does not get."""
    if settings.generation is not Generation.C:
        return []
    prefix, given = f"{system.environment}_REGISTRY", {variable.name for variable in variables}
    # The kubelet pulls through the proxy on its node; off the cluster the organization is part of each name.
    other = "PROXY_HOST" if settings.is_enabled else "ORGANIZATION"
    return [name for name in (f"{prefix}_HOST", f"{prefix}_{other}") if name not in given]


def refresher_environment(settings: Settings, system: System = DRYCC) -> list[Variable]:
    """The variables of the token refresher, which runs for `ecr` and `gcr` only; none elsewhere."""
    if settings.location not in _TOKEN_MINUTES:
        return []
    name = system.environment
    return [
        Variable(f"{name}_REGISTRY_LOCATION", settings.location),
        Variable(f"{name}_REGISTRY_SECRET_PREFIX", settings.prefix),
        Variable(f"{name}_NAMESPACE_REFRESH_TIME", _NAMESPACE_SECONDS),
        Variable(f"{name}_TOKEN_REFRESH_TIME", settings.refresh_minutes or _TOKEN_MINUTES[settings.location]),
    ]
