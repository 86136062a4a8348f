"""What a rule is, and what it says of a subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from chartkit.checks.finding import Severity
from chartkit.checks.subject import Subject
from chartkit.images.use import ImageUse
from chartkit.record import dataclass
from chartkit.source import Position


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule has to say, before its id and severity are put to it.

    Attributes:
        message: what is wrong.
        position: the place to change, when it is known.
        key: the path of the values key to change.
        use: the image that it is about.
        fix: what to do, where the rule's own advice is too general.
        severity: how bad it is, where that is not the rule's own.
        resource_file: the file to look at, where there is neither a position nor an image.
    """

    message: str
    position: Position | None = None
    key: str = ""
    use: ImageUse | None = None
    fix: str = ""
    severity: Severity | None = None
    resource_file: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: never reused and never renamed.
        title: what it is about, in a few words.
        severity: how bad its findings are.
        fix: what to do about them.
        page: what `chartkit rule` says of it: why it matters, and an example.
        check: finds what is wrong with one subject.
        check_all: finds what is wrong between subjects.
        in_production: how bad its findings are under the profile `prod`.
        in_strict: how bad they are when the user asks for strictness.
    """

    id: str
    title: str
    severity: Severity
    fix: str
    page: str
    check: Callable[[Subject], Iterable[Remark]] | None = None
    check_all: Callable[[Sequence[Subject]], Iterable[tuple[Subject, Remark]]] | None = None
    in_production: Severity | None = None
    in_strict: Severity | None = None
