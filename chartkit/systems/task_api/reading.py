"""From JSON to the models: every complaint with its place, and all of them at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.rule import Rule
from chartkit.checks.spelling import meant
from chartkit.errors import InputError
from chartkit.reference import ImageReference, InvalidReference
from chartkit.systems.task_api.build import build_container, build_task
from chartkit.systems.task_api.complexity import InvalidComplexity, read_complexity
from chartkit.systems.task_api.fields import CONFIGS, HINTS, MODES, SIGNS, Dialect, fields_of
from chartkit.systems.task_api.json_file import JSONFile, Steps
from chartkit.systems.task_api.models import Container, Task
from chartkit.systems.task_api.quantity import InvalidQuantity, is_foreign, read_quantity
from chartkit.systems.task_api.rules import INVALID, OWN_COMPLEXITY, PARTIAL_REGISTRY, UNKNOWN_KEY, finding

_TYPES: Final = {"text": (str, "a text"), "flag": (bool, "true or false"), "map": (dict, "an object")}
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_TRUTH: Final = frozenset(("true", "false", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n"))
_CHANNELS: Final = ("inputs", "outputs")
_NEW_MODES: Final = [mode for mode in MODES[Dialect.RELEASED] if mode not in MODES[Dialect.SEED]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file.

    Attributes:
        file: the file.
        dialect: the dialect it is read in.
        findings: what is wrong with it, in the order of the places.
        is_definite: whether the file itself says the dialect, by keys that the other one does not have.
    """

    file: JSONFile
    dialect: Dialect
    findings: tuple[Finding, ...]
    is_definite: bool = False

    @property
    def is_valid(self) -> bool:
        """Whether the Task API takes it."""
        return not any(each.severity is Severity.ERROR for each in self.findings)

    def container(self) -> Container:
        """The processing container.

        Raises:
            InputError: the file is not valid.
        """
        self._refuse()
        return build_container(self.file.data, self.dialect)

    def task(self) -> Task:
        """The task.

        Raises:
            InputError: the file is not valid.
        """
        self._refuse()
        return build_task(self.file.data, self.dialect)

    def _refuse(self) -> None:
        errors = [each for each in self.findings if each.severity is Severity.ERROR]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            position = errors[0].position
            raise InputError(
                f"{errors[0].message}{more}",
                position=self.file.at() if position is None else position,  # type: ignore[arg-type]
                hint="chartkit task validate lists all of it",
            )


def read_model(file: JSONFile, model: str, dialect: Dialect | None = None) -> Reading:
    """Hold a file against a model, `ProcessingContainer` or `Task`.

    Args:
        file: the file.
        model: the model.
        dialect: the dialect; `None` to tell it by the keys.

    Raises:
        InputError: the keys of both dialects are in the file.
    """
    signs = list(_signs(file.data, model, ()))
    chosen = dialect or _dialect_of(file, signs)
    reader = _Reader(file, chosen)
    reader.check(file.data, model, ())
    found = sorted(reader.findings, key=lambda each: (each.line or 0, each.column or 0))
    return Reading(file, chosen, tuple(found), any(is_sure for _, _, is_sure in signs))


def is_container(file: JSONFile) -> bool:
    """Whether a file looks like one about a processing container, not like a task."""
    return isinstance(file.data, dict) and "templates" in file.data and "taskTemplate" not in file.data


def _dialect_of(file: JSONFile, signs: Iterable[tuple[Steps, Dialect, bool]]) -> Dialect:
    """The dialect that the keys of a file speak; the released one if they do not say."""
    known = list(signs)
    sure: dict[Dialect, Steps] = {}
    for steps, dialect, is_sure in known:
        if is_sure:
            sure.setdefault(dialect, steps)
    if len(sure) > 1:
        (one, first), (_, second) = sure.items()
        other = next(dialect for dialect in sure if dialect != one)
        raise InputError(
            f"{file.source.name} mixes two dialects: {first[-1]} is of {one} ({file.at_key(first)}), "
            f"{second[-1]} of {other}",
            position=file.at_key(second),
            hint=f"write {'complexity and input' if one is Dialect.SEED else 'scale_factor and volume_source'} "
            f"throughout, or say which one counts by --api",
        )
    return next(iter(sure), None) or next((dialect for _, dialect, _ in known), Dialect.RELEASED)


def _signs(value: Any, model: str, steps: Steps) -> Iterator[tuple[Steps, Dialect, bool]]:
    """Every key that speaks for a dialect, with whether it does for sure; `max_item_sum` is a value that does."""
    if not isinstance(value, dict):
        return
    for table, is_sure in ((SIGNS, True), (HINTS, False)):
        for key, dialect in table.get(model, {}).items():
            if key in value:
                yield (*steps, key), dialect, is_sure
    if model == "ScaleRule" and value.get("mode") in _NEW_MODES:
        yield (*steps, "mode"), Dialect.RELEASED, True
    for dialect in Dialect:
        for field in fields_of(model, dialect).values():
            if field.name in value and (dialect is Dialect.SEED or field.dialect is Dialect.RELEASED):
                yield from _signs_below(value[field.name], field.kind, (*steps, field.name))


def _signs_below(value: Any, kind: str, steps: Steps) -> Iterator[tuple[Steps, Dialect, bool]]:
    model = kind.split()[-1]
    if not model[:1].isupper():
        return
    for index, item in enumerate(value) if isinstance(value, list) else ((None, value),):
        yield from _signs(item, model, steps if index is None else (*steps, index))


class _Reader:
    """One pass over a file; what is wrong goes to `findings`."""

    def __init__(self, file: JSONFile, dialect: Dialect) -> None:
        self.file = file
        self.dialect = dialect
        self.findings: list[Finding] = []

    def check(self, value: Any, model: str, steps: Steps) -> None:
        """Check the fields of an object."""
        if not isinstance(value, dict):
            self._fault(f"{_shown(steps)} must be an object", steps)
            return
        fields = fields_of(model, self.dialect)
        for name in value:
            if name not in fields:
                self._unknown(name, list(fields), model, steps)
        for name, field in fields.items():
            if value.get(name) is not None:
                self._field(value[name], field.kind, (*steps, name))
            elif field.is_required:
                said = f"must not be null: {_shown((*steps, name))}" if name in value else f"{name} is missing in"
                self._fault(said if name in value else f"{said} {_shown(steps)}", (*steps, name))
        self._sense(value, model, steps)

    def _field(self, value: Any, kind: str, steps: Steps) -> None:
        if kind.startswith("list of "):
            if self._is(value, list, "a list", steps):
                for index, item in enumerate(value):
                    self.check(item, kind.split()[-1], (*steps, index))
        elif kind.startswith("text or "):
            if not isinstance(value, str):
                self.check(value, kind.split()[-1], steps)
        # Kaapana tries the kinds in this order too, so that a config without a type is one for Kubernetes.
        elif kind == "config":
            said = value.get("type") if isinstance(value, dict) else None
            self.check(value, CONFIGS.get(str(said or "k8s"), "BaseConfig"), steps)
        elif kind[:1].isupper():
            self.check(value, kind, steps)
        else:
            self._plain(value, kind, steps)

    def _plain(self, value: Any, kind: str, steps: Steps) -> None:
        if kind in _TYPES:
            self._is(value, *_TYPES[kind], steps)
        elif kind in ("integer", "api version"):
            self._whole(value, kind, steps)
        elif kind in ("texts", "maps"):
            self._items(value, str if kind == "texts" else dict, steps)
        elif kind == "quantities":
            self._quantities(value, steps)
        elif kind == "complexity":
            self._complexity(value, steps)
        elif kind == "regex":
            self._regex(value, steps)
        else:
            words = MODES[self.dialect] if kind == "mode" else tuple(kind.split()[2:])
            if value not in words:
                self._fault(f"{_shown(steps)} must be {' or '.join(words)}, and is {value}", steps)

    def _is(self, value: Any, kind: type, wanted: str, steps: Steps) -> bool:
        if isinstance(value, kind):
            return True
        self._fault(f"{_shown(steps)} must be {wanted}, and is {_type(value)}", steps)
        return False

    def _whole(self, value: Any, kind: str, steps: Steps) -> None:
        # To Python true and false are whole numbers; to nobody else.
        if type(value) is not int:
            self._fault(f"{_shown(steps)} must be a whole number, and is {_type(value)}", steps)
        elif kind == "api version" and value != 1:
            self._fault(f"{_shown(steps)} must be 1, and is {value}", steps)

    def _items(self, value: Any, kind: type, steps: Steps) -> None:
        if self._is(value, list, "a list", steps):
            for index, item in enumerate(value):
                self._is(item, kind, "a text" if kind is str else "an object", (*steps, index))

    def _quantities(self, value: Any, steps: Steps) -> None:
        for name, amount in value.items() if self._is(value, dict, "an object", steps) else ():
            here = (*steps, name)
            if type(amount) is not int and not isinstance(amount, str):
                self._fault(f"{_shown(here)} must be an amount, and is {_type(amount)}", here)
                continue
            try:
                number = read_quantity(amount)
            except InvalidQuantity as error:
                self._fault(f"{_shown(here)}: {error}", here)
                continue
            if number < 0:
                self._fault(f"{_shown(here)} must not be negative, and is {amount}", here)
            elif is_foreign(amount) and name != "memory":
                self._fault(f"{_shown(here)}: Kubernetes does not know the unit of {amount}", here)

    def _complexity(self, value: Any, steps: Steps) -> None:
        if not self._is(value, str, "a text", steps):
            return
        try:
            complexity = read_complexity(value)
        except InvalidComplexity as error:
            self._fault(f"{_shown(steps)}: {error}", steps)
            return
        if complexity.coefficient < 0:
            self._fault(f"{_shown(steps)}: memory cannot shrink below nothing: {value}", steps)
        elif not complexity.is_known_upstream:
            severity = Severity.WARNING if complexity.is_odd else None
            self._note(OWN_COMPLEXITY, f"{_shown(steps)}: Kaapana cannot compute {value}", steps, severity)

    def _regex(self, value: Any, steps: Steps) -> None:
        if not self._is(value, str, "a text", steps):
            return
        try:
            re.compile(value)
        except re.error as error:
            self._fault(f"{_shown(steps)} is no regular expression: {error}", steps)

    # -- what the types alone do not say -----------------------------------------------------------------------------

    def _sense(self, value: dict[str, Any], model: str, steps: Steps) -> None:
        if model == "ProcessingContainer":
            self._once(value.get("templates"), "identifier", (*steps, "templates"))
        elif model == "TaskTemplate":
            self._channels(value, steps)
            # An output may lie where an input does: it is mounted once then.
            for name in _CHANNELS:
                self._once(value.get(name), "mounted_path", (*steps, name))
        elif model == "Task":
            self._channels(value, steps)
            self._image(value.get("image"), (*steps, "image"))
        elif model == "TaskTemplateEnv":
            self._variable(value, steps)
        elif model == "ScaleRule":
            self._scale_rule(value, steps)
        elif model == "K8sConfig":
            self._registry(value, steps)

    def _channels(self, value: dict[str, Any], steps: Steps) -> None:
        for name in (*_CHANNELS, "env"):
            self._once(value.get(name), "name", (*steps, name))

    def _once(self, items: Any, key: str, steps: Steps) -> None:
        """Complain of items that have the same text under a key."""
        texts = [item.get(key) if isinstance(item, dict) else None for item in items if True] if _is_list(items) else []
        counts = Counter(text for text in texts if isinstance(text, str))
        seen: set[str] = set()
        for index, text in enumerate(texts):
            if isinstance(text, str) and counts[text] > 1 and text in seen:
                self._fault(f"{_shown(steps)} has the {key} {text} twice", (*steps, index, key))
            seen |= {text} if isinstance(text, str) else set()

    def _image(self, value: Any, steps: Steps) -> None:
        # It becomes a word of a command line, where what is no reference could be an option.
        try:
            ImageReference.parse(value if isinstance(value, str) else "x")
        except InvalidReference as error:
            self._fault(f"{_shown(steps)} is no image: {value}: {error}", steps)

    def _variable(self, value: dict[str, Any], steps: Steps) -> None:
        text, choices = value.get("value"), value.get("choices")
        if not isinstance(text, str):
            return
        here = (*steps, "value")
        if _is_list(choices) and choices and text not in choices:
            self._fault(f"{_shown(here)} must be {' or '.join(map(str, choices))}, and is {text}", here)
        problem = type_problem(text, str(value.get("type") or "")) if self.dialect is Dialect.SEED else ""
        if problem:
            self._fault(f"{_shown(here)} {problem}", here)

    def _scale_rule(self, value: dict[str, Any], steps: Steps) -> None:
        factor, folder = value.get("scale_factor"), value.get("target_dir")
        if self.dialect is Dialect.RELEASED and type(factor) is int and factor < 0:
            self._fault(f"{_shown((*steps, 'scale_factor'))} must not be negative", (*steps, "scale_factor"))
        if isinstance(folder, str) and (folder.startswith("/") or ".." in folder.split("/")):
            self._fault(f"{_shown((*steps, 'target_dir'))} must lie within the channel", (*steps, "target_dir"))
        glob = value.get("target_glob")
        if isinstance(glob, str) and (glob.startswith("/") or ".." in glob.split("/")):
            self._fault(f"{_shown((*steps, 'target_glob'))} must lie within the channel", (*steps, "target_glob"))

    def _registry(self, value: dict[str, Any], steps: Steps) -> None:
        names = ("registryUrl", "registryUsername", "registryPassword")
        there = [name for name in names if value.get(name)]
        if there and len(there) < len(names):
            missing = " and ".join(name for name in names if name not in there)
            self._note(PARTIAL_REGISTRY, f"{there[0]} is there, and {missing} is not", (*steps, there[0]))

    # -- complaints --------------------------------------------------------------------------------------------------

    def _unknown(self, name: str, known: list[str], model: str, steps: Steps) -> None:
        near = meant(name, known)
        fix = f"Did you mean {near}?" if near else ""
        position = self.file.at_key((*steps, name))
        message = f"{_shown((*steps, name))} is no key of {model} in the dialect {self.dialect}"
        self.findings.append(finding(UNKNOWN_KEY, message, position, fix=fix))

    def _fault(self, message: str, steps: Steps) -> None:
        self._note(INVALID, message, steps)

    def _note(self, rule: Rule, message: str, steps: Steps, severity: Severity | None = None) -> None:
        self.findings.append(finding(rule, message, self.file.at(steps), severity))


def type_problem(text: str, kind: str) -> str:
    """Why a text does not read as a type of variable; empty if it does."""
    if kind == "int" and not _WHOLE.fullmatch(text.strip()):
        return f"must be a whole number, and is {text or 'empty'}"
    if kind == "boolean" and text.strip().lower() not in _TRUTH:
        return f"must be true or false, and is {text or 'empty'}"
    return ""


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _shown(steps: Steps) -> str:
    """A way in words: `templates[0].env`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".") or "the file"


def _type(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
