"""`chartkit render`: the manifests that values files give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN
from chartkit.cli.flags import Flag
from chartkit.cli.helm_flags import HELM, OURS
from chartkit.cli.limits import LIMITS
from chartkit.cli.pipeline import deliver
from chartkit.cli.subject import TARGET, job_of, read_command


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit render`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    deliver(job_of(words, profile))
    return CLEAN


COMMAND: Final = Command(
    name="render",
    usage="[OPTIONS] [VALUES]...",
    help="Print the manifests that values files give, byte for byte as Helm would. Without --chart, the chart is the "
    "one named in the nearest chartkit.yaml, or the one the values file lies in, or the Orkes chart that comes along.",
    flags=(
        Flag("chart", "the chart: a folder or a .tgz archive", "text"),
        Flag("release", "the name of the release (default: release-name)", "text"),
        TARGET,
        Flag("images-only", "print only the lines that name images"),
        # What Helm would wait for does not happen here; the time of the render itself does.
        *(flag for flag in HELM if flag.name != "timeout"),
        *OURS,
        *LIMITS,
    ),
    run=run,
)
