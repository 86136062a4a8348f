from __future__ import annotations

from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.systems.task_api.complexity import read_complexity
from chartkit.systems.task_api.merge import merge, merge_env, task_form, template_of
from chartkit.systems.task_api.models import (
    Container,
    Mount,
    Resources,
    ScaleRule,
    Task,
    Template,
    Variable,
    Volume,
)

RULE = ScaleRule(read_complexity("n"), "limit", "sum")
OTHER = ScaleRule(read_complexity("2*n"), "request", "sum")


def _env(*pairs: tuple[str, str]) -> tuple[Variable, ...]:
    return tuple(Variable(name, value) for name, value in pairs)


def _settings(*layers: Any) -> list[tuple[str, str, str]]:
    return [(each.variable.name, each.variable.value, each.origin) for each in merge_env(*layers)]


def test_variables_keep_the_order_of_the_template() -> None:
    assert _settings(_env(("A", "1"), ("B", "2")), _env(("B", "9"), ("C", "3"), ("A", "77")), {}) == [
        ("A", "77", "task"),
        ("B", "9", "task"),
        ("C", "3", "task"),
    ]


@pytest.mark.parametrize(
    ("request_", "operator", "template", "effective"),
    [
        ({"X": "r"}, (("X", "o"),), (("X", "t"),), [("X", "r", "request")]),
        ({"X": "r"}, (), (), [("X", "r", "request")]),
        ({}, (("X", "o"),), (("X", "t"),), [("X", "o", "task")]),
        ({}, (("X", "o"),), (), [("X", "o", "task")]),
        ({}, (), (("X", "t"),), [("X", "t", "template")]),
        ({}, (), (), []),
    ],
)
def test_a_request_goes_before_an_operator_and_that_before_a_template(
    request_: dict[str, str], operator: Any, template: Any, effective: list[tuple[str, str, str]]
) -> None:
    assert _settings(_env(*template), _env(*operator), request_) == effective


def test_choices_and_description_of_the_template_stay() -> None:
    known = Variable("A", "1", choices=("1", "2"), description="what")
    (found,) = merge_env([known], _env(("A", "2")), {})
    assert (found.variable.value, found.variable.choices, found.variable.description) == ("2", ("1", "2"), "what")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (Variable("A", "1", choices=("1", "2")), "3", "A must be 1 or 2, and is 3"),
        (Variable("A", "1", "int"), "x", "A must be a whole number, and is x"),
        (Variable("A", "true", "boolean"), "maybe", "A must be true or false, and is maybe"),
    ],
)
def test_a_value_that_the_template_does_not_allow_is_refused(variable: Variable, value: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        merge_env([variable], [], {"A": value})


def test_channels_without_a_partner_are_dropped_and_told() -> None:
    template = Template("t", inputs=(Mount("a", "/a", scale_rule=RULE), Mount("b", "/b")), outputs=(Mount("o", "/o"),))
    task = Task("n", "i", "t", inputs=(Volume("a", "x"), Volume("c", "y")), outputs=(Volume("p", "z"),))
    merged = merge(task, template)
    assert [(each.name, each.mounted_path, each.host_path) for each in merged.inputs] == [("a", "/a", "x")]
    assert merged.outputs == ()
    assert merged.unbound == ("b", "o")
    assert merged.ghosts == ("c", "p")


def test_the_rule_of_a_volume_goes_before_that_of_the_mount() -> None:
    template = Template("t", inputs=(Mount("a", "/a", scale_rule=RULE), Mount("b", "/b", scale_rule=RULE)))
    task = Task("n", "i", "t", inputs=(Volume("a", "x", OTHER), Volume("b", "x")))
    assert [each.scale_rule for each in merge(task, template).inputs] == [OTHER, RULE]


def test_command_and_resources_are_replaced_as_a_whole() -> None:
    template = Template("t", command=("a",), resources=Resources({"memory": "1Gi", "cpu": "1"}))
    plain = merge(Task("n", "i", "t"), template)
    assert (plain.command, plain.resources) == (("a",), Resources({"memory": "1Gi", "cpu": "1"}))
    own = merge(Task("n", "i", "t", command=(), resources=Resources({"memory": "2Gi"})), template)
    assert (own.command, own.resources) == ((), Resources({"memory": "2Gi"}))


def test_a_task_may_have_its_template_or_name_it() -> None:
    template = Template("t")
    container = Container("c", "", (template,))
    assert template_of(Task("n", "i", template), None) is template
    assert template_of(Task("n", "i", "t"), container) is template
    with pytest.raises(InputError, match="c has no template u") as caught:
        template_of(Task("n", "i", "u"), container)
    assert caught.value.hint == "its templates are: t"
    with pytest.raises(InputError, match="which is not read"):
        template_of(Task("n", "i", "t"), None)


@pytest.mark.parametrize(
    "wrap", [lambda form: form, lambda form: {"task_form": form}, lambda f: {"conf": {"task_form": f}}]
)
def test_a_request_may_be_a_list_or_a_map_at_any_depth(wrap: Any) -> None:
    assert task_form(wrap({"t": {"env": [{"name": "X", "value": "1"}], "command": ["a"], "odd": 1}}), "t") == (
        {"X": "1"},
        {"command": ["a"]},
        ("odd in task_form.t is no field of a task: Kaapana passes over it",),
    )
    variables, fields, notes = task_form(wrap({"t": {"X": "1", "Y": 2, "Z": True}}), "t")
    assert (variables, fields) == ({"X": "1", "Y": "2", "Z": "true"}, {})
    assert "would set none of them" in notes[0]
    assert task_form(wrap({"other": {"X": "1"}}), "t") == ({}, {}, ())


@pytest.mark.parametrize(
    ("conf", "message"),
    [
        ({"t": 3}, "task_form.t must be an object"),
        ([], r"task_form.t must be an object"),
        ({"t": {"X": []}}, "task_form.t.X must be a text"),
        ({"t": {"env": [3]}}, r"task_form.t.env\[0\] must have a name and a value"),
        ({"t": {"env": [{"name": "X", "value": None}]}}, r"task_form.t.env\[0\].value must be a text"),
    ],
)
def test_a_request_of_another_form_is_refused(conf: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        task_form(conf, "t")
