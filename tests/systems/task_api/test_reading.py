from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartkit.checks.finding import Severity
from chartkit.errors import InputError
from chartkit.source import Source
from chartkit.systems.task_api.fields import Dialect
from chartkit.systems.task_api.json_file import parse_json
from chartkit.systems.task_api.reading import Reading, is_container, read_model

FIXTURES = Path(__file__).parents[3] / "fixtures/task_api"
CONTAINER = json.loads((FIXTURES / "processing-container.json").read_text())
EXAMPLE = json.loads((FIXTURES / "example-container.json").read_text())
TASK = json.loads((FIXTURES / "task.json").read_text())

Change = Callable[[Any], None]


def _read(data: Any, model: str, dialect: Dialect | None = None) -> Reading:
    return read_model(parse_json(Source("f.json", json.dumps(data, indent=1))), model, dialect)


def _errors(reading: Reading) -> list[str]:
    return [each.message for each in reading.findings if each.severity is Severity.ERROR]


def _changed(data: Any, change: Change) -> Any:
    copied = copy.deepcopy(data)
    change(copied)
    return copied


def _released(task: Any) -> Any:
    copied = copy.deepcopy(task)
    for each in (*copied["inputs"], *copied["outputs"]):
        each["volume_source"] = each.pop("input")
    return copied


def test_the_examples_of_the_guide_are_of_the_seed_dialect() -> None:
    for data, model in ((CONTAINER, "ProcessingContainer"), (TASK, "Task"), (EXAMPLE, "ProcessingContainer")):
        reading = _read(data, model)
        assert reading.dialect is Dialect.SEED
        assert reading.is_valid


def test_in_the_released_dialect_the_container_is_valid_and_the_task_has_three_errors() -> None:
    container = _read(CONTAINER, "ProcessingContainer", Dialect.RELEASED)
    assert container.is_valid
    assert [each.rule for each in container.findings] == ["CK401", "CK401"]
    task = _read(TASK, "Task", Dialect.RELEASED)
    assert _errors(task) == [
        "volume_source is missing in inputs[0]",
        "volume_source is missing in inputs[1]",
        "volume_source is missing in outputs[0]",
    ]


def test_a_task_with_volume_sources_is_of_the_released_dialect() -> None:
    reading = _read(_released(TASK), "Task")
    assert reading.dialect is Dialect.RELEASED
    assert reading.is_definite
    assert reading.task() == _read(TASK, "Task").task()


def test_a_file_that_does_not_say_is_of_the_released_dialect() -> None:
    reading = _read({"name": "a", "image": "b", "taskTemplate": "c"}, "Task")
    assert reading.dialect is Dialect.RELEASED
    assert not reading.is_definite


def _scaled(rule: dict[str, Any]) -> Any:
    return {
        "identifier": "t", "description": "", "outputs": [], "env": [],
        "inputs": [{"name": "a", "mounted_path": "/a", "scale_rule": rule}],
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda task: task["inputs"][0].update(volume_source={"host_path": "x"}),
        lambda task: task["outputs"].__setitem__(0, {"name": "r", "volume_source": {"host_path": "x"}}),
        lambda task: task.update(taskTemplate=_scaled({"scale_factor": 2, "type": "limit", "mode": "sum"})),
        lambda task: task["inputs"][0].update(scale_rule={"complexity": "n", "type": "limit", "mode": "max_item_sum"}),
    ],
)
def test_two_dialects_in_one_file_are_refused(change: Change) -> None:
    with pytest.raises(InputError, match="mixes two dialects") as caught:
        _read(_changed(TASK, change), "Task")
    assert caught.value.position is not None


def test_mixed_keys_are_read_where_the_dialect_is_said() -> None:
    mixed = _changed(TASK, lambda task: task["inputs"][0].update(volume_source={"host_path": "x"}))
    assert [each.rule for each in _read(mixed, "Task", Dialect.SEED).findings] == ["CK401"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("name"), "name is missing in the file"),
        (lambda data: data.pop("description"), "description is missing in the file"),
        (lambda data: data.pop("templates"), "templates is missing in the file"),
        (lambda data: data.update(templates={}), "templates must be a list, and is an object"),
        (lambda data: data.update(templates=[3]), "templates[0] must be an object"),
        (lambda data: data.update(name=None), "must not be null: name"),
        (lambda data: data.update(name=3), "name must be a text, and is a number"),
        (lambda data: data["templates"][0].pop("env"), "env is missing in templates[0]"),
        (lambda data: data["templates"][0].pop("inputs"), "inputs is missing in templates[0]"),
        (lambda data: data["templates"][0].update(command="x"), "templates[0].command must be a list"),
        (lambda data: data["templates"][0].update(command=[3]), "templates[0].command[0] must be a text"),
        (lambda data: data["templates"].append(data["templates"][0]), "templates has the identifier default twice"),
        (lambda data: data["templates"][0]["env"][0].update(value=5), "env[0].value must be a text, and is a number"),
        (lambda data: data["templates"][0]["env"][0].update(value="x"), "must be a whole number, and is x"),
        (lambda data: data["templates"][0]["env"][0].update(type="boolean"), "must be true or false, and is 5"),
        (lambda data: data["templates"][0]["env"][0].update(type="float"), "must be boolean or string or int"),
        (lambda data: data["templates"][0]["env"][0].update(choices=["6"]), "must be 6, and is 5"),
        (lambda data: data["templates"][0]["env"][0].update(adjustable=1), "adjustable must be true or false"),
        (lambda data: data["templates"][0]["env"].append(data["templates"][0]["env"][0]), "the name TIME_SLEEP twice"),
        (lambda data: data["templates"][0]["outputs"][1].update(name="channel1"), "has the name channel1 twice"),
        (
            lambda data: data["templates"][0]["outputs"][1].update(mounted_path="/home/channel1"),
            "has the mounted_path /home/channel1 twice",
        ),
        (lambda data: data["templates"][0].update(resources={"limits": {"memory": "x"}}), "is no amount"),
        (lambda data: data["templates"][0].update(resources={"limits": {"memory": True}}), "must be an amount"),
        (lambda data: data["templates"][0].update(resources={"limits": {"memory": "-1"}}), "must not be negative"),
        (lambda data: data["templates"][0].update(resources={"limits": {"cpu": "1B"}}), "does not know the unit"),
        (lambda data: data["templates"][0].update(resources={"limits": []}), "limits must be an object"),
    ],
)
def test_a_broken_container_is_refused(change: Change, message: str) -> None:
    reading = _read(_changed(CONTAINER, change), "ProcessingContainer", Dialect.SEED)
    assert any(message in error for error in _errors(reading)), _errors(reading)
    with pytest.raises(InputError):
        reading.container()


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"type": "limit", "mode": "sum"}, "complexity is missing"),
        ({"complexity": "n*2", "type": "limit", "mode": "sum"}, "is no complexity"),
        ({"complexity": "-n", "type": "limit", "mode": "sum"}, "cannot shrink below nothing"),
        ({"complexity": 2, "type": "limit", "mode": "sum"}, "complexity must be a text"),
        ({"complexity": "n", "type": "max", "mode": "sum"}, "type must be limit or request, and is max"),
        ({"complexity": "n", "type": "limit", "mode": "avg"}, "mode must be sum or max_file_size, and is avg"),
        ({"complexity": "n", "type": "limit", "mode": "sum", "target_regex": "("}, "is no regular expression"),
        ({"complexity": "n", "type": "limit", "mode": "sum", "target_dir": "../x"}, "must lie within the channel"),
        ({"complexity": "n", "type": "limit", "mode": "sum", "target_dir": "/x"}, "must lie within the channel"),
        ({"complexity": "n", "type": "limit", "mode": "sum", "target_glob": "/x"}, "must lie within the channel"),
    ],
)
def test_a_broken_scale_rule_is_refused(rule: dict[str, Any], message: str) -> None:
    task = {**TASK, "taskTemplate": _scaled(rule)}
    assert any(message in error for error in _errors(_read(task, "Task", Dialect.SEED)))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"scale_factor": "2", "type": "limit", "mode": "sum"}, "scale_factor must be a whole number, and is a text"),
        ({"scale_factor": True, "type": "limit", "mode": "sum"}, "scale_factor must be a whole number"),
        ({"scale_factor": -2, "type": "limit", "mode": "sum"}, "scale_factor must not be negative"),
    ],
)
def test_a_broken_scale_factor_is_refused(rule: dict[str, Any], message: str) -> None:
    task = {**_released(TASK), "taskTemplate": _scaled(rule)}
    assert any(message in error for error in _errors(_read(task, "Task")))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda task: task.pop("image"), "image is missing in the file"),
        (lambda task: task.update(image="--privileged"), "image is no image: --privileged"),
        (lambda task: task.update(image=""), "image is no image"),
        (lambda task: task.update(taskTemplate=3), "taskTemplate must be an object"),
        (lambda task: task.update(taskTemplate={}), "identifier is missing in taskTemplate"),
        (lambda task: task["inputs"][0].update(input="x"), "inputs[0].input must be an object"),
        (lambda task: task["inputs"][0].update(input={}), "host_path is missing in inputs[0].input"),
        (lambda task: task["inputs"][1].update(name="channel1"), "inputs has the name channel1 twice"),
        (lambda task: task["env"].append(task["env"][0]), "env has the name DUMMY twice"),
        (lambda task: task["env"][0].pop("value"), "value is missing in env[0]"),
        (lambda task: task.update(config=[]), "config must be an object"),
        (lambda task: task.update(config={"imagePullSecrets": [3]}), "config.imagePullSecrets[0] must be a text"),
        (lambda task: task.update(config={"env_vars": {}}), "config.env_vars must be a list"),
    ],
)
def test_a_broken_task_is_refused(change: Change, message: str) -> None:
    assert message in " ".join(_errors(_read(_changed(TASK, change), "Task")))


def test_channels_and_variables_of_a_task_may_be_left_out() -> None:
    assert _read({"name": "a", "image": "b", "taskTemplate": "c", "inputs": None}, "Task").task().inputs == ()


@pytest.mark.parametrize(
    ("config", "kind", "rules"),
    [
        ({"labels": {"a": "b"}}, "k8s", []),
        ({"type": "docker", "labels": {"a": "b"}}, "docker", []),
        ({"type": "k8s", "namespace": "x"}, "k8s", []),
        ({"type": "other", "labels": {}}, "", ["CK401"]),
        ({"type": "docker", "namespace": "x"}, "docker", ["CK401"]),
        ({"registryUrl": "https://r.io"}, "k8s", ["CK405"]),
        ({"registryUrl": "u", "registryUsername": "n", "registryPassword": "p"}, "k8s", []),
    ],
)
def test_a_config_without_a_type_is_that_of_kubernetes(config: Any, kind: str, rules: list[str]) -> None:
    reading = _read({**TASK, "config": config}, "Task")
    assert reading.task().config.kind == kind
    assert [each.rule for each in reading.findings] == rules


@pytest.mark.parametrize("version", [2, "1", 0, 1.5])
def test_an_api_version_other_than_one_is_refused(version: Any) -> None:
    data = {"name": "a", "description": "b", "templates": [], "api_version": version}
    assert "api_version must be" in _errors(_read(data, "ProcessingContainer"))[0]
    assert _read({**data, "api_version": 1}, "ProcessingContainer").is_valid


def test_an_unknown_key_is_warned_of_with_what_may_be_meant() -> None:
    reading = _read({**TASK, "comand": ["x"]}, "Task")
    (found,) = reading.findings
    assert (found.rule, found.severity, found.fix) == ("CK401", Severity.WARNING, "Did you mean command?")
    assert reading.is_valid


@pytest.mark.parametrize(("text", "severity"), [("*n", Severity.WARNING), ("n", Severity.INFO), ("2*n**1", None)])
def test_a_complexity_that_kaapana_cannot_compute_is_told(text: str, severity: Severity | None) -> None:
    rule = {"complexity": text, "type": "limit", "mode": "sum"}
    found = _read({**TASK, "taskTemplate": _scaled(rule)}, "Task").findings
    assert [(each.rule, each.severity) for each in found] == ([("CK407", severity)] if severity else [])


def test_errors_have_places_in_their_order() -> None:
    reading = _read({"name": 3, "image": 4, "taskTemplate": "x"}, "Task")
    assert [each.location for each in reading.findings] == ["f.json:2:10", "f.json:3:11"]
    with pytest.raises(InputError, match=r"name must be a text, and is a number \(and 1 more\)"):
        reading.task()


def test_a_file_about_a_container_is_known_by_its_keys() -> None:
    assert is_container(parse_json(Source("x", json.dumps(CONTAINER))))
    assert not is_container(parse_json(Source("x", json.dumps(TASK))))
    assert not is_container(parse_json(Source("x", "[]")))


def test_what_is_not_written_of_a_scale_rule_means_everything() -> None:
    (rule,) = [each.scale_rule for each in _read(EXAMPLE, "ProcessingContainer").container().templates[0].inputs][:1]
    assert rule is not None
    assert (rule.target_dir, rule.target_regex, rule.target_glob) == ("", ".*", "*.bin")
