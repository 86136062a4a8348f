"""What the commands share that render: from a job to a rendering, and to the text on standard output.

Nothing is printed or written before the whole render has succeeded.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from chartkit.chart.loader import load_chart
from chartkit.cli.exits import detail, note
from chartkit.cli.flags import UsageError, Words
from chartkit.cli.limits import held_to, read_limits
from chartkit.cli.request import POST_RENDER_FAILED, read_ambient, read_post_renderer
from chartkit.cli.screen import clear_line
from chartkit.codecache import CodeCache
from chartkit.engine.capabilities import Capabilities
from chartkit.engine.compiled import CompiledChart, compile_chart
from chartkit.engine.release import Release
from chartkit.engine.render import Rendering
from chartkit.errors import ChartkitError, TemplateError
from chartkit.manifests.assemble import Assembled, AssembleOptions, assemble, raw_text
from chartkit.manifests.crds import chart_crds
from chartkit.pattern import pattern
from chartkit.profile import Profile
from chartkit.record import dataclass
from chartkit.values.inputs import Given, ValuesInput, read_values

if TYPE_CHECKING:
    from chartkit.engine.trace import Trace

_IMAGE_LINE: Final = pattern(r"^[ \t]*(?:- +)*(image:[ \t].*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Job:
    """One render, as the command line asks for it."""

    chart: str
    words: Words
    profile: Profile
    release: Release
    capabilities: Capabilities
    values_files: tuple[str, ...]


def has_release(failure: ChartkitError) -> bool:
    """Whether Helm had made the release when it met this failure: it then advises to look at the output."""
    return isinstance(failure, TemplateError) or str(failure).startswith(
        ("chart requires kubeVersion", POST_RENDER_FAILED)
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A job whose chart and values are read."""

    job: Job
    program: CompiledChart
    values: ValuesInput

    def render(self) -> Rendering:
        """Render once."""
        with held_to(read_limits(self.job.words).seconds):
            return self.program.render(self.values, self.job.release, self.job.capabilities, **self._how())

    def trace(self) -> Trace:
        """Render once, and keep track of where every character came from."""
        with held_to(read_limits(self.job.words).seconds):
            return self.program.trace(self.values, self.job.release, self.job.capabilities, **self._how())

    def _how(self) -> dict[str, Any]:
        words = self.job.words
        skip_schema = words.switch("skip-schema-validation")
        return {"ambient": read_ambient(words, self.job.profile), "skip_schema": skip_schema, "installing": True}


def deliver(job: Job) -> None:
    """Render, and print the result or write it to files."""
    words = job.words
    post_render = read_post_renderer(words, job.profile)
    rendering = prepare(job).render()
    assembled = _assemble(rendering, job, post_render)
    for warning in (*rendering.warnings, *assembled.warnings):
        note(f"warning: {warning}")
    folder = words.text("output-dir")
    if folder:
        from chartkit.cli.output_dir import write_folder

        put(write_folder(assembled, folder, job.release.name if words.switch("release-name") else ""))
    elif words.switch("images-only"):
        put("".join(f"{line}\n" for line in _IMAGE_LINE.findall(assembled.text)))
    else:
        put(assembled.text)


def located(chart: str, words: Words) -> str:
    """The path of a chart, which is fetched if it is not on this disk.

    Raises:
        ChartError: there is no such chart or version.
        RegistryError: it cannot be had.
    """
    if "://" not in chart and not words.text("repo") and (os.path.exists(chart) or "/" not in chart):
        return chart
    # Imported here: a chart that is on this disk has no need of the network.
    from chartkit.cli.chart_sources import fetch_chart

    found = fetch_chart(chart, words)
    if found is None:
        return chart
    note(f"chart: {found} (from {chart})")
    return str(found)


def prepare(job: Job) -> Prepared:
    """Read the values and the chart."""
    if not os.path.exists(job.chart):
        load_chart(job.chart, profile=job.profile)
    read_limits(job.words)
    # Helm reads the values before the chart: of two faults it tells of the one in the values.
    values = _read_values(job)
    cache = _cache(job.words)
    path = os.path.abspath(job.chart) if os.path.isfile(job.chart) else job.chart
    chart = load_chart(path, profile=job.profile, limits=read_limits(job.words), cache=cache)
    given = ", ".join(layer.name for layer in values.layers) or "the chart's own"
    detail(f"chart {chart.name} {chart.metadata.version} from {path}, values: {given}, as Helm {job.profile.name}")
    return Prepared(job, compile_chart(chart, job.profile, cache=cache), values)


def _cache(words: Words) -> CodeCache | None:
    """The user's cache of compiled charts, unless it is not wanted."""
    if words.switch("no-cache"):
        return None
    from chartkit.adapters.cache import open_cache

    return open_cache()


def _read_values(job: Job) -> ValuesInput:
    return read_values(stdin=read_stdin(job), profile=job.profile, **given_by(job))


def given_by(job: Job) -> Given:
    """The values files and flags of a job, for `read_values`."""
    words = job.words
    return Given(
        files=[_quoted(name) for name in job.values_files],
        set=words.texts("set"),
        set_string=words.texts("set-string"),
        set_json=words.texts("set-json"),
        set_file=words.texts("set-file"),
        set_literal=words.texts("set-literal"),
    )


def read_stdin(job: Job) -> str | None:
    """The standard input, where a values file or a `--set-file` is called `-`."""
    wanted = any(name.strip() == "-" for name in job.values_files)
    if not wanted and not any("=-" in text for text in job.words.texts("set-file")):
        return None
    if job.words.stdin is None:
        job.words.stdin = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    return job.words.stdin


def _quoted(name: str) -> str:
    """A file name that will not be split at its commas a second time."""
    return '"{}"'.format(name.replace('"', '""')) if "," in name or '"' in name else name


def _assemble(rendering: Rendering, job: Job, post_render: Callable[[str], str] | None) -> Assembled:
    words = job.words
    patterns = words.texts("show-only")
    if patterns and words.text("output-dir"):
        raise UsageError(
            f"could not find template {patterns[0]} in chart", hint="--show-only does not go with --output-dir"
        )
    options = AssembleOptions(
        profile=job.profile,
        include_crds=words.switch("include-crds"),
        no_hooks=words.switch("no-hooks"),
        skip_tests=words.switch("skip-tests"),
        show_only=tuple(patterns),
        post_render=post_render,
    )
    try:
        return assemble(rendering.files, crds=chart_crds(rendering.chart), options=options)
    except TemplateError:
        if words.switch("debug"):
            put(raw_text(rendering.files))
        raise


def put(text: str) -> None:
    """Print a text on standard output; bytes that are not UTF-8 pass through."""
    clear_line()
    sys.stdout.flush()
    rest = memoryview(text.encode("utf-8", "surrogateescape"))
    # Python's unbuffered mode may write a part only, when the reader goes away.
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()
