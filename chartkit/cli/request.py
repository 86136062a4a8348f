"""What the command line asks for beside values: the Helm, the cluster, the release, the post-renderer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from chartkit.ambient import Ambient
from chartkit.cli.flags import FALSE_WORDS, TRUE_WORDS, UsageError, Words, as_integer
from chartkit.cli.limits import read_limits
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.release import Release
from chartkit.errors import InputError
from chartkit.goquote import quote
from chartkit.profile import NEWEST, PROFILES, Profile

_DEFAULT_NAME: Final = "release-name"
_CLUSTER: Final = "asks a Kubernetes cluster, and chartkit never does: leave it out, or use Helm"
_PLUGINS: Final = "Helm 4 takes plugins only, which chartkit does not run; with --helm 3.17 any program will do"
POST_RENDER_FAILED: Final = "error while running post render on files"


def chosen_profile(arguments: Sequence[str]) -> Profile:
    """The Helm that `--helm` names; it must be known before the flags are read, as they differ between versions.

    Raises:
        UsageError: if there is no such profile.
    """
    chosen = NEWEST
    following = iter(arguments)
    for word in following:
        if word == "--":
            break
        if word == "--helm" or word.startswith("--helm="):
            name = word[len("--helm=") :] or next(following, "")
            if name not in PROFILES:
                raise UsageError(f'unknown version of Helm "{name}" for --helm: must be one of {", ".join(PROFILES)}')
            chosen = PROFILES[name]
    return chosen


def read_capabilities(words: Words, profile: Profile) -> Capabilities:
    """The cluster that is rendered for.

    Raises:
        UsageError: if a flag asks for a real one.
        InputError: if `--kube-version` is not a version.
    """
    capabilities = Capabilities(words.text("kube-version"), tuple(words.texts("api-versions")), profile)
    _check_dry_run(words, profile)
    return capabilities


def _check_dry_run(words: Words, profile: Profile) -> None:
    asked = words.text("dry-run", "client")
    if asked == "server":
        raise UsageError(f"--dry-run=server {_CLUSTER}")
    if profile.major == 3:
        if asked not in ("", "client", "none", "true", "false"):
            raise UsageError("Invalid dry-run flag. Flag must one of the following: false, true, none, client, server")
    elif asked == "none" or asked in FALSE_WORDS:
        raise UsageError(f'invalid dry-run value ({quote(asked)}). Must be "server" or "client"')
    elif asked not in ("client", "unset") and asked not in TRUE_WORDS:
        raise UsageError(f'invalid dry-run value ({quote(asked)}). Must be "none", "server", or "client"')


def read_release(words: Words, name: str | None, profile: Profile, namespace: str = "") -> Release:
    """The release, by the name given, the name template, or Helm's default.

    Args:
        words: the command line.
        name: the name given, if there is one.
        profile: the Helm that is reproduced.
        namespace: what counts when no flag names the namespace.

    Raises:
        UsageError: if two flags name the release.
        InputError: if the name template fails.
    """
    if name is not None:
        for flag in ("generate-name", "name-template"):
            if words.given.get(flag):
                raise UsageError(f"cannot set --{flag} and also specify a name")
    if name is None and words.text("name-template"):
        from chartkit.cli.name_template import name_from_template

        name = name_from_template(words.text("name-template"), read_ambient(words, profile))
    else:
        name = name or _DEFAULT_NAME
    namespace = words.text("namespace") or namespace or "default"
    return Release(name, namespace=namespace, is_install=not words.switch("is-upgrade"))


def read_ambient(words: Words, profile: Profile) -> Ambient:
    """Time and randomness: the machine's, or repeatable ones on `--seed`; and what the render may use."""
    from chartkit.adapters.clock import standing_clock, system_clock

    seed, limits = words.text("seed"), read_limits(words)
    if not seed:
        return Ambient(profile, system_clock(), limits=limits)
    from random import Random

    return Ambient(profile, standing_clock(), random=Random(as_integer(seed)), limits=limits)


def read_post_renderer(words: Words, profile: Profile) -> Callable[[str], str] | None:
    """The program that changes the manifests, if there is one.

    Raises:
        UsageError: if it cannot be run.
    """
    program = words.text("post-renderer")
    if not program:
        return None
    command = [_find_post_renderer(program, profile), *words.texts("post-renderer-args")]
    # Helm gives it nothing to change when the manifests go into files.
    return None if words.text("output-dir") else lambda text: _post_render(command, text)


def _find_post_renderer(program: str, profile: Profile) -> str:
    from chartkit.adapters.process import find_program

    refused, hint = f"plugin: {{Name:{program} Type:postrenderer/v1}} not found", _PLUGINS
    if profile.major == 3:
        try:
            return find_program(program)
        except InputError as error:
            refused, hint = f"unable to find binary at {program}: {error}", ""
    raise UsageError(f'invalid argument {quote(program)} for "--post-renderer" flag: {refused}', hint=hint)


def _post_render(command: Sequence[str], text: str) -> str:
    from chartkit.adapters.process import filter_text

    try:
        return filter_text(command, text)
    except InputError as error:
        raise InputError(f"{POST_RENDER_FAILED}: {error}") from error
