"""What a report says of a render before anything else: chart, version, values, flags and what is expected."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from chartkit.checks.expect_registry import Expectation
from chartkit.checks.subject import Subject
from chartkit.cli.checking import Task
from chartkit.cli.flags import Words
from chartkit.cli.other_inputs import OtherInputs

if TYPE_CHECKING:
    from chartkit.report.discretion import Discretion
    from chartkit.report.model import Render

_ASSIGNMENTS: Final = ("set", "set-string", "set-json", "set-literal", "set-file")
_TOLD: Final = (
    *("kube-version", "api-versions", "is-upgrade", "name-template", "skip-schema-validation", "helm", "seed"),
    *("count", "certainty", "profile", "strict", "fail-on", "secret", "node-credentials", "public", "private"),
)
"""The flags that change what a report says; the others are about logins, caches and output."""


def about(
    task: Task, subject: Subject | None, expectation: Expectation, words: Words, discretion: Discretion
) -> Render:
    """What a report says of the render of a chart."""
    from chartkit.report.model import Render

    job, metadata = task.job, subject.chart.metadata if subject else None
    return Render(
        target=task.name,
        chart=metadata.name if metadata else "",
        version=metadata.version if metadata else "",
        app_version=metadata.app_version if metadata else "",
        subject=shown_path(job.chart),
        values=tuple("<stdin>" if name == "-" else name for name in job.values_files),
        flags=tuple(_flags(job.words, words, discretion)),
        release=job.release.name,
        namespace=job.release.namespace,
        expect=tuple(pattern.text for pattern in expectation.registries),
        allow=tuple(pattern.text for pattern in expectation.allow),
        outcome="",
    )


def about_others(other: OtherInputs, expectation: Expectation) -> Render:
    """What a report says of files that are no chart."""
    from chartkit.report.model import Render

    return Render(
        target="",
        chart="",
        version="",
        app_version="",
        subject=", ".join(other.names),
        values=(),
        flags=(),
        release="",
        namespace="",
        expect=tuple(pattern.text for pattern in expectation.registries),
        allow=tuple(pattern.text for pattern in expectation.allow),
        outcome="",
    )


def shown_path(name: str) -> str:
    """A path as one would type it in the working folder, if it lies in that."""
    if not os.path.exists(name):
        return name
    relative = os.path.relpath(name)
    return name if relative.startswith(os.pardir) else relative


def _flags(of_job: Words, words: Words, discretion: Discretion) -> Iterator[str]:
    """The flags that count; of what is set only what may be told."""
    for name in _ASSIGNMENTS:
        # A target of the configuration sets values too: those are in the words of the job.
        for text in of_job.texts(name):
            yield f"--{name} {discretion.assignment(text)}"
    for name in _TOLD:
        value = words.given.get(name, of_job.given.get(name))
        if value is True:
            yield f"--{name}"
        elif isinstance(value, list):
            yield from (f"--{name} {text}" for text in value)
        elif value:
            yield f"--{name} {value}"
