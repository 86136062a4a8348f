from __future__ import annotations

import json
from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.source import Source
from chartkit.systems.task_api.json_file import parse_json, read_json


def _write(folder: Path, text: str) -> Path:
    path = folder / "task.json"
    path.write_text(text)
    return path


def test_every_value_has_its_place() -> None:
    text = '{"a": [1, {"b\\u00e9": "x", "c": []}, [2,3], {}],\n "d": {"e": {}, "f": null}, "g": "{\\"}"}'
    file = parse_json(Source("x", text))
    assert text[file.at(("a", 1, "bé")).offset :].startswith('"x"')
    assert text[file.at_key(("a", 1, "bé")).offset :].startswith('"b\\u00e9"')
    assert text[file.at(("a", 2, 1)).offset :].startswith("3]")
    assert str(file.at(("d", "f"))) == "x:2:22"
    assert str(file.at(("d", "gone", 3))) == "x:2:7"
    assert file.at(()).offset == 0


def test_a_character_that_is_escaped_in_two_halves_is_one() -> None:
    assert parse_json(Source("x", '["\\ud83d\\ude00"]')).data == ["\U0001f600"]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "Expecting value", "1:1"),
        ("{a: 1}", "Expecting property name", "1:2"),
        ('{"a": 1', "Expecting ',' delimiter", "1:8"),
        ('{\n"a": 1,\n}', "Illegal trailing comma|Expecting property name", "(2:7|3:1)"),
        ('{"a": 1, "a": 2}', "the key a stands twice", "1:1"),
        ('{"a": NaN}', "NaN is no number", "1:1"),
        ('{"a": 1} x', "Extra data", "1:10"),
        ('{"a": "x\\ud800"}', "is half a character", "1:9"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(tmp_path: Path, text: str, message: str, place: str) -> None:
    import re

    path = _write(tmp_path, text)
    with pytest.raises(InputError, match=message) as caught:
        read_json(path, {})
    assert re.fullmatch(f"{re.escape(str(path))}:{place}", str(caught.value.position))


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read gone.json: no such file"):
        read_json(Path("gone.json"), {})
    path = tmp_path / "x.json"
    path.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(InputError, match="is no UTF-8"):
        read_json(path, {})


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(path, {}).data == {"a": 1}


def test_a_template_gets_the_environment_and_what_the_caller_gives(tmp_path: Path) -> None:
    path = _write(tmp_path, '{"image": "{{ env.registryUrl }}/dummy:{{ custom.tag }}"}')
    file = read_json(path, {"registryUrl": "r.io"}, {"tag": "7"})
    assert file.data == {"image": "r.io/dummy:7"}
    assert file.source.name == f"{path} (rendered)"


def test_a_text_without_a_template_is_read_as_it_is(tmp_path: Path) -> None:
    assert read_json(_write(tmp_path, json.dumps({"a": "}}"})), {}).data == {"a": "}}"}


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ('{\n"image": "{{ env.nope }}"}', "has no attribute 'nope'", "2:11"),
        ('{"a": "{{ nope }}"}', "'nope' is undefined", "1:1"),
        ('{\n"a": "{{ 1 + }}"}', "is no template", "2:1"),
        ("{% for i in range(10**9) %}x{% endfor %}", "undefined|too large", "1:1"),
        ('{{ "a" * 10**10 }}', "too large", "1:1"),
        ("{{ 9**99999999 }}", "too large", "1:1"),
        ("{{ ''.__class__ }}", "unsafe", "1:1"),
        ("{{ env.clear() }}", "not safely callable|unsafe", "1:1"),
        ("{{ 1 / 0 }}", "division by zero", "1:1"),
    ],
)
def test_a_template_that_fails_is_told_with_its_place(tmp_path: Path, text: str, message: str, place: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(InputError, match=message) as caught:
        read_json(path, {})
    assert str(caught.value.position) == f"{path}:{place}"
