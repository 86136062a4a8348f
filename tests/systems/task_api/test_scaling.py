from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.systems.task_api.complexity import read_complexity
from chartkit.systems.task_api.merge import Channel, Instance
from chartkit.systems.task_api.models import Config, Resources, ScaleRule
from chartkit.systems.task_api.scaling import measure, memory_bytes, requirements, scaled

FILES = {
    "item-1/input/a.txt": 100,
    "item-1/input/b.dcm": 300,
    "item-2/input/a.txt": 50,
    "item-2/x/c.txt": 1000,
    "top.txt": 7,
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, size in FILES.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
    return tmp_path


def _rule(mode: str = "sum", complexity: str = "n", kind: str = "limit", **more: str) -> ScaleRule:
    return ScaleRule(read_complexity(complexity), kind, mode, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "total", "largest"),
    [
        ({}, 1457, 1000),
        ({"target_glob": "*.txt"}, 1157, 1000),
        ({"target_regex": r".*\.txt"}, 1157, 1000),
        ({"target_regex": "a.txt"}, 0, 0),
        ({"target_regex": "item-1/.*"}, 400, 300),
        ({"target_glob": "*.txt", "target_regex": r"item-\d/input/.*"}, 150, 100),
        ({"target_dir": "item-1/input"}, 400, 300),
        ({"target_dir": "item-1/input", "target_regex": "a.txt"}, 100, 100),
        ({"target_dir": "gone"}, 0, 0),
    ],
)
def test_the_size_of_a_channel(tree: Path, more: dict[str, str], total: int, largest: int) -> None:
    assert measure(tree / "data", _rule("sum", **more)) == total
    assert measure(tree / "data", _rule("max_file_size", **more)) == largest


@pytest.mark.parametrize(
    ("more", "size"),
    [({}, 1050), ({"target_dir": "input"}, 400), ({"target_glob": "*.dcm"}, 300), ({"target_dir": "gone"}, 0)],
)
def test_the_size_of_the_largest_item(tree: Path, more: dict[str, str], size: int) -> None:
    assert measure(tree / "data", _rule("max_item_sum", **more)) == size


@pytest.mark.parametrize("mode", ["sum", "max_file_size", "max_item_sum"])
def test_a_channel_without_data_has_no_size(tmp_path: Path, mode: str) -> None:
    assert measure(tmp_path / "gone", _rule(mode)) == 0
    assert measure(tmp_path, _rule(mode)) == 0


def _instance(resources: Resources, *rules: ScaleRule | None) -> Instance:
    inputs = tuple(Channel(f"c{index}", f"/c{index}", "data", rule) for index, rule in enumerate(rules))
    return Instance("t", "i", "x", (), inputs, (), None, resources, Config())


@pytest.mark.parametrize(
    ("static", "rules", "limits", "requests"),
    [
        ({}, (), {}, {}),
        ({"memory": "1Gi"}, (_rule(),), {"memory": "1Gi"}, {}),
        ({"memory": "1k"}, (_rule(),), {"memory": "1457"}, {}),
        ({"memory": "1k", "cpu": "2"}, (_rule(),), {"memory": "1457", "cpu": "2"}, {}),
        ({}, (_rule(), _rule(complexity="3*n")), {"memory": "4371"}, {}),
        ({}, (_rule("max_file_size", "n**2"),), {"memory": "1000000"}, {}),
        ({}, (_rule(kind="request"),), {}, {"memory": "1457"}),
        ({"memory": "512B"}, (), {"memory": "512"}, {}),
        ({"memory": "512.0B"}, (), {"memory": "512"}, {}),
        ({}, (_rule(complexity="0*n"),), {}, {}),
        ({}, (None,), {}, {}),
    ],
)
def test_memory_is_the_most_of_what_is_written_and_what_rules_ask_for(
    tree: Path, static: dict[str, str], rules: Any, limits: dict[str, str], requests: dict[str, str]
) -> None:
    assert scaled(_instance(Resources(static), *rules), tree) == Resources(limits, requests)


def test_headroom_multiplies_memory_alone(tree: Path) -> None:
    resources = Resources({"memory": "1Mi", "cpu": "1"}, {"memory": "100Ki"})
    found = scaled(_instance(resources), tree, Fraction(11, 10))
    assert found == Resources({"memory": "1153434", "cpu": "1"}, {"memory": "110Ki"})


def test_a_rule_for_less_than_nothing_is_refused(tree: Path) -> None:
    with pytest.raises(InputError, match="channel c0: -n makes -1457 bytes of 1457"):
        list(requirements(_instance(Resources(), _rule(complexity="-n")).inputs, tree))


def test_requirements_tell_how_they_come_about(tree: Path) -> None:
    (found,) = requirements(_instance(Resources(), _rule(complexity="2*n")).inputs, tree)
    assert (found.channel, found.size, found.memory) == ("c0", 1457, 2914)


@pytest.mark.parametrize(
    ("resources", "number"), [({}, None), ({"memory": "1Ki"}, 1024), ({"memory": "1500m"}, 2), ({"memory": "0"}, 0)]
)
def test_memory_in_bytes(resources: dict[str, str], number: int | None) -> None:
    assert memory_bytes(resources) == number
