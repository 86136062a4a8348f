"""The names that the builder gives to the images of apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chartkit.errors import InputError
from chartkit.systems.drycc.keys import ECR, GCR, OFF_CLUSTER, ON_CLUSTER, Generation
from chartkit.systems.drycc.settings import Settings, project_of

_ACCOUNT: Final = "<account>"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the in-cluster registry listens.

    Attributes:
        registry: host and port of its service, which the builder of old pushed to.
        proxy: the proxy on every node, through which images are pushed and pulled today.
    """

    registry: str = "drycc-registry:5000"
    proxy: str = "127.0.0.1:5555"


USUAL_CLUSTER: Final = Cluster()


def image_prefix(settings: Settings, app: str, cluster: Cluster = USUAL_CLUSTER) -> str:
    """What stands before an app's name in its image, with the slash; empty for nothing.

    Raises:
        InputError: the builder refuses the settings, or the location is none.
    """
    if settings.location == ON_CLUSTER:
        return f"{cluster.proxy}/{app}/" if settings.generation is Generation.C else f"{cluster.registry}/"
    if settings.location == OFF_CLUSTER:
        organization = settings.text("organization")
        if not organization and settings.generation is Generation.C:
            raise InputError("the builder refuses a registry off the cluster without an organization")
        return "".join(f"{part}/" for part in (settings.host, organization) if part)
    if settings.location == ECR:
        return f"{settings.host or _unknown_host(settings)}/"
    if settings.location == GCR:
        return f"{settings.host}/{_project(settings)}/"
    raise InputError(f'there is no location "{settings.location}"')


def app_image(
    settings: Settings, app: str, sha: str, *, process_type: str = "web", cluster: Cluster = USUAL_CLUSTER
) -> str:
    """The image that the builder makes of a commit of an app.

    Today each process type but `web` has an image of its own, with the type behind the tag.

    Raises:
        InputError: the builder refuses the settings, or the location is none.
    """
    # Before today one image served all process types.
    own = process_type != "web" and settings.generation is Generation.C
    return f"{image_prefix(settings, app, cluster)}{app}:git-{sha}{f'-{process_type}' if own else ''}"


def _project(settings: Settings) -> str:
    try:
        # Projects of a domain are written with a colon, which no image may have.
        return project_of(settings.text("key_json")).replace(":", "/")
    except ValueError as error:
        raise InputError(f"the project is not known, as key_json {error}") from None


def _unknown_host(settings: Settings) -> str:
    domain = "amazonaws.com.cn" if settings.text("region").startswith("cn-") else "amazonaws.com"
    return f"{_ACCOUNT}.dkr.ecr.{settings.text('region')}.{domain}"
