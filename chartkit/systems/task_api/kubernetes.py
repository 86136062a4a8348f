"""How a task becomes a Pod, and its registry a Secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.images.pull_secret import NewPullSecret
from chartkit.oci.credential import Credential
from chartkit.systems.task_api.docker import absolute
from chartkit.systems.task_api.merge import Channel, Instance
from chartkit.systems.task_api.models import Resources

CONTAINER: Final = "main"
"""What the one container of a pod is called."""

_NAME_LIMIT: Final = 62
_NO_NAME: Final = re.compile(r"[^a-z0-9.-]")
_NO_LABEL: Final = re.compile(r"[^a-z0-9-]")
_EDGES: Final = re.compile(r"^[^a-z0-9]+|[^a-z0-9]+$")


def pod_name(name: str) -> str:
    """The name of the pod for a task.

    Raises:
        InputError: nothing of the name is left.
    """
    found = _EDGES.sub("", _NO_NAME.sub("-", name.lower()))
    # The cut may end in what a name must not end in.
    found = _EDGES.sub("", found[:_NAME_LIMIT])
    if not found:
        raise InputError(f"no pod can be named after {name!r}: it has no letter and no digit")
    return found


def secret_name(name: str) -> str:
    """The name of the secret for a task's registry."""
    return f"{pod_name(name)}-secret"


def registry_secret(instance: Instance) -> NewPullSecret | None:
    """The secret for the registry of a task; `None` unless registry, user name and password are all there."""
    server, username, password = instance.config.registry
    if not (server and username and password):
        return None
    credentials = {server: Credential(username, password)}
    return NewPullSecret(secret_name(instance.name), credentials, instance.config.namespace)


def pod(instance: Instance, resources: Resources, base: Path) -> dict[str, Any]:
    """The pod of a task, as the object that its manifest holds.

    Raises:
        InputError: two channels would be one volume, or the name is none.
    """
    config = instance.config
    mounts = _distinct(instance)
    extra = config.extra
    container = {
        "name": CONTAINER,
        "image": instance.image,
        **({"command": list(instance.command)} if instance.command is not None else {}),
        "env": [*_env(instance), *extra.get("env_vars", ())],
        "resources": _resources(resources),
        "volumeMounts": [*(_mount(*each) for each in mounts), *extra.get("volume_mounts", ())],
    }
    spec = {
        "restartPolicy": "Never",
        "imagePullSecrets": [{"name": name} for name in _pull_secrets(instance)],
        "containers": [_without_empty(container)],
        "volumes": [*_volumes(mounts, base), *extra.get("volumes", ())],
    }
    metadata = {
        "name": pod_name(instance.name),
        "namespace": config.namespace,
        "labels": dict(config.labels),
        "annotations": dict(config.annotations),
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": _without_empty(metadata), "spec": _without_empty(spec)}


def _pull_secrets(instance: Instance) -> Iterator[str]:
    # First, since kubelets try the secrets in their order.
    if registry_secret(instance) is not None:
        yield secret_name(instance.name)
    yield from instance.config.pull_secrets


def _env(instance: Instance) -> list[dict[str, str]]:
    return [{"name": each.variable.name, "value": each.variable.value} for each in instance.env]


def _resources(resources: Resources) -> dict[str, Any]:
    return _without_empty({"limits": dict(resources.limits), "requests": dict(resources.requests)})


def _distinct(instance: Instance) -> list[tuple[Channel, bool]]:
    """The channels that are mounted, with whether they are only read: each path of the container once."""
    found: dict[str, tuple[Channel, bool]] = {}
    for channels, is_read in ((instance.inputs, True), (instance.outputs, False)):
        for channel in channels:
            found.setdefault(channel.mounted_path, (channel, is_read))
    return list(found.values())


def _mount(channel: Channel, is_read: bool) -> dict[str, Any]:
    mount: dict[str, Any] = {"name": _volume_name(channel), "mountPath": channel.mounted_path}
    return {**mount, "readOnly": True} if is_read else mount


def _volumes(mounts: list[tuple[Channel, bool]], base: Path) -> list[dict[str, Any]]:
    found: dict[str, str] = {}
    for channel, _ in mounts:
        path = absolute(channel.host_path, base)
        if found.setdefault(_volume_name(channel), path) != path:
            raise InputError(f"two channels would be the volume {_volume_name(channel)}: name them apart")
    return [{"name": name, "hostPath": {"path": path}} for name, path in found.items()]


def _volume_name(channel: Channel) -> str:
    return f"vol-{_NO_LABEL.sub('-', channel.name.lower())}".rstrip("-")


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", [], {})}
