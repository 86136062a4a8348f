"""The command that asks a registry, in its provider's own words, for an image. Text only: nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from shlex import quote
from typing import Final

from chartkit.images.providers import Provider, provider_of
from chartkit.reference import ImageReference


def check_command(reference: ImageReference) -> str:
    """A shell command whose answer shows whether the image is in its registry."""
    provider = provider_of(reference.registry)
    words = _COMMANDS.get(provider.id, _skopeo)(reference, provider)
    return " ".join(quote(word) for word in words)


def _skopeo(reference: ImageReference, _provider: Provider) -> list[str]:
    # skopeo refuses a tag beside a digest; the digest says more.
    version = f"@{reference.digest}" if reference.digest else f":{reference.tag}" if reference.tag else ""
    return ["skopeo", "inspect", f"docker://{reference.name}{version}"]


def _azure(reference: ImageReference, provider: Provider) -> list[str]:
    name = provider.groups["name"]
    if reference.digest:
        return ["az", "acr", "manifest", "show", "--registry", name, "--name", _versioned(reference)]
    return ["az", "acr", "repository", "show-tags", "--name", name, "--repository", reference.repository]


def _versioned(reference: ImageReference) -> str:
    return f"{reference.repository}@{reference.digest}"


def _google(reference: ImageReference, _provider: Provider) -> list[str]:
    command = ["gcloud", "container", "images", "list-tags", reference.name]
    if reference.digest:
        return [*command, f"--filter=digest={reference.digest}"]
    return [*command, f"--filter=tags={reference.tag or 'latest'}"]


def _google_artifacts(reference: ImageReference, _provider: Provider) -> list[str]:
    if reference.digest:
        return ["gcloud", "artifacts", "docker", "images", "describe", f"{reference.name}@{reference.digest}"]
    wanted = f"--filter=tag={reference.tag or 'latest'}"
    return ["gcloud", "artifacts", "docker", "tags", "list", reference.name, wanted]


def _amazon(reference: ImageReference, provider: Provider) -> list[str]:
    image = f"imageDigest={reference.digest}" if reference.digest else f"imageTag={reference.tag or 'latest'}"
    command = ["aws", "ecr", "describe-images", "--repository-name", reference.repository, "--image-ids", image]
    return [*command, "--registry-id", provider.groups["account"], "--region", provider.groups["region"]]


_COMMANDS: Final[Mapping[str, Callable[[ImageReference, Provider], list[str]]]] = {
    "acr": _azure,
    "gcr": _google,
    "gar": _google_artifacts,
    "ecr": _amazon,
}
