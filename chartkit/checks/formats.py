"""The forms in which a report is printed; each is a module of its own, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from chartkit.checks.report import Report

FORMATS: Final = {
    "text": "for people: a finding a line, with what to do below",
    "json": "for programs; its `version` changes when a key changes its meaning or goes away",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for test reports: what makes the run fail is a failure",
    "github": "workflow commands of GitHub Actions, shown at the lines of a change",
    "markdown": "a table, for the summary of a job",
}
"""What there is, and what it is for."""


def write(report: Report, form: str) -> str:
    """A report in one of `FORMATS`.

    Raises:
        KeyError: there is no such format.
    """
    if form not in FORMATS:
        raise KeyError(form)
    text = import_module(f"chartkit.checks.format_{form}").write(report)
    assert isinstance(text, str)
    return text
