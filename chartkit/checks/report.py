"""The findings of a run, and whether they make it fail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chartkit.checks.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        findings: what is wrong, in the order of the files.
        summary: a line about each target: what was checked, and how it went.
        fail_level: the least severity that makes the run fail.
    """

    findings: tuple[Finding, ...]
    summary: tuple[str, ...] = ()
    fail_level: Severity = Severity.ERROR

    @property
    def exit_code(self) -> int:
        """1 if there is a finding that counts, else 0."""
        return int(any(finding.severity >= self.fail_level for finding in self.findings))

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def counts(self) -> str:
        """The findings in numbers: `2 errors, 1 warning`."""
        found = [(severity, self.count(severity)) for severity in sorted(Severity, reverse=True)]
        said = [f"{count} {_plural(severity, count)}" for severity, count in found if count]
        return ", ".join(said) or "nothing found"


def _plural(severity: Severity, count: int) -> str:
    return str(severity) if severity is Severity.INFO or count == 1 else f"{severity}s"


def joined(reports: Iterable[Report]) -> Report:
    """One report out of those of several targets."""
    parts = list(reports)
    return Report(
        findings=tuple(finding for part in parts for finding in part.findings),
        summary=tuple(line for part in parts for line in part.summary),
        fail_level=min((part.fail_level for part in parts), default=Severity.ERROR),
    )
