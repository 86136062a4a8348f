"""What the commands about images work on: a chart with values, out of the words on the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from chartkit.cli.charts import choose_chart, start_folder
from chartkit.cli.exits import note, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.helm_flags import OURS, RELEASE, REMOTE, VALUES
from chartkit.cli.limits import LIMITS, gather_limits
from chartkit.cli.network import NETWORK
from chartkit.cli.pipeline import Job, located
from chartkit.cli.request import chosen_profile, read_capabilities, read_release
from chartkit.config import Target, load_config
from chartkit.profile import PROFILES, Profile

TARGET: Final = Flag("target", "a target of chartkit.yaml: its chart, values and release", "text")
SUBJECT: Final = (
    Flag("chart", "the chart: a folder, a .tgz archive, or an address: oci://, https://", "text"),
    *REMOTE,
    *NETWORK,
    Flag("release", "the name of the release (default: release-name)", "text"),
    TARGET,
    *VALUES,
    *RELEASE,
    *OURS,
    *LIMITS,
)
"""The flags that say what is rendered, the same for every command about images."""

_ARCHIVES: Final = (".tgz", ".tar.gz")


def read_command(arguments: Sequence[str], flags: Sequence[Flag]) -> tuple[Words, Profile]:
    """The words of a command line, and the Helm that is wanted: by `--helm`, or by the configuration.

    The limits of the configuration are among the words from then on.

    Raises:
        UsageError: the words make no sense.
    """
    profile = chosen_profile(arguments)
    words = read_words(arguments, flags, profile.major)
    for notice in words.notices:
        tell(notice)
    config = load_config(start_folder(words.others))
    if config is not None and config.helm and not words.text("helm"):
        profile = PROFILES[config.helm]
    gather_limits(words, config.limits if config else {})
    return words, profile


def job_of(words: Words, profile: Profile) -> Job:
    """The render that the words ask for; where they do not name the chart, standard error says which one it is.

    The words beside the flags are values files, and perhaps a chart among them, as with `helm template`.

    Raises:
        UsageError: two charts are named.
        InputError: there is no chart, or no such target.
    """
    charts = [word for word in words.others if is_chart(word)]
    values_files = [*(word for word in words.others if word not in charts), *words.texts("values")]
    if len(charts) + bool(words.text("chart")) > 1:
        raise UsageError(f"one chart at a time: {' and '.join(filter(None, [*charts, words.text('chart')]))}")
    named = words.text("chart") or "".join(charts)
    target = _target(words, values_files)
    if target is not None:
        words, values_files = with_target(words, target, values_files), [*target.values, *values_files]
        named = named or str(target.chart or "")
    if words.text("repo"):
        return job_with(words, profile, named, values_files)
    chosen = choose_chart(named, values_files)
    if not charts and "://" not in named and (target is None or target.chart is None):
        note(str(chosen))
    return job_with(words, profile, str(chosen.path), values_files)


def job_with(words: Words, profile: Profile, chart: str, values_files: Sequence[str]) -> Job:
    """The render of a chart with values files, and all else as the words say; a chart from elsewhere is fetched."""
    chart = located(chart, words)
    release = read_release(words, words.text("release") or None, profile)
    return Job(chart, words, profile, release, read_capabilities(words, profile), tuple(values_files))


def is_chart(word: str) -> bool:
    """Whether a word names a chart and not a values file: a folder, an archive, or the address of one."""
    return os.path.isdir(word) or word.endswith(_ARCHIVES) or word.startswith("oci://")


def with_target(words: Words, target: Target, values_files: Sequence[str] = ()) -> Words:
    """The words with those of a target before them; what the command line says counts more."""
    given = dict(words.given)
    for flag, text in (
        ("release", target.release),
        ("namespace", target.namespace),
        ("kube-version", target.kube_version),
    ):
        if text and flag not in given:
            given[flag] = text
    given["set"] = [*target.set, *words.texts("set")]
    given["api-versions"] = [*target.api_versions, *words.texts("api-versions")]
    return Words(given, list(values_files), words.notices, words.stdin)


def _target(words: Words, values_files: Sequence[str]) -> Target | None:
    name = words.text("target")
    if not name:
        return None
    config = load_config(start_folder(values_files))
    if config is None:
        raise UsageError(f"there is no configuration that could have a target {name}")
    renders = config.target(name).expand()
    if len(renders) > 1:
        raise UsageError(f"target {name} stands for {len(renders)} renders; name the values files of one")
    return renders[0]
