"""The findings of a run, and whether they make it fail."""

from __future__ import annotations

from collections.abc import Iterable

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.rule import Rule
from chartkit.record import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was checked of a target, and how it went; the target has no name where there is but one."""

    target: str
    text: str

    def __str__(self) -> str:
        return f"{self.target}: {self.text}" if self.target else self.text


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        findings: what is wrong, in the order of the files.
        outcomes: a line about each target.
        fail_level: the least severity that makes the run fail.
        is_broken: whether something could not be rendered, and so was not checked.
        is_unanswered: whether a registry could not be asked, so that something was not checked.
        rules: the rules of whole systems that were held too, for the formats that have a table of rules.
    """

    findings: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...] = ()
    fail_level: Severity = Severity.ERROR
    is_broken: bool = False
    is_unanswered: bool = False
    rules: tuple[Rule, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 or 3 if something could not be rendered or asked for, 1 if there is a finding that counts, else 0."""
        if self.is_broken or self.is_unanswered:
            return 2 if self.is_broken else 3
        return int(any(self.fails(finding) for finding in self.findings))

    @property
    def summary(self) -> tuple[str, ...]:
        """The outcomes as lines."""
        return tuple(str(outcome) for outcome in self.outcomes)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding makes the run fail."""
        return finding.severity >= self.fail_level

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
        outcomes=tuple(outcome for part in parts for outcome in part.outcomes),
        fail_level=min((part.fail_level for part in parts), default=Severity.ERROR),
        is_broken=any(part.is_broken for part in parts),
        is_unanswered=any(part.is_unanswered for part in parts),
        rules=tuple(dict.fromkeys(rule for part in parts for rule in part.rules)),
    )
