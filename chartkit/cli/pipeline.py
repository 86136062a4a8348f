"""What `render` and `template` share: from flags to the text on standard output.

Nothing is printed or written before the whole render has succeeded.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from chartkit.ambient import Ambient
from chartkit.chart.dependency import check_installable
from chartkit.chart.loader import load_chart
from chartkit.cli.exits import tell
from chartkit.cli.flags import FALSE_WORDS, TRUE_WORDS, UsageError, Words, as_integer
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import compile_chart
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.errors import ChartkitError, InputError, TemplateError
from chartkit.goquote import quote
from chartkit.manifests.assemble import Assembled, AssembleOptions, assemble, raw_text
from chartkit.manifests.crds import chart_crds
from chartkit.profile import NEWEST, PROFILES, Profile
from chartkit.values.inputs import ValuesInput, read_values

_IMAGE_LINE: Final = re.compile(r"^[ \t]*(?:- +)*(image:[ \t].*)$", re.MULTILINE)
_DEFAULT_NAME: Final = "release-name"
_PLUGINS: Final = "Helm 4 takes plugins only, which chartkit does not run; with --helm 3.17 any program will do"
_CLUSTER: Final = "asks a Kubernetes cluster, and chartkit never does: leave it out, or use Helm"


@dataclass(frozen=True, slots=True)
class Job:
    """One render, as the command line asks for it."""

    chart: str
    words: Words
    profile: Profile
    release: Release
    capabilities: Capabilities
    values_files: tuple[str, ...]


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


def has_release(failure: ChartkitError) -> bool:
    """Whether Helm had made the release when it met this failure: it then advises to look at the output."""
    return isinstance(failure, TemplateError) or str(failure).startswith("chart requires kubeVersion")


def read_capabilities(words: Words, profile: Profile) -> Capabilities:
    """The cluster that is rendered for.

    Raises:
        UsageError: if a flag asks for a real one.
        InputError: if `--kube-version` is not a version.
    """
    _check_dry_run(words, profile)
    return Capabilities(words.text("kube-version"), tuple(words.texts("api-versions")), profile)


def _check_dry_run(words: Words, profile: Profile) -> None:
    asked = words.text("dry-run", "client")
    if asked == "server":
        raise UsageError(f"--dry-run=server {_CLUSTER}")
    if profile.major == 3:
        if asked not in ("", "client", "none", "true", "false"):
            raise UsageError(
                "Invalid dry-run flag. Flag must one of the following: false, true, none, client, server"
            )
    elif asked == "none" or asked in FALSE_WORDS:
        raise UsageError(f'invalid dry-run value ({quote(asked)}). Must be "server" or "client"')
    elif asked not in ("client", "unset") and asked not in TRUE_WORDS:
        raise UsageError(f'invalid dry-run value ({quote(asked)}). Must be "none", "server", or "client"')


def read_release(words: Words, name: str | None, profile: Profile) -> Release:
    """The release, by the name given, the name template, or Helm's default.

    Raises:
        UsageError: if two flags name the release.
        InputError: if the name is not one that Helm accepts.
    """
    if name is not None:
        for flag in ("generate-name", "name-template"):
            if words.given.get(flag):
                raise UsageError(f"cannot set --{flag} and also specify a name")
    elif words.text("name-template"):
        from chartkit.cli.name_template import name_from_template

        name = name_from_template(words.text("name-template"), _ambient(words, profile))
    namespace = words.text("namespace") or os.environ.get("HELM_NAMESPACE") or "default"
    return Release(name or _DEFAULT_NAME, namespace=namespace, is_install=not words.switch("is-upgrade"))


def deliver(job: Job) -> None:
    """Render, and print the result or write it to files."""
    assembled = _render(job)
    for warning in assembled.warnings:
        tell(f"warning: {warning}")
    folder = job.words.text("output-dir")
    if folder:
        from chartkit.cli.output_dir import write_folder

        _print(write_folder(assembled, folder, job.release.name if job.words.switch("release-name") else ""))
    elif job.words.switch("images-only"):
        _print("".join(f"{line}\n" for line in _IMAGE_LINE.findall(assembled.text)))
    else:
        _print(assembled.text)


def _render(job: Job) -> Assembled:
    words = job.words
    if not os.path.exists(job.chart):
        load_chart(job.chart, profile=job.profile)
    # Helm reads the values before the chart: of two faults it tells of the one in the values.
    values = _read_values(job)
    chart = load_chart(job.chart, profile=job.profile)
    check_installable(chart)
    job.release.check(job.profile)
    program = compile_chart(chart, job.profile)
    rendering = program.render(
        values,
        job.release,
        job.capabilities,
        ambient=_ambient(words, job.profile),
        skip_schema=words.switch("skip-schema-validation"),
    )
    for warning in rendering.warnings:
        tell(f"warning: {warning}")
    return _assemble(rendering, job)


def _read_values(job: Job) -> ValuesInput:
    words = job.words
    stdin = sys.stdin.buffer.read().decode("utf-8", "surrogateescape") if "-" in job.values_files else None
    return read_values(
        stdin=stdin,
        profile=job.profile,
        files=[_quoted(name) for name in job.values_files],
        set=words.texts("set"),
        set_string=words.texts("set-string"),
        set_json=words.texts("set-json"),
        set_file=words.texts("set-file"),
        set_literal=words.texts("set-literal"),
    )


def _quoted(name: str) -> str:
    """A file name that will not be split at its commas a second time."""
    return '"{}"'.format(name.replace('"', '""')) if "," in name or '"' in name else name


def _assemble(rendering: Rendering, job: Job) -> Assembled:
    words = job.words
    options = AssembleOptions(
        profile=job.profile,
        include_crds=words.switch("include-crds"),
        no_hooks=words.switch("no-hooks"),
        skip_tests=words.switch("skip-tests"),
        show_only=tuple(words.texts("show-only")),
        post_render=_post_renderer(words, job.profile),
    )
    try:
        return assemble(rendering.files, crds=chart_crds(rendering.chart), options=options)
    except TemplateError:
        if words.switch("debug"):
            _print(raw_text(rendering.files))
        raise


def _ambient(words: Words, profile: Profile) -> Ambient:
    from chartkit.adapters.clock import standing_clock, system_clock

    seed = words.text("seed")
    if not seed:
        return Ambient(profile, system_clock())
    return Ambient(profile, standing_clock(), random=random.Random(as_integer(seed)))


def _post_renderer(words: Words, profile: Profile) -> Callable[[str], str] | None:
    program = words.text("post-renderer")
    if not program:
        return None
    from chartkit.adapters.process import filter_text, find_program

    try:
        if profile.major > 3:
            raise UsageError(f"plugin: {{Name:{program} Type:postrenderer/v1}} not found", hint=_PLUGINS)
        command = [find_program(program), *words.texts("post-renderer-args")]
    except InputError as error:
        reason = str(error) if profile.major > 3 else f"unable to find binary at {program}: {error}"
        raise UsageError(
            f'invalid argument {quote(program)} for "--post-renderer" flag: {reason}', hint=error.hint
        ) from error
    # Helm gives it nothing to change when the manifests go into files.
    return None if words.text("output-dir") else lambda text: filter_text(command, text)


def _print(text: str) -> None:
    sys.stdout.flush()
    rest = memoryview(text.encode("utf-8", "surrogateescape"))
    # Python's unbuffered mode may write a part only, when the reader goes away.
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()
