"""How bad a rule's remarks are, and the findings that are made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, Protocol

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.ignores import is_ignored
from chartkit.checks.rule import Remark, Rule
from chartkit.checks.subject import Subject
from chartkit.images.use import Resource
from chartkit.record import dataclass, field

OFF: Final = "off"
PROFILES: Final = ("default", "prod")


class Setting(Protocol):
    """What a configuration says of a rule."""

    @property
    def level(self) -> str:
        """`error`, `warning`, `info`, `off`, or the empty string."""

    @property
    def ignore(self) -> Sequence[str]:
        """Patterns of files, images and values keys."""


@dataclass(frozen=True, slots=True)
class Levels:
    """How bad the findings of each rule are.

    Attributes:
        profile: `default`, or `prod`, which raises some.
        is_strict: whether the rules that have a stricter level use it.
        settings: what the configuration says of single rules; it goes before all else.
    """

    profile: str = "default"
    is_strict: bool = False
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def severity(self, rule: Rule, remark: Remark) -> Severity:
        """How bad a remark of a rule is."""
        setting = self.settings.get(rule.id)
        if setting is not None and setting.level not in ("", OFF):
            return Severity.named(setting.level)
        if remark.severity is not None:
            return remark.severity
        raised = [
            rule.in_production if self.profile == "prod" else None,
            rule.in_strict if self.is_strict else None,
        ]
        return max((rule.severity, *(level for level in raised if level is not None)))

    def skips(self, finding: Finding) -> bool:
        """Whether a finding is not to be told: by a comment, or by the configuration.

        The configuration switches rules off, or has patterns that fit the file, the image or the key.
        """
        setting = self.settings.get(finding.rule)
        if is_ignored(finding) or (setting is not None and setting.level == OFF):
            return True
        patterns = setting.ignore if setting is not None else ()
        told = [text for text in (finding.file, finding.image, finding.key, finding.target) if text]
        return any(fnmatchcase(text, pattern) for pattern in patterns for text in told)


def finding_of(rule: Rule, remark: Remark, subject: Subject, levels: Levels) -> Finding:
    """A remark as a finding of a rule."""
    use = remark.use
    return Finding(
        rule=rule.id,
        severity=levels.severity(rule, remark),
        message=remark.message,
        image=use.text if use else "",
        file=_file(remark, subject),
        position=remark.position,
        fix=remark.fix or rule.fix,
        resource=use.resource if use else Resource(),
        container=use.container if use else "",
        key=remark.key,
        chart=subject.chart.name,
        target=subject.target,
    )


def _file(remark: Remark, subject: Subject) -> str:
    """The file to look at: where the position is, else the template of the image, else the chart."""
    position = remark.position
    if position is not None and not position.source.name.startswith("--"):
        return subject.shown_file(position.source.name)
    inside = remark.use.manifest.file if remark.use else remark.resource_file
    return subject.shown_file(inside or f"{subject.chart.name}/Chart.yaml")
