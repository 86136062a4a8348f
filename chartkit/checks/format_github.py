"""Reports as workflow commands of GitHub Actions: `::error file=values.yaml,line=3,col=15,title=CK101::...`."""

from __future__ import annotations

from typing import Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.report import Report

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(report: Report) -> str:
    """A command for each finding, the worst first, since GitHub shows only the first few; then the summary."""
    findings = sorted(report.findings, key=lambda finding: -finding.severity)
    lines = [_command(finding) for finding in findings]
    return "".join(f"{line}\n" for line in (*lines, *report.summary))


def _command(finding: Finding) -> str:
    places = {"file": finding.file.removeprefix("./")}
    if finding.line is not None:
        places |= {"line": str(finding.line), "endLine": str(finding.line), "col": str(finding.column)}
    places["title"] = f"chartkit {finding.rule}"
    properties = ",".join(f"{name}={_property(value)}" for name, value in places.items() if value)
    where = f" (in {finding.where})" if finding.where else ""
    message = "\n".join(filter(None, (f"{finding.message}{where}", finding.fix)))
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
