"""Reports as JUnit XML."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chartkit.checks.finding import Finding
from chartkit.checks.report import Report

# XML 1.0 has no way to write these characters.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT: Final = "\ufffd"


def write(report: Report) -> str:
    """A suite for each target and a case for each finding: a failure if it makes the run fail.

    A target without findings is a case that passed, so that it is seen to have been checked.
    """
    root = Element("testsuites", name="chartkit")
    targets = [*(finding.target for finding in report.findings), *(outcome.target for outcome in report.outcomes)]
    for target in dict.fromkeys(targets):
        _suite(root, target, report)
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, target: str, report: Report) -> None:
    findings = [finding for finding in report.findings if finding.target == target]
    failures = sum(report.fails(finding) for finding in findings)
    suite = SubElement(root, "testsuite", name=_clean(target or "chartkit"))
    for name, number in (("tests", max(len(findings), 1)), ("failures", failures), ("errors", 0)):
        suite.set(name, str(number))
    for finding in findings:
        _case(suite, finding, fails=report.fails(finding))
    if not findings:
        text = " ".join(outcome.text for outcome in report.outcomes if outcome.target == target)
        SubElement(suite, "testcase", classname="chartkit", name=_clean(text))


def _case(suite: Element, finding: Finding, *, fails: bool) -> None:
    name = f"{finding.rule} {finding.where or finding.key or finding.location}"
    case = SubElement(suite, "testcase", classname=f"chartkit.{finding.rule}", name=_clean(name))
    case.set("file", _clean(finding.file))
    if finding.line is not None:
        case.set("line", str(finding.line))
    text = _clean("\n".join(filter(None, (f"{finding.location}: {finding.message}", finding.fix))))
    if fails:
        failure = SubElement(case, "failure", type=finding.rule, message=_clean(finding.message))
        failure.text = text
    else:
        SubElement(case, "system-out").text = f"{finding.severity}: {text}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub(_REPLACEMENT, text)
