"""The whole way of a devfile registry behind an air gap, as commands.

Copy the images, build the index, push it with the two images that come along, and install the chart with values that
name them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Final

from chartkit.goyaml.dump import dump
from chartkit.images.target import Destination
from chartkit.reference import ImageReference
from chartkit.systems.devfile.index import INDEX, LOCAL_INDEX, STORE, VIEWER, ChartImage
from chartkit.systems.devfile.relocation import LATEST

TOOLS: Final = ("podman", "docker", "skopeo")
"""The programs that a plan can be written for."""

Copy = tuple[ImageReference, ImageReference]


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the plan.

    Attributes:
        title: what it does.
        commands: the commands, one a line.
        notes: what to know before.
    """

    title: str
    commands: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps.

    Attributes:
        copies: the images of the stacks, source and target.
        chart_copies: the images of the registry's chart that nobody builds.
        index: what the index is called in its new place.
        steps: the commands.
        override: the values for the chart.
    """

    copies: tuple[Copy, ...]
    chart_copies: tuple[Copy, ...]
    index: ImageReference
    steps: tuple[Step, ...]
    override: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Copier:
    """How images are copied.

    Attributes:
        tool: one of `TOOLS`.
        plain: the registries that speak HTTP without TLS.
    """

    tool: str = "podman"
    plain: frozenset[str] = frozenset()

    def commands(self, source: ImageReference, target: ImageReference) -> Iterator[str]:
        """The commands that copy one image."""
        # podman and docker cannot push under a digest: what they push is packed anew and gets another one.
        if self.tool == "skopeo" or source.digest:
            # Without --all only the image of this machine's platform would come along.
            wanted = ["--all", *(["--preserve-digests"] if source.digest else [])]
            wanted += [*self._trust(source, "--src-tls-verify=false"), *self._trust(target, "--dest-tls-verify=false")]
            yield _command("skopeo", "copy", *wanted, f"docker://{_sole(source)}", f"docker://{_place_of(target)}")
            return
        yield _command(self.tool, "pull", *self._flag(source), str(source))
        yield _command(self.tool, "tag", str(source), str(target))
        yield self.push(target)

    def push(self, target: ImageReference) -> str:
        """The command that pushes what has been tagged."""
        return _command(self.tool, "push", *self._flag(target), str(target))

    def push_index(self, index: ImageReference) -> Iterator[str]:
        """The commands that push the index, which has just been built."""
        if self.tool == "skopeo":
            trust = self._trust(index, "--dest-tls-verify=false")
            yield _command("skopeo", "copy", *trust, f"docker-daemon:{LOCAL_INDEX}:{LATEST}", f"docker://{index}")
            return
        yield _command(self.tool, "tag", LOCAL_INDEX, str(index))
        yield self.push(index)

    def _flag(self, reference: ImageReference) -> list[str]:
        # docker has no such flag: its daemon is told of plain registries once, in its own configuration.
        return self._trust(reference, "--tls-verify=false") if self.tool == "podman" else []

    def _trust(self, reference: ImageReference, flag: str) -> list[str]:
        return [flag] if reference.registry in self.plain else []


def make_plan(copies: Iterable[Copy], destination: Destination, copier: Copier | None = None) -> Plan:
    """The plan for some copies.

    Args:
        copies: the images of the stacks, source and target.
        destination: where everything goes.
        copier: how they are copied.
    """
    by = copier or Copier()
    known = tuple(copies)
    index = ImageReference.parse(f"{_place(INDEX, destination)}:{LATEST}")
    forgotten = tuple((_source(image), destination.move(_source(image))) for image in (VIEWER, STORE))
    override = {INDEX.key: {"image": index.name, "tag": index.tag}}
    override |= {
        image.key: {"image": target.name, "tag": target.tag}
        for image, (_, target) in zip((VIEWER, STORE), forgotten, strict=True)
    }
    steps = (
        Step("Copy the images of the stacks", _copied(known, by), tuple(_digest_notes(known, by))),
        Step("Build the index of the registry", tuple(_build(by.tool)), _BUILD_NOTES),
        Step("Push the index", tuple(by.push_index(index))),
        Step("Copy the other two images of the registry's chart", _copied(forgotten, by), _CHART_NOTES),
        Step("Install the registry, or update it", _INSTALL, _INSTALL_NOTES),
    )
    return Plan(known, forgotten, index, steps, override)


def as_script(plan: Plan) -> str:
    """The plan as a shell script; the values for the chart are written by it."""
    lines = ["#!/bin/sh", "set -eu"]
    for number, step in enumerate(plan.steps, 1):
        lines += ["", f"# {number}. {step.title}", *(f"#    {note}" for note in step.notes)]
        if step.commands is _INSTALL:
            lines += ["cat > devfile-registry-values.yaml <<'END'", *dump(plan.override).splitlines(), "END"]
        lines += step.commands or ["#    nothing to do"]
    return "".join(f"{line}\n" for line in lines)


def _sole(reference: ImageReference) -> str:
    """A reference with digest or tag, as skopeo takes no more than one of them."""
    return f"{reference.name}@{reference.digest}" if reference.digest else str(reference)


def _place_of(target: ImageReference) -> str:
    """Where a copy goes: under its tag if it has one, since under a digest alone nobody finds it."""
    return f"{target.name}:{target.tag}" if target.tag else _sole(target)


def _copied(copies: Sequence[Copy], copier: Copier) -> tuple[str, ...]:
    return tuple(command for source, target in copies for command in copier.commands(source, target))


def _digest_notes(copies: Sequence[Copy], copier: Copier) -> Iterator[str]:
    if copier.tool != "skopeo" and any(source.digest for source, _ in copies):
        yield f"images by digest are copied by skopeo: {copier.tool} would pack them anew, under another digest"
    if copier.tool == "docker" and copier.plain:
        yield f"the docker daemon must know {', '.join(sorted(copier.plain))} under insecure-registries"


def _build(tool: str) -> Iterator[str]:
    builder = "docker" if tool == "skopeo" else tool
    yield f"{builder} build -t {LOCAL_INDEX} -f .ci/Dockerfile.offline ."


_BUILD_NOTES: Final = (
    "in the folder of the registry, after `chartkit devfile relocate`; the machine must reach the network",
    "bash .ci/build.sh offline takes its first word for the architecture too, and would ask for the platform",
    '"offline"; the build is called straight instead',
    "parents by uri are downloaded but not rewritten, those by id stay; starter projects become NAME-offline.zip",
    "the images of containers are never rewritten by the build",
)
_CHART_NOTES: Final = ("the guide speaks of the index alone: the chart pulls these as well",)
_INSTALL: Final = (
    "helm upgrade --install devfile-registry deploy/chart/devfile-registry -f devfile-registry-values.yaml",
)
_INSTALL_NOTES: Final = (
    "in a clone of devfile/registry-support; with global.headless: true the viewer is left out",
    "the chart has no key for pull secrets (CK125): put them into the service account of the namespace, as by",
    'kubectl patch serviceaccount default -p \'{"imagePullSecrets": [{"name": "NAME"}]}\'',
    "to refresh its content later, run all of this again; as the tag of the index stays the same, restart it then:",
    "kubectl rollout restart deployment -l app=devfile-registry",
)


def _command(*words: str) -> str:
    return " ".join(map(quote, words))


def _source(image: ChartImage) -> ImageReference:
    return ImageReference.parse(f"{image.repository}:{image.tag}")


def _place(image: ChartImage, destination: Destination) -> str:
    return destination.move(_source(image)).name
