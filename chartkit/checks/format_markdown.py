"""Reports as Markdown, for the summary of a job."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Finding
from chartkit.checks.report import Report

_LIMIT: Final = 900_000
_HEAD: Final = "| | rule | place | what |\n|---|---|---|---|\n"


def write(report: Report) -> str:
    """A heading that tells the outcome, what was checked, and a table of the findings.

    The summary of a job holds a megabyte: what does not fit is counted.
    """
    outcome = "failed" if report.exit_code else "passed"
    text = f"### chartkit: {outcome}, {report.counts}\n\n"
    text += "".join(f"- {cell(line)}\n" for line in report.summary)
    if not report.findings:
        return text
    text += f"\n{_HEAD}"
    size = 0
    for done, row in enumerate(map(_row, report.findings)):
        size += len(row.encode("utf-8", "replace"))
        if size > _LIMIT:
            return f"{text}\nand {len(report.findings) - done} more\n"
        text += row
    return text


def _row(finding: Finding) -> str:
    about = [finding.message, f"in {finding.where}" if finding.where else "", finding.fix]
    what = "<br>".join(cell(text) for text in about if text)
    return f"| {finding.severity} | {finding.rule} | {code(finding.location)} | {what} |\n"


def cell(text: str) -> str:
    """A text that means nothing to Markdown, on one line."""
    for character in "\\|<>*_`[]#":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def code(text: str) -> str:
    """A text as code in a cell of a table; nothing where there is none."""
    return "`{}`".format(" ".join(text.split()).replace("`", "'").replace("|", "\\|")) if text else ""
