"""Reports for people."""

from __future__ import annotations

from chartkit.checks.finding import Finding
from chartkit.checks.report import Report


def write(report: Report) -> str:
    """A finding in a line, what it is about and what to do below it; at the end what was checked."""
    lines = [line for finding in report.findings for line in _lines(finding)]
    if lines:
        lines.append("")
    lines += report.summary
    if report.findings or not report.summary:
        lines.append(report.counts)
    return "".join(f"{line}\n" for line in lines)


def _lines(finding: Finding) -> list[str]:
    lines = [f"{finding.location}: {finding.severity} {finding.rule}: {finding.message}"]
    about = [("target", finding.target), ("in", finding.where), ("key", finding.key), ("fix", finding.fix)]
    return lines + [f"    {word}: {text}" for word, text in about if text]
