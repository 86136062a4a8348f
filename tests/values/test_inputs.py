from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.gotypes import Int64
from chartkit.profile import HELM_3_17, HELM_4_3
from chartkit.values.inputs import read_values, split_commas


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    texts = {"v1.yaml": "a: 5\nb: {c: null}\n", "v2.yaml": "b: {d: 9}\n---\na: 7\n", "f.txt": "hello\nworld"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "bad").write_text("a: [")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"files": ["v1.yaml", "v2.yaml"]}, {"a": 7.0, "b": {"c": None, "d": 9.0}}),
        ({"files": ["v1.yaml,v2.yaml"]}, {"a": 7.0, "b": {"c": None, "d": 9.0}}),
        ({"files": ["v2.yaml", "v1.yaml"]}, {"a": 5.0, "b": {"c": None, "d": 9.0}}),
        ({"files": ["-"]}, {"s": 1.0}),
        ({"set": ["a=1"], "set_json": ["a=2"]}, {"a": Int64(1)}),
        ({"set_string": ["a=1"], "set": ["a=2"]}, {"a": "1"}),
        ({"set_file": ["a=f.txt"], "set_string": ["a=1"]}, {"a": "hello\nworld"}),
        ({"set_literal": ["a=l"], "set_file": ["a=f.txt"]}, {"a": "l"}),
        ({"files": ["v1.yaml"], "set": ["b.c=4"]}, {"a": 5.0, "b": {"c": Int64(4)}}),
    ],
)
def test_layers_have_helms_order(given: dict[str, Any], expected: Any) -> None:
    assert read_values(stdin="s: 1\n", **given).data == expected


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"files": ["nosuch.yaml"]}, "open nosuch.yaml: no such file or directory"),
        ({"files": ["."]}, "read .: is a directory"),
        (
            {"files": ["bad"]},
            "failed to parse bad: cannot unmarshal yaml document: error converting YAML to JSON: "
            "yaml: line 1: did not find expected node content",
        ),
        ({"set": ["x"]}, 'failed parsing --set data: key "x" has no value'),
        ({"set_file": ["a=nosuch"]}, "failed parsing --set-file data: open nosuch: no such file or directory"),
        ({"set_json": ["a=["]}, "failed parsing --set-json data a=["),
        ({"set_json": ['{"a"']}, 'failed parsing --set-json data JSON: {"a"'),
    ],
)
def test_wrong_input_is_told_in_helms_words(given: dict[str, Any], error: str) -> None:
    with pytest.raises(InputError) as caught:
        read_values(**given)
    assert str(caught.value) == error


@pytest.mark.usefixtures("folder")
def test_wrong_file_is_told_with_its_position() -> None:
    with pytest.raises(InputError) as caught:
        read_values(files=["bad"])
    assert caught.value.position is not None
    assert caught.value.position.source.name == "bad"


def test_whole_json_object_is_for_helm_4_only() -> None:
    assert read_values(set_json=['{"a": {"b": 1}}'], profile=HELM_4_3).data == {"a": {"b": 1.0}}
    with pytest.raises(InputError, match="failed parsing --set-json data"):
        read_values(set_json=['{"a": {"b": 1}}'], profile=HELM_3_17)


@pytest.mark.usefixtures("folder")
def test_layers_keep_what_each_of_them_gives() -> None:
    values = read_values(files=["v1.yaml"], set=["b.d=1,l[1].x=y"])
    assert [(layer.kind, layer.name) for layer in values.layers] == [("values_file", "v1.yaml"), ("set_flag", "--set")]
    assert values.layers[0].data == {"a": 5.0, "b": {"c": None}}
    assert values.layers[1].data == {"b": {"d": Int64(1)}, "l": [None, {"x": "y"}]}
    assert [place.offset for place in values.layers[1].places] == [4, 13]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("path", "name"),
    [(("a",), "v1.yaml"), (("b", "c"), "v1.yaml"), (("b", "d"), "--set"), (("b", "d", "e"), "--set"), (("z",), None)],
)
def test_giver_is_the_last_layer_that_sets_a_value(path: tuple[str, ...], name: str | None) -> None:
    layer = read_values(files=["v1.yaml"], set=["b.d=1"]).giver(path)
    assert (layer and layer.name) == name


@pytest.mark.parametrize(
    ("text", "parts"), [("a,b", ["a", "b"]), ('"a,b",c', ["a,b", "c"]), ("a, b", ["a", " b"]), ("", [])]
)
def test_commas_separate_files(text: str, parts: list[str]) -> None:
    assert split_commas(text) == parts


@pytest.mark.usefixtures("folder")
def test_layer_knows_where_it_gives_a_value() -> None:
    file, flag = read_values(files=["v2.yaml"], set=["b.d=1,l[1].x=y"]).layers
    assert str(file.position(("b", "d"))) == "v2.yaml:1:8"
    assert str(file.position(("a",))) == "v2.yaml:3:4"
    assert file.position(("z",)) is None
    assert str(flag.position(("l", 1, "x"))) == "--set:1:14"
    assert flag.position(("z",)) is None
