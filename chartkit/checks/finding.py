"""One thing that is wrong, and where."""

from __future__ import annotations

from enum import IntEnum

from chartkit.checks.secret_names import masked_flag
from chartkit.images.use import Resource
from chartkit.record import dataclass
from chartkit.source import FixedPosition, Position


class Severity(IntEnum):
    """How bad a finding is; more is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()

    @classmethod
    def named(cls, name: str) -> Severity:
        """The severity of a name: `error`, `warning` or `info`.

        Raises:
            KeyError: there is none.
        """
        return cls[name.upper()]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        rule: the id of the rule, which never changes its meaning.
        severity: how bad it is.
        message: what is wrong, in one sentence.
        image: the image that it is about, as it was rendered.
        file: the file to look at: where `position` is, or else the template or chart that the image is from.
        position: the place to change, when it is known; in a flag, the flag's text.
        fix: what to do.
        resource: the object that the image is in.
        container: the container that it is in.
        key: the path of the values key to change.
        chart: the chart's name.
        target: the target of the configuration that was checked.
    """

    rule: str
    severity: Severity
    message: str
    image: str = ""
    file: str = ""
    position: Position | FixedPosition | None = None
    fix: str = ""
    resource: Resource = Resource()
    container: str = ""
    key: str = ""
    chart: str = ""
    target: str = ""

    @property
    def line(self) -> int | None:
        """The line in `file`, from 1."""
        return None if self.position is None or self.is_in_flag else self.position.line

    @property
    def column(self) -> int | None:
        """The column in `file`, from 1."""
        return None if self.position is None or self.is_in_flag else self.position.column

    @property
    def is_in_flag(self) -> bool:
        """Whether the place to change is on the command line."""
        return self.position is not None and self.position.source.name.startswith("--")

    @property
    def location(self) -> str:
        """The place for people: `prod.yaml:3:15`, `--set a=b`, or the file alone."""
        if self.position is not None and self.is_in_flag:
            # Reports are kept and passed on: what flags set passwords to has no place in them.
            flag = self.position.source
            return f"{flag.name} {masked_flag(flag.name, flag.text)}"
        return self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"

    @property
    def where(self) -> str:
        """The object and the container for people; empty for findings about values."""
        name = "/".join(filter(None, (self.resource.kind, self.resource.name)))
        return ", ".join(filter(None, (name, f"container {self.container}" if self.container else "")))

    @property
    def fingerprint(self) -> str:
        """What stays the same from run to run while the fault stays, whatever lines move."""
        from hashlib import sha256

        parts = (self.chart, self.target, self.resource.kind, self.resource.name, self.container, self.rule, self.key)
        subject = self.message if not (self.resource.name or self.key) else ""
        return sha256("\0".join((*parts, subject)).encode("utf-8", "surrogateescape")).hexdigest()[:32]
