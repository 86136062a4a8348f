from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.checks.finding import Severity
from chartkit.errors import InputError
from chartkit.systems.kaapana.python_file import parse_python
from chartkit.systems.task_api.channels import check_dag, find_template, plan_dag
from chartkit.systems.task_api.dag import Dag, read_dag, read_dags
from chartkit.systems.task_api.models import Container, Mount, Template, Variable

PIPELINE = Path(__file__).parents[3] / "fixtures/task_api/pipeline.py"

DOWNLOAD = Container("d", "", (Template("get", outputs=(Mount("downloads", "/out"),)),))
WORK = Container(
    "w",
    "",
    (
        Template(
            "work",
            inputs=(Mount("inputs", "/in"),),
            outputs=(Mount("outputs", "/out"),),
            env=(Variable("X", "1"), Variable("Y", "2", is_adjustable=False)),
        ),
    ),
)
CONTAINERS = {"d.json": DOWNLOAD, "w.json": WORK}

_GET = 'a = KaapanaTaskOperator(task_id="a", image="r/d:1", taskTemplate="get")\n'


def _dag(text: str) -> Dag:
    return read_dag(parse_python(Path("dag.py"), text.encode()))


def _work(maps: str, more: str = "") -> str:
    return f'b = KaapanaTaskOperator(task_id="b", image="r/w:1", taskTemplate="work", iochannel_maps=[{maps}]{more})\n'


_GOOD = 'IOMapping(upstream_operator=a, upstream_output_channel="downloads", input_channel="inputs")'


def _messages(text: str) -> list[str]:
    return [each.message for each in check_dag(_dag(text), CONTAINERS)]


def test_the_tasks_of_a_dag() -> None:
    (dag,) = read_dags(PIPELINE)
    assert [(each.task_id, each.template, each.image) for each in dag.operators] == [
        ("get-data", "download-from-url", "{DEFAULT_REGISTRY}/my-get-data:{KAAPANA_BUILD_VERSION}"),
        ("process-data", "my-algorithm", "{DEFAULT_REGISTRY}/my-processing:{KAAPANA_BUILD_VERSION}"),
        ("upload-data", "send-to-minio", "{DEFAULT_REGISTRY}/my-upload:{KAAPANA_BUILD_VERSION}"),
    ]
    assert dag.precedes("fetch", "send")
    assert not dag.precedes("send", "fetch")


def test_constants_of_the_platform_can_be_filled_in() -> None:
    (dag,) = read_dags(PIPELINE, {"DEFAULT_REGISTRY": "r.io", "KAAPANA_BUILD_VERSION": "0.6.0"})
    assert dag.operators[0].image == "r.io/my-get-data:0.6.0"


def test_mappings_from_operators_that_are_not_there() -> None:
    (dag,) = read_dags(PIPELINE)
    found = list(check_dag(dag, {}))
    assert [(each.rule, each.message) for each in found] == [
        ("CK404", "task1 is no task that is defined in this file"),
        ("CK404", "task2 is no task that is defined in this file"),
    ]
    assert [each.line for each in found] == [18, 26]


@pytest.mark.parametrize(
    ("order", "is_before"),
    [
        ("a >> b", True),
        ("b << a", True),
        ("a >> c >> b", True),
        ("a >> [c, b]", True),
        ("[a, c] >> b", True),
        ("b << [a, c]", True),
        ("b << c << a", True),
        ("a.set_downstream(b)", True),
        ("b.set_upstream([c, a])", True),
        ("chain(a, [c, d], b)", True),
        ("chain([c, a], [d, b])", True),
        ("chain([a, c], [d, b])", False),
        ("b >> a", False),
        ("a >> c", False),
        ("pass", False),
    ],
)
def test_the_order_of_tasks(order: str, is_before: bool) -> None:
    assert _dag(f"{_GET}{order}\n").precedes("a", "b") is is_before


def test_a_mapping_that_is_right_is_not_told() -> None:
    assert _messages(f"{_GET}{_work(_GOOD)}a >> b\n") == []


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        (_GOOD.replace("downloads", "results"), "results is none of the outputs of template get: downloads"),
        (_GOOD.replace('"inputs"', '"input"'), "input is none of the inputs of template work: inputs"),
        (_GOOD.replace("=a", "=b"), "task b is mapped to itself"),
        (_GOOD.replace("=a", "=z"), "z is no task that is defined in this file"),
        (_GOOD.replace("upstream_operator=a, ", ""), "a mapping has no upstream_operator"),
        (f"{_GOOD}, {_GOOD}", "input inputs of task b is mapped twice"),
        ("", "input inputs of task b is not mapped"),
        (_GOOD.replace("IOMapping(", "IOMapping(odd=1, "), "odd is no field of a mapping"),
        (_GOOD.replace("upstream_output_channel", "upstream_channel"), "is the old name of upstream_output_channel"),
        (_GOOD.replace("input_channel", "downstream_channel"), "is the old name of input_channel"),
    ],
)
def test_a_mapping_that_leads_nowhere_is_told(maps: str, message: str) -> None:
    assert any(message in each for each in _messages(f"{_GET}{_work(maps)}a >> b\n"))


def test_a_mapping_against_the_order_is_told_with_what_to_write() -> None:
    (found,) = check_dag(_dag(f"{_GET}{_work(_GOOD)}"), CONTAINERS)
    assert found.message == "nothing says that task a runs before b"
    assert found.fix == "Write a >> b."
    assert str(found.position) == "dag.py:2:90"


@pytest.mark.parametrize(
    "maps",
    [
        'IOMapping(a, "downloads", "inputs")',
        '{"upstream_operator": a, "upstream_output_channel": "downloads", "input_channel": "inputs"}',
    ],
)
def test_mappings_may_be_written_in_other_ways(maps: str) -> None:
    assert _messages(f"{_GET}{_work(maps)}a >> b\n") == []


def test_old_names_are_a_warning_and_no_error() -> None:
    maps = _GOOD.replace("upstream_output_channel", "upstream_channel").replace("input_channel", "downstream_channel")
    found = list(check_dag(_dag(f"{_GET}{_work(maps)}a >> b\n"), CONTAINERS))
    assert [each.severity for each in found] == [Severity.WARNING, Severity.WARNING]


@pytest.mark.parametrize(
    ("arguments", "rule", "message"),
    [
        ('image="x", taskTemplate="get"', "CK406", "a task has no task_id"),
        ('task_id="a", taskTemplate="get"', "CK406", "task a has no image"),
        ('task_id="a", image="x"', "CK406", "task a has no taskTemplate"),
        ('task_id="a", image="x", taskTemplate="get", iochannel_map=[]', "CK401", "iochannel_map is no argument"),
        ('task_id="a", image="x", taskTemplate="get", registryUrl="u"', "CK405", "task a has registryUrl, and no"),
    ],
)
def test_operators_that_lack_something(arguments: str, rule: str, message: str) -> None:
    (found,) = check_dag(_dag(f"a = KaapanaTaskOperator({arguments})\n"), CONTAINERS)
    assert found.rule == rule
    assert message in found.message


def test_a_task_id_twice_is_told() -> None:
    assert _messages(_GET + _GET.replace("a =", "c =")) == ["two tasks are called a"]


def test_operators_are_found_wherever_they_stand() -> None:
    text = (
        "import task_api_operator as t\nclass D:\n    def build(self):\n"
        '        self.x = t.KaapanaTaskOperator(task_id="x", image="i", taskTemplate="get")\n'
        '        KaapanaTaskOperator(task_id="y", image="i", taskTemplate="get") >> self.x\n'
        'z: object = KaapanaTaskOperator(task_id="z", image="i", taskTemplate="get")\nOther(task_id="o")\n'
    )
    assert [(each.variable, each.task_id) for each in _dag(text).operators] == [("self.x", "x"), ("", "y"), ("z", "z")]


def test_the_plan_of_a_dag() -> None:
    more = ', env=[{"name": "X", "value": "5"}, {"name": "W", "value": "6"}]'
    conf = {"conf": {"task_form": {"b": {"env": [{"name": "Y", "value": "7"}], "image": "other"}}}}
    download, work = plan_dag(_dag(f"{_GET}{_work(_GOOD, more)}a >> b\n"), CONTAINERS, conf)
    assert [(each.name, each.path) for each in download.outputs] == [
        ("downloads", "{WORKFLOW_DIR}/{RUN_ID}/a/downloads")
    ]
    assert [(each.name, each.mounted_path, each.path) for each in work.inputs] == [
        ("inputs", "/in", "{WORKFLOW_DIR}/{RUN_ID}/a/downloads")
    ]
    assert [(each.variable.name, each.variable.value, each.origin) for each in work.env] == [
        ("X", "5", "task"),
        ("Y", "7", "request"),
        ("W", "6", "task"),
    ]
    assert work.notes == (
        "the request lays image over the task",
        "the request sets Y, which the template does not want adjusted",
    )


def test_a_template_is_found_by_its_image_first() -> None:
    (operator,) = _dag(_GET).operators
    assert find_template(operator, {"d": DOWNLOAD, "w": WORK}) is DOWNLOAD.templates[0]
    assert find_template(operator, {"x.json": DOWNLOAD}) is DOWNLOAD.templates[0]
    assert find_template(operator, {"x.json": WORK}) is None
    with pytest.raises(InputError, match="d has no template get"):
        find_template(operator, {"d": WORK})
    with pytest.raises(InputError, match="both have a template get"):
        find_template(operator, {"x.json": DOWNLOAD, "y.json": DOWNLOAD})


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dag.py"
    path.write_text("with DAG(\n")
    with pytest.raises(InputError, match="is not Python"):
        read_dags(path)
