"""`chartkit init`: writes chartkit.yaml, and the files for pre-commit and CI, for the repository it stands in.

Nothing is overwritten without `--force`; what was written, and what was left alone, is said on standard error. A
.pre-commit-config.yaml that is there gets the hooks added at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note, tell
from chartkit.cli.flags import Flag, UsageError, read_words
from chartkit.cli.init_files import (
    add_hooks,
    configuration,
    github_workflow,
    gitlab_pipeline,
    pre_commit_configuration,
)
from chartkit.cli.repository import FoundChart, find_charts
from chartkit.config import NAMES, upwards
from chartkit.errors import ChartkitError, InputError
from chartkit.profile import NEWEST
from chartkit.version import __version__

PRE_COMMIT: Final = ".pre-commit-config.yaml"
GITHUB: Final = ".github/workflows/chartkit.yml"
GITLAB: Final = ".gitlab-ci.yml"


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit init`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    if words.others:
        raise UsageError(f"init takes no words beside its flags: {' '.join(words.others)}")
    root = _root()
    source = words.text("from", f"chartkit=={__version__}")
    charts = find_charts(root)
    if not charts:
        tell(f"no chart was found in {root}: name one in {NAMES[0]}")
    expect = words.texts("expect") or _registries(root, charts)
    wanted = {NAMES[0]: configuration(charts, expect)}
    if words.switch("pre-commit"):
        wanted[PRE_COMMIT] = pre_commit_configuration(source)
    if words.switch("github"):
        wanted[GITHUB] = github_workflow(source)
    if words.switch("gitlab"):
        wanted[GITLAB] = gitlab_pipeline(source)
    written = list(_write(root, wanted, source, force=words.switch("force")))
    if not written:
        raise InputError("nothing was written: all files are there already", hint="--force overwrites them")
    return CLEAN


def _root() -> Path:
    """The root of the repository around the working directory; the working directory where there is none."""
    above = list(upwards(Path()))
    return above[-1] if (above[-1] / ".git").exists() else Path()


def _registries(root: Path, charts: Sequence[FoundChart]) -> list[str]:
    """The registries that the images of the charts come from today, with all their values files."""
    found: set[str] = set()
    for chart in charts:
        for values in ((), *((file,) for file in chart.values)):
            try:
                found |= _registries_of(root / chart.path, [root / file for file in values])
            except ChartkitError as error:
                note(f"warning: {' with '.join(map(str, (chart.path, *values)))} does not render: {error}")
    return sorted(found)


def _registries_of(chart_path: Path, values: Sequence[Path]) -> set[str]:
    from chartkit.chart.loader import load_chart
    from chartkit.engine.compiled import compile_chart
    from chartkit.engine.release import Release
    from chartkit.images.find import find_images
    from chartkit.images.use import Certainty
    from chartkit.values.inputs import read_values

    chart = load_chart(chart_path)
    rendering = compile_chart(chart).render(read_values(chart, files=values), Release("release-name"))
    uses = (use for use in find_images(rendering) if use.certainty >= Certainty.LIKELY)
    return {use.reference.registry for use in uses if use.reference}


def _write(root: Path, wanted: dict[str, str], source: str, *, force: bool) -> Iterator[str]:
    from chartkit.adapters.files import write_atomic

    for name, text in wanted.items():
        path = root / name
        verb = "wrote"
        if path.exists() and not force:
            added = add_hooks(path.read_text(encoding="utf-8"), source) if name == PRE_COMMIT else None
            if added is None:
                tell(f"left alone: {path} (it is there already; --force overwrites it)")
                continue
            text, verb = added, "added the hooks to"
        write_atomic(path, text.encode())
        tell(f"{verb} {path}")
        yield name


COMMAND: Final = Command(
    name="init",
    usage="[OPTIONS]",
    help="Write chartkit.yaml for the repository around the working directory, with the charts and values files found "
    "in it, and on request the files for pre-commit, GitHub and GitLab. Files that are there are left alone.",
    flags=(
        Flag("expect", "the registries that images must come from (default: those they come from today)", "list"),
        Flag("pre-commit", f"write {PRE_COMMIT}, or add the hooks to it"),
        Flag("github", f"write {GITHUB}"),
        Flag("gitlab", f"write {GITLAB}"),
        Flag("from", f"what pip installs chartkit from in hooks and CI (default: chartkit=={__version__})", "text"),
        Flag("force", "overwrite files that are there"),
    ),
    run=run,
)
