"""`chartkit render`: the manifests that values files give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.cli.charts import choose_chart
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, tell
from chartkit.cli.flags import Flag, read_words
from chartkit.cli.helm_flags import HELM, OURS
from chartkit.cli.pipeline import Job, deliver
from chartkit.cli.request import chosen_profile, read_capabilities, read_release


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit render`; the result is the exit code."""
    profile = chosen_profile(arguments)
    words = read_words(arguments, COMMAND.flags, profile.major)
    values_files = (*words.others, *words.texts("values"))
    chart = choose_chart(words.text("chart"), values_files)
    for notice in (*words.notices, str(chart)):
        tell(notice)
    release = read_release(words, words.text("release") or None, profile)
    capabilities = read_capabilities(words, profile)
    deliver(Job(str(chart.path), words, profile, release, capabilities, values_files))
    return CLEAN


COMMAND: Final = Command(
    name="render",
    usage="[OPTIONS] [VALUES]...",
    help="Print the manifests that values files give, byte for byte as Helm would. Without --chart, the chart is the "
    "one named in the nearest chartkit.yaml, or the one the values file lies in, or the Orkes chart that comes along.",
    flags=(
        Flag("chart", "the chart: a folder or a .tgz archive", "text"),
        Flag("release", "the name of the release (default: release-name)", "text"),
        Flag("images-only", "print only the lines that name images"),
        *HELM,
        *OURS,
    ),
    run=run,
)
