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
    text += "".join(f"- {_cell(line)}\n" for line in report.summary)
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
    what = "<br>".join(_cell(text) for text in about if text)
    return f"| {finding.severity} | {finding.rule} | {_code(finding.location)} | {what} |\n"


def _cell(text: str) -> str:
    for character in "\\|<>*_`[]#":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def _code(text: str) -> str:
    return "`{}`".format(" ".join(text.split()).replace("`", "'").replace("|", "\\|")) if text else ""
