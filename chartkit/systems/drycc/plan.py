"""What values come down to: the settings, the names of images and Secrets, the variables, and what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.oci.credential import MASK
from chartkit.systems.drycc.app_images import USUAL_CLUSTER, Cluster, app_image, image_prefix
from chartkit.systems.drycc.environment import (
    COMPONENTS,
    Variable,
    component_environment,
    refresher_environment,
)
from chartkit.systems.drycc.keys import FIELDS, ON_CLUSTER
from chartkit.systems.drycc.secrets import (
    DRYCC,
    System,
    component_secrets,
    pull_secret_name,
    registry_secret,
)
from chartkit.systems.drycc.settings import Settings

SECRET_FIELDS: Final = frozenset(("password", "secretkey", "key_json", "accesskey"))
"""The fields that nobody is shown."""


@dataclass(frozen=True, slots=True)
class App:
    """An app whose images are named: its name, the commit, and the process type."""

    name: str = "myapp"
    sha: str = "abcdef1"
    process_type: str = "web"

    @property
    def words(self) -> tuple[str, str, str]:
        """Name, commit and process type."""
        return self.name, self.sha, self.process_type


@dataclass(frozen=True, slots=True)
class Plan:
    """What values come down to.

    Attributes:
        settings: the settings.
        prefix: what stands before the app's name; empty for Docker Hub, or where it is not known.
        image: the app's image; empty where it is not known.
        reason: why it is not known.
        secrets: the Secrets that the chart makes, each with its keys.
        pull_secret: the name of the pull secret in the app's namespace; empty where none is needed.
        environment: by component the variables about the registry.
        commands: what to run.
    """

    settings: Settings
    prefix: str
    image: str
    reason: str
    secrets: dict[str, list[str]]
    pull_secret: str
    environment: dict[str, list[Variable]]
    commands: tuple[str, ...]

    def row(self) -> dict[str, Any]:
        """The plan as plain values."""
        settings = self.settings
        return {
            "generation": str(settings.generation),
            "location": settings.location,
            "fields": shown_fields(settings),
            "imagePrefix": self.prefix,
            "image": self.image,
            "reason": self.reason,
            "secrets": self.secrets,
            "pullSecret": self.pull_secret,
            "environment": {
                name: [variable.manifest() for variable in found] for name, found in self.environment.items()
            },
            "commands": list(self.commands),
        }


def make_plan(
    settings: Settings,
    app: App = App(),  # noqa: B008 - it cannot be changed
    *,
    values_files: Sequence[str] = (),
    cluster: Cluster = USUAL_CLUSTER,
    system: System = DRYCC,
) -> Plan:
    """What settings come down to.

    Raises:
        InputError: the location is none.
    """
    prefix, image, reason = _names(settings, app, cluster)
    secrets = [each for each in (registry_secret(settings, system=system), *component_secrets(settings)) if each]
    environment = {name: component_environment(settings, name, cluster=cluster, system=system) for name in COMPONENTS}
    refresher = refresher_environment(settings, system)
    is_external = settings.location != ON_CLUSTER
    return Plan(
        settings=settings,
        prefix=prefix,
        image=image,
        reason=reason,
        secrets={each["metadata"]["name"]: list(each["data"]) for each in secrets},
        pull_secret=pull_secret_name(settings, app.process_type) if is_external else "",
        environment={**environment, **({"registry-token-refresher": refresher} if refresher else {})},
        commands=_commands(app, values_files, system, is_external=is_external),
    )


def shown_fields(settings: Settings) -> dict[str, str]:
    """The fields of the location, for people: what is secret is masked."""
    texts = {name: settings.text(name) for name in FIELDS.get(settings.location, ())}
    return {name: MASK if text and name in SECRET_FIELDS else text for name, text in texts.items()}


def _names(settings: Settings, app: App, cluster: Cluster) -> tuple[str, str, str]:
    try:
        prefix = image_prefix(settings, app.name, cluster)
        image = app_image(settings, app.name, app.sha, process_type=app.process_type, cluster=cluster)
    except InputError as error:
        return "", "", str(error)
    return prefix, image, ""


def _commands(app: App, files: Sequence[str], system: System, *, is_external: bool) -> tuple[str, ...]:
    from shlex import quote

    name = system.heritage
    values = "".join(f" -f {quote(file)}" for file in files)
    # Helm 3 and later want a name for the release, which the guide, made for Helm 2, leaves out.
    commands = [f"helm install {name} {name}/workflow --namespace {name} --create-namespace{values}"]
    if is_external:
        commands.append(f"{name} config:set PORT=<port> -a {quote(app.name)}")
    return tuple(commands)
