"""What a report tells, as plain values: whatever prints it adds nothing and leaves nothing out.

No value of a key is in it that is not part of an image, or of a key named after one; free texts have their passwords
masked. `shown` is `None` where a key has a value that is not told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["good", "watch", "bad", "plain"]
"""How a state is to be taken: all is well, somebody should look, something is wrong, or nothing is said."""
Outcome: TypeAlias = Literal["won", "empty", "unset", "passed over", "template"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file; no file where something is written nowhere, no line in flags."""

    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line is not None else self.file


@dataclass(frozen=True, slots=True)
class Step:
    """A key that was looked at for a part of an image.

    Attributes:
        path: the key; empty for the template's own text.
        outcome: what came of it.
        shown: what it held, if that is told.
        layer: what gave it.
        spot: where it is written.
        is_changed: whether a template changed its characters before they became the image's.
    """

    path: str
    outcome: Outcome
    shown: str | None = None
    layer: str = ""
    spot: Spot = Spot()
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A template's action, with its line."""

    spot: Spot
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an image, and the way to it.

    Attributes:
        name: `registry`, `repository`, `tag` or `digest`; `whole` where the text is no reference.
        text: the part; empty where the image has none.
        steps: the keys looked at, in order.
        written: the actions that wrote it, the innermost first.
    """

    name: str
    text: str
    steps: tuple[Step, ...] = ()
    written: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """An image at one place of a render.

    Attributes:
        number: its number in the report, from 1.
        target: the target of the configuration; empty where there is but one render.
        text: the image as it is written.
        name: registry and repository, as they are pulled.
        workload: the object, `Deployment/web`.
        place: what kind of place it is: `pod`, `env`, `custom resource`, ...
        field: the last step to it in the object: `image`, `value`.
        standing: whether it comes from where it should: `any` if nothing is expected.
        spot: where it stands in what was rendered, or in the file it is written in.
        is_rendered: whether a chart gave it.
        findings: the numbers of the findings about it.
    """

    number: int
    target: str
    text: str
    name: str
    registry: str
    repository: str
    tag: str
    digest: str
    workload: str
    namespace: str
    container: str
    place: str
    field: str
    events: tuple[str, ...]
    certainty: str
    standing: str
    fault: str
    spot: Spot
    is_rendered: bool
    parts: tuple[Part, ...]
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, or several that say the same of several places.

    Attributes:
        number: its number in the report, from 1.
        where: the objects and containers that it was made in.
        fails: whether it makes the report fail.
        images: the numbers of the images that it is about.
    """

    number: int
    rule: str
    title: str
    severity: str
    message: str
    where: tuple[str, ...]
    spot: str
    key: str
    fix: str
    target: str
    fails: bool
    images: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pull:
    """How an image in a pod is pulled.

    Attributes:
        verdict: the verdict's name, and `said` the same for people.
        account: the service account that gives the secrets, where the pod lists none.
        reason: why it cannot be pulled, if it cannot.
    """

    target: str
    workload: str
    namespace: str
    container: str
    image: str
    verdict: str
    said: str
    tone: Tone
    secrets: tuple[str, ...]
    account: str
    reason: str


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry: how many different images are from it, at how many places, and whether they should be."""

    name: str
    images: int
    places: int
    standing: str


@dataclass(frozen=True, slots=True)
class Giver:
    """A part of an image and the key that gave it."""

    part: str
    text: str
    key: str
    layer: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Changed:
    """A difference between two sets of values.

    Attributes:
        kind: `moved`, `retagged`, `removed` or `added`.
        before: the image with the other values; empty if it is added.
        after: the image with the values of this report; empty if it is removed.
        where: the objects that use it.
        before_by: what gave the parts that differ.
        after_by: the same with the values of this report.
    """

    kind: str
    before: str
    after: str
    where: tuple[str, ...]
    before_by: tuple[Giver, ...] = ()
    after_by: tuple[Giver, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sets of values side by side: what the one is called, what the other, and how many images are the same."""

    before: str
    after: str
    same: int
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Render:
    """One render that the report is about.

    Attributes:
        subject: the chart's path; or the files that are no chart.
        values: the values files.
        flags: the other flags that count, without secret values.
        outcome: what the checks say in a line.
        failure: why it could not be rendered.
    """

    target: str
    chart: str
    version: str
    app_version: str
    subject: str
    values: tuple[str, ...]
    flags: tuple[str, ...]
    release: str
    namespace: str
    expect: tuple[str, ...]
    allow: tuple[str, ...]
    outcome: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the report comes to.

    Attributes:
        state: `passed`, `failed`, or `broken` where something could not be judged.
        headline: the same in a sentence.
        cautions: what a reader must know before signing.
    """

    state: str
    headline: str
    errors: int
    warnings: int
    infos: int
    fail_on: str
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A report.

    Attributes:
        chartkit: the version that made it.
        helm: the Helm that was reproduced.
        made: when, where the time is fixed from outside; empty otherwise, so that the same input gives the same text.
    """

    chartkit: str
    helm: str
    made: str
    verdict: Verdict
    renders: tuple[Render, ...]
    images: tuple[Image, ...]
    findings: tuple[Told, ...]
    pulls: tuple[Pull, ...]
    registries: tuple[Registry, ...]
    comparison: Comparison | None = None
