"""A plan of copies as the input of the tools that can do them.

| format | what is written | platforms |
|---|---|---|
| skopeo | a shell script of `skopeo copy` | all or one |
| skopeo-sync | the YAML of `skopeo sync --src yaml`, where its own rule for names gives the targets | all |
| regsync | regsync's configuration | all, one or several |
| crane | a shell script of `crane copy` | all or one |
| oras | a shell script of `oras cp` | all or one |
| podman | a shell script of `podman pull` and `podman push` | one (else that of the machine) |
| docker | a shell script of `docker buildx imagetools create`; for one platform pull, tag, push | all, one or several |
| list | a line `SOURCE TARGET` for each image | - |
| hauler | a hauler manifest, and how to bring the store into the registry | all or one |

Scripts stop at the first failure and may be run again. A source is named by its digest where that is known. Of an image
that the manifests name by digest all platforms are copied, as a part of it would not be found by that digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from shlex import join
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.edit_writing import Style, block
from chartkit.images.mirror import Copy, MirrorPlan, by_registry
from chartkit.reference import ImageReference

Writer = Callable[[MirrorPlan], str]
_STYLE: Final = Style()
_HAULER: Final = "content.hauler.cattle.io/v1"


def write_skopeo(plan: MirrorPlan) -> str:
    """A script of `skopeo copy`."""
    _check_platforms(plan, "skopeo")

    def line(copy: Copy) -> list[str]:
        choice = [word for platform in plan.platforms_for(copy) for word in _override(platform)]
        # Without --all skopeo takes the image of one platform out of an index, which has another digest.
        kept = [] if choice else ["--all", "--preserve-digests"]
        plain = [*_if(plan, copy.source, "--src-tls-verify=false"), *_if(plan, copy.target, "--dest-tls-verify=false")]
        names = [f"docker://{copy.source_text}", f"docker://{copy.target_text}"]
        return ["skopeo", *choice, "copy", *kept, "--retry-times", "3", *plain, *names]

    return _script(plan, ([line(copy)] for copy in plan.copies))


def write_skopeo_sync(plan: MirrorPlan) -> str:
    """The YAML of `skopeo sync`, with the command as a comment.

    Raises:
        InputError: skopeo would give the images other names.
    """
    if plan.platforms:
        raise InputError("skopeo sync copies all platforms", hint="--format skopeo takes one")
    if not plan.copies:
        return "{}\n"
    scoped, destination = _sync_destination(plan.copies)
    content = {}
    for registry, images in by_registry(plan.copies).items():
        plain = {"tls-verify": False} if registry in plan.plain else {}
        content[registry] = {"images": {name: list(versions) for name, versions in images.items()}, **plain}
    plain_target = any(plan.is_plain(copy.target) for copy in plan.copies)
    words = ["skopeo", "sync", "--all", "--src", "yaml", "--dest", "docker", *(["--scoped"] if scoped else [])]
    command = join([*words, *(["--dest-tls-verify=false"] if plain_target else []), "FILE", destination])
    return f"# {command}\n{_yaml(content)}"


def write_regsync(plan: MirrorPlan) -> str:
    """regsync's configuration: `regsync once -c FILE`."""
    steps = [
        {"source": copy.source_text, "target": copy.target_text, "type": "image", **_regsync_platforms(plan, copy)}
        for copy in plan.copies
    ]
    plain = [{"registry": registry, "tls": "disabled"} for registry in sorted(plan.plain)]
    note = "# regsync once -c FILE\n"
    if len(plan.platforms) > 1:
        note += "# The index of an image keeps naming the platforms left out: some registries refuse that.\n"
    return note + _yaml({"version": 1, **({"creds": plain} if plain else {}), "sync": steps})


def write_crane(plan: MirrorPlan) -> str:
    """A script of `crane copy`."""
    _check_platforms(plan, "crane")

    def line(copy: Copy) -> list[str]:
        choice = _platform_flag(plan, copy)
        insecure = ["--insecure"] if plan.is_plain(copy.source) or plan.is_plain(copy.target) else []
        return ["crane", "copy", *choice, *insecure, copy.source_text, copy.target_text]

    return _script(plan, ([line(copy)] for copy in plan.copies))


def write_oras(plan: MirrorPlan) -> str:
    """A script of `oras cp`."""
    _check_platforms(plan, "oras")

    def line(copy: Copy) -> list[str]:
        choice = _platform_flag(plan, copy)
        plain = [*_if(plan, copy.source, "--from-plain-http"), *_if(plan, copy.target, "--to-plain-http")]
        # oras takes no digest for the target, and keeps that of the source.
        target = copy.target_text if copy.target.tag else copy.target.name
        return ["oras", "cp", *choice, *plain, copy.source_text, target]

    return _script(plan, ([line(copy)] for copy in plan.copies))


def write_podman(plan: MirrorPlan) -> str:
    """A script of `podman pull` and `podman push`.

    Raises:
        InputError: an image is named by its digest, which podman changes.
    """
    _check_platforms(plan, "podman")
    lost = [copy.target.canonical() for copy in plan.copies if copy.target.digest]
    if lost:
        raise InputError(
            f"podman packs layers anew, and nobody would find {', '.join(lost)} by that digest",
            hint="take --format skopeo, which keeps digests",
        )

    def lines(copy: Copy) -> list[list[str]]:
        choice = _platform_flag(plan, copy)
        pull = ["podman", "pull", *choice, *_if(plan, copy.source, "--tls-verify=false"), copy.source_text]
        push = ["podman", "push", *_if(plan, copy.target, "--tls-verify=false"), copy.source_text, _tagged(copy)]
        return [pull, push]

    note = "The image of one platform is copied, and its layers are packed anew: digests change."
    return _script(plan, map(lines, plan.copies), note)


def write_docker(plan: MirrorPlan) -> str:
    """A script of docker."""

    def lines(copy: Copy) -> list[list[str]]:
        platforms = plan.platforms_for(copy)
        if len(platforms) == 1:
            return _docker_pull(copy, platforms[0])
        choice = ["--platform", ",".join(platforms)] if platforms else []
        # Without the switch a single manifest would be put into an index, which has another digest.
        create = ["docker", "buildx", "imagetools", "create", "--prefer-index=false", *choice, "--tag"]
        return [[*create, _tagged(copy), copy.source_text]]

    return _script(plan, map(lines, plan.copies))


def write_list(plan: MirrorPlan) -> str:
    """A line for each image: source, blank, target."""
    return "".join(f"{copy.source_text} {copy.target_text}\n" for copy in plan.copies)


def write_hauler(plan: MirrorPlan) -> str:
    """A hauler manifest.

    Raises:
        InputError: an image is named by its digest alone, which hauler cannot rename.
    """
    _check_platforms(plan, "hauler")
    choice = {"platform": plan.platforms[0]} if plan.platforms else {}
    unnamed = [copy.source_text for copy in plan.copies if not copy.target.tag and _renamed(copy)]
    if unnamed:
        raise InputError(f"hauler cannot give another name to what has no tag: {', '.join(unnamed)}")
    images = [
        {
            "name": copy.source_text,
            **(choice if plan.platforms_for(copy) else {}),
            **({"rewrite": copy.target_text} if _renamed(copy) else {}),
        }
        for copy in plan.copies
    ]
    registries = sorted({copy.target.registry for copy in plan.copies})
    notes = ["# hauler store sync -f FILE", *(f"# hauler store copy registry://{each}" for each in registries)]
    content = {"apiVersion": _HAULER, "kind": "Images", "metadata": {"name": plan.name}, "spec": {"images": images}}
    return "\n".join(notes) + "\n" + _yaml(content)


WRITERS: Final[Mapping[str, Writer]] = {
    "skopeo": write_skopeo,
    "skopeo-sync": write_skopeo_sync,
    "regsync": write_regsync,
    "crane": write_crane,
    "oras": write_oras,
    "podman": write_podman,
    "docker": write_docker,
    "list": write_list,
    "hauler": write_hauler,
}
"""What writes each format."""


def _script(plan: MirrorPlan, commands: Iterable[list[list[str]]], note: str = "") -> str:
    """A shell script; every word is quoted."""
    count = len(plan.copies)
    head = ["#!/bin/sh", f"# {count} image{'' if count == 1 else 's'} of {_one_line(plan.name)}"]
    lines = [join(words) for group in commands for words in group]
    return "\n".join([*head, *([f"# {note}"] if note else []), "set -eu", *lines]) + "\n"


def _one_line(text: str) -> str:
    # A chart's name ends up in a comment, which it must not leave.
    return " ".join(text.split())


def _yaml(content: dict[str, Any]) -> str:
    return _STYLE.joined(block(content, 0, _STYLE)) + "\n" if content else "{}\n"


def _if(plan: MirrorPlan, reference: ImageReference, flag: str) -> list[str]:
    return [flag] if plan.is_plain(reference) else []


def _platform_flag(plan: MirrorPlan, copy: Copy) -> list[str]:
    return [word for platform in plan.platforms_for(copy) for word in ("--platform", platform)]


def _regsync_platforms(plan: MirrorPlan, copy: Copy) -> dict[str, Any]:
    platforms = plan.platforms_for(copy)
    if len(platforms) == 1:
        return {"platform": platforms[0]}
    return {"platforms": list(platforms)} if platforms else {}


def _check_platforms(plan: MirrorPlan, tool: str) -> None:
    """Refuse several platforms for a tool that copies all or one."""
    if len(plan.platforms) > 1:
        raise InputError(
            f"{tool} copies all platforms or one, not {' and '.join(plan.platforms)}",
            hint="leave --platform out, name one, or take --format regsync or --run",
        )


def _override(platform: str) -> list[str]:
    names = ("--override-os", "--override-arch", "--override-variant")
    return [word for pair in zip(names, platform.split("/"), strict=False) for word in pair]


def _docker_pull(copy: Copy, platform: str) -> list[list[str]]:
    source, target = copy.source_text, _tagged(copy)
    return [
        ["docker", "pull", "--platform", platform, source],
        ["docker", "tag", source, target],
        ["docker", "push", target],
    ]


def _tagged(copy: Copy) -> str:
    """The target for tools that push tags only; a tag made of the digest where there is none."""
    return copy.target_text if copy.target.tag else f"{copy.target.name}:{copy.target.digest.replace(':', '-')}"


def _renamed(copy: Copy) -> bool:
    return copy.source.repository != copy.target.repository


def _sync_destination(copies: Sequence[Copy]) -> tuple[bool, str]:
    """Whether `skopeo sync` is to keep whole names, and the destination it then needs: the same for all images."""
    for scoped in (False, True):
        places = {
            _place(copy, copy.source.name if scoped else copy.source.repository.rpartition("/")[2]) for copy in copies
        }
        if len(places) == 1 and (place := places.pop()):
            return scoped, place
    raise InputError(
        "skopeo sync gives images other names than these: the last part of a name, or all of it",
        hint="take --format skopeo, or --layout leaf or source without --map",
    )


def _place(copy: Copy, kept: str) -> str:
    name = copy.target.name
    return name.removesuffix(f"/{kept}") if name.endswith(f"/{kept}") else ""
