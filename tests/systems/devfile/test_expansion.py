from __future__ import annotations

import pytest

from chartkit.systems.devfile.expansion import expand_arguments, expand_variables, mask, sole_argument, unmask


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a/b:{{v}}-gradle", "a/b:1.2-gradle"),
        ("a/b:{{ v }}", "a/b:1.2"),
        ("{{name}}:{{v}}", "x/y:1.2"),
        ("{{unknown}}:{{v}}", "{{unknown}}:1.2"),
        ("plain", "plain"),
    ],
)
def test_variables_of_a_devfile_are_filled_in(written: str, text: str) -> None:
    assert expand_variables(written, {"v": "1.2", "name": "x/y"}).text == text


def test_missing_variables_are_told_once() -> None:
    assert expand_variables("{{a}}{{b}}{{a}}", {}).missing == ("a", "b")


def test_places_of_the_result_lead_back_to_what_is_written() -> None:
    expanded = expand_variables("icr.io/x:{{v}}-gradle", {"v": "22.0.0.1"})
    assert expanded.written_at(8) == 8
    assert expanded.written_at(10) is None
    end = expanded.text.index("-gradle")
    assert expanded.written_at(end) == expanded.written.index("-gradle")
    assert not expanded.has_variable_before(8)
    assert expanded.has_variable_before(10)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a:$V", "a:1"),
        ("a:${V}", "a:1"),
        ("a:${W:-9}", "a:9"),
        ("a:${V:-9}", "a:1"),
        ("a${V:+b}", "ab"),
        ("a${W:+b}", "a"),
        ("a:$W", "a:$W"),
    ],
)
def test_arguments_of_a_dockerfile_are_filled_in(written: str, text: str) -> None:
    assert expand_arguments(written, {"V": "1"}).text == text


@pytest.mark.parametrize(("written", "name"), [("$A", "A"), ("${A}", "A"), ("${A:-b}", ""), ("x$A", ""), ("x", "")])
def test_an_argument_alone_is_known_by_its_name(written: str, name: str) -> None:
    assert sole_argument(written) == name


@pytest.mark.parametrize("text", ['{"a": "{{", "b": {"c": "d"}}', "{{}}", "{{ a b }}", "{{\n}}", "{ {a} }"])
def test_what_is_no_variable_is_not_masked(text: str) -> None:
    assert mask(text) == text


def test_masked_text_keeps_its_length_and_comes_back() -> None:
    text = "image: {{ imageName }}:{{v}} # {} {{\n}}"
    assert len(mask(text)) == len(text)
    assert "{{ imageName" not in mask(text)
    assert unmask(mask(text)) == text
