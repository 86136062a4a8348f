"""Records are held against the standard dataclasses."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, ClassVar

import pytest

from chartkit import recordmaker
from chartkit.recordmaker import replace


def _declare(dataclass: Any, field: Any) -> list[type]:
    @dataclass(frozen=True, slots=True)
    class Frozen:
        """With everything."""

        kind: ClassVar[str] = "k"
        number: int
        text: str = "t"
        items: list[int] = field(default_factory=list)
        _memo: list[int] = field(default_factory=list, init=False, repr=False)

        @property
        def double(self) -> int:
            return self.number * 2

    @dataclass(slots=True)
    class Mutable:
        """With work to do when it is made."""

        number: int = 1

        def __post_init__(self) -> None:
            self.number += 1

    @dataclass(slots=True)
    class Below(Mutable):
        """With a field more than its base."""

        other: str = "o"

    @dataclass(frozen=True, slots=True, eq=False)
    class ByIdentity:
        """Equal to itself alone."""

        number: int

    @dataclass(frozen=True)
    class Open:
        """Without slots."""

        number: int = 3
        text: str = field(default="x", repr=False)

        def __repr__(self) -> str:
            return "mine"

    return [Frozen, Mutable, Below, ByIdentity, Open]


OURS = _declare(recordmaker.dataclass, recordmaker.field)
STANDARD = _declare(dataclasses.dataclass, dataclasses.field)
MADE = [((1,), {}), ((1, "u"), {"items": [2]}), ((), {}), ((5,), {}), ((), {}), ((5, "p"), {}), ((1,), {}), ((), {})]
KINDS = [0, 0, 1, 1, 2, 2, 3, 4]


def _shown(value: Any) -> str:
    return repr(value).replace("test_record.", "").partition("<locals>.")[2]


@pytest.mark.parametrize(("kind", "given"), list(zip(KINDS, MADE, strict=True)))
def test_record_is_what_a_dataclass_is(kind: int, given: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    ours, standard = (kinds[kind](*given[0], **given[1]) for kinds in (OURS, STANDARD))
    again = OURS[kind](*given[0], **given[1])
    assert _shown(ours) == _shown(standard)
    assert (ours == again) is (standard == STANDARD[kind](*given[0], **given[1]))
    assert OURS[kind].__match_args__ == STANDARD[kind].__match_args__  # type: ignore[attr-defined]
    assert getattr(OURS[kind], "__slots__", None) == getattr(STANDARD[kind], "__slots__", None)
    assert (OURS[kind].__hash__ is None) is (STANDARD[kind].__hash__ is None)
    assert dataclasses.asdict(ours) == dataclasses.asdict(standard)
    assert [item.name for item in dataclasses.fields(ours)] == [item.name for item in dataclasses.fields(standard)]
    assert copy.deepcopy(ours) == ours or kind == 3


@pytest.mark.parametrize("given", [(), (1, 2, 3, 4)])
def test_wrong_arguments_are_refused(given: tuple[Any, ...]) -> None:
    for kinds in (OURS, STANDARD):
        with pytest.raises(TypeError):
            kinds[0](*given)


def test_frozen_record_cannot_be_changed() -> None:
    record: Any = OURS[0](1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.number = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del record.number


@pytest.mark.parametrize("replaced", [replace, dataclasses.replace])
def test_copy_with_changes_is_a_new_record(replaced: Any) -> None:
    record: Any = OURS[0](1, "u")
    other = replaced(record, text="v")
    assert (other.number, other.text, record.text) == (1, "v", "u")
    assert other._memo is not record._memo


def test_standard_dataclass_can_inherit_from_a_record() -> None:
    @dataclasses.dataclass
    class Further(OURS[2]):  # type: ignore[misc]
        last: int = 9

    record: Any = Further(1, "a", 2)
    assert (record.number, record.other, record.last) == (2, "a", 2)
    assert replace(record, last=3).last == 3


def test_default_factories_make_a_new_value_each_time() -> None:
    first, second = OURS[0](1), OURS[0](1)
    assert first.items is not second.items


def test_records_of_the_package_pickle() -> None:
    from chartkit.profile import HELM_3_17
    from chartkit.values.inputs import ValuesInput

    for value in (HELM_3_17, ValuesInput((), {"a": [1]})):
        assert pickle.loads(pickle.dumps(value)) == value
    assert hash(HELM_3_17) == hash(pickle.loads(pickle.dumps(HELM_3_17)))
