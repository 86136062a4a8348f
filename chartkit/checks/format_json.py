"""Reports for programs.

    {"version": 1, "tool": {"name", "version"}, "exitCode", "counts": {"error", "warning", "info"}, "summary": [...],
     "findings": [{"rule", "severity", "message", "image", "resource": {"kind", "name", "namespace"}, "container",
                   "file", "line", "column", "key", "fix", "chart", "target", "fingerprint"}]}

Every key is always there: a text that is not known is empty, a number that is not known is null.
"""

from __future__ import annotations

from json import dumps
from typing import Any, Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.report import Report
from chartkit.version import __version__

VERSION: Final = 1


def write(report: Report) -> str:
    """The report as one JSON object."""
    content = {
        "version": VERSION,
        "tool": {"name": "chartkit", "version": __version__},
        "exitCode": report.exit_code,
        "counts": {str(severity): report.count(severity) for severity in sorted(Severity, reverse=True)},
        "summary": list(report.summary),
        "findings": [_finding(finding) for finding in report.findings],
    }
    return f"{dumps(content, indent=2)}\n"


def _finding(finding: Finding) -> dict[str, Any]:
    resource = finding.resource
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "image": finding.image,
        "resource": {"kind": resource.kind, "name": resource.name, "namespace": resource.namespace},
        "container": finding.container,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "key": finding.key,
        "fix": finding.fix,
        "chart": finding.chart,
        "target": finding.target,
        "fingerprint": finding.fingerprint,
    }
