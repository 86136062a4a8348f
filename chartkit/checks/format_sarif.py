"""Reports in SARIF 2.1.0 (OASIS), as code scanning takes them."""

from __future__ import annotations

from json import dumps
from typing import Any, Final
from urllib.parse import quote

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.report import Report
from chartkit.checks.rule import Rule
from chartkit.checks.rules import RULES
from chartkit.version import __version__

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_FINGERPRINT: Final = "chartkit/v1"


def write(report: Report) -> str:
    """The report as a SARIF log of one run, with the table of all rules."""
    rules = {**RULES, **{rule.id: rule for rule in report.rules}}
    run = {
        "tool": {
            "driver": {
                "name": "chartkit",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, list(rules)) for finding in report.findings],
    }
    return f"{dumps({'$schema': _SCHEMA, 'version': '2.1.0', 'runs': [run]}, indent=2)}\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.page},
        "help": {"text": f"{rule.page}\n\n{rule.fix}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    about = [finding.message, f"In {finding.where}." if finding.where else "", finding.fix]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(f"{text.rstrip('.')}." for text in about if text)},
        "locations": [{"physicalLocation": _location(finding)}],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
    }


def _location(finding: Finding) -> dict[str, Any]:
    path = finding.file.replace("\\", "/").removeprefix("./")
    artifact = {"uri": quote(path, errors="replace")}
    if path.startswith("/"):
        artifact["uri"] = f"file://{artifact['uri']}"
    else:
        artifact["uriBaseId"] = "%SRCROOT%"
    location: dict[str, Any] = {"artifactLocation": artifact}
    if finding.line is not None:
        location["region"] = {"startLine": finding.line, "startColumn": finding.column}
    return location
