"""`chartkit template`: a drop-in for `helm template`, with its words, its output and its errors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, exit_code, tell
from chartkit.cli.flags import UsageError, Words, read_words
from chartkit.cli.helm_flags import HELM, OURS
from chartkit.cli.pipeline import Job, deliver, has_release, located
from chartkit.cli.request import chosen_profile, read_capabilities, read_release
from chartkit.errors import ChartkitError
from chartkit.profile import Profile

_USAGE: Final = '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]'
_ADVICE: Final = "\n\nUse --debug flag to render out invalid YAML"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit template`; the result is the exit code."""
    debug = False
    try:
        profile = chosen_profile(arguments)
        words = read_words(arguments, COMMAND.flags, profile.major)
        debug = words.switch("debug")
        for notice in words.notices:
            tell(notice)
        deliver(_job(words, profile))
    except ChartkitError as failure:
        # Helm's words and nothing else, as scripts written for Helm may read them.
        tell(f"Error: {failure}{_ADVICE if has_release(failure) and not debug else ''}")
        return exit_code(failure)
    return CLEAN


def _job(words: Words, profile: Profile) -> Job:
    if not words.others:
        raise UsageError(_USAGE)
    *names, chart = words.others[:2]
    capabilities = read_capabilities(words, profile)
    if len(words.others) > 2:
        raise UsageError(f"expected at most two arguments, unexpected arguments: {', '.join(words.others[2:])}")
    release = read_release(words, names[0] if names else None, profile, os.environ.get("HELM_NAMESPACE", ""))
    path = located(chart.strip(), words)
    return Job(path, words, profile, release, capabilities, tuple(words.texts("values")))


COMMAND: Final = Command(
    name="template",
    usage="[OPTIONS] [NAME] CHART",
    help="Print the manifests of a chart: a drop-in for `helm template`. Flags of Helm that only matter to a cluster "
    "or to downloads are accepted and do nothing.",
    flags=(*HELM, *OURS),
    run=run,
)
