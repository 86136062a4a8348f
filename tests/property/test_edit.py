"""Edits of random documents in random styles: the result says what was wanted, and what did not change stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chartkit.goyaml.dump import dump
from chartkit.goyaml.edit import rewrite, set_values
from chartkit.goyaml.edit_changes import same
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load

pytestmark = pytest.mark.property

_ODD = (
    "",
    "1.10",
    "yes",
    "null",
    "~",
    "0o7",
    "1e3",
    "2001-01-01",
    "=",
    "<<",
    "a: b",
    "a #b",
    "# c",
    "- x",
    "it's",
    'a "q"',
    "{x",
    "[x",
    "*a",
    "&a",
    "!t",
    "%x",
    "@x",
    "`",
    "|",
    ">",
    "---",
    " x",
    "x ",
    "\n",
    "one\ntwo\n",
    "a\n b\nc",
    " lead\nx\n",
    "end\n\n\n",
    "tab\tx",
    "a,b",
    "x\r\ny",
    "\u2028x",
    "é😀",
    "\x07",
    "k:",
    "a:b",
)
_TEXTS = st.one_of(st.sampled_from(_ODD), st.text("abc:# -'\"\n{}[],.1", max_size=8))
_SCALARS = st.one_of(_TEXTS, st.integers(-5, 5), st.sampled_from((True, False, None, 1.5, 1e20)))
_TREES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=12,
)
_MAPS = st.dictionaries(_TEXTS, _TREES, max_size=4)


@st.composite
def _written(draw: st.DrawFn) -> str:
    """A map as some tool writes it."""
    data = draw(_MAPS)
    style = draw(st.sampled_from(("helm", "json", "long json", "pyyaml", "quoted")))
    if style == "helm":
        text = dump(data)
    elif style.endswith("json"):
        text = json.dumps(data, indent=2 if style.startswith("long") else None) + "\n"
    else:
        text = yaml.safe_dump(
            data,
            sort_keys=False,
            indent=draw(st.sampled_from((2, 4))),
            default_flow_style=draw(st.sampled_from((True, False, None))),
            default_style=draw(st.sampled_from(("'", '"', "|", ">"))) if style == "quoted" else None,
            line_break=draw(st.sampled_from(("\n", "\r\n"))),
            explicit_start=draw(st.booleans()),
            width=draw(st.sampled_from((20, 200))),
        )
    head, tail = draw(st.sampled_from(("", "# head\n\n"))), draw(st.sampled_from(("", "# tail\n", "\n\n", "  # tail")))
    # Helm takes nothing but a comment behind a `---` that parts documents.
    return text + tail if text.startswith("---") else head + text + tail


def _read(text: str) -> Any:
    """What Helm reads: a values file gets a line break at its end."""
    try:
        return load(text if text.endswith("\n") else f"{text}\n")
    except YAMLError:
        return None


@settings(max_examples=250, deadline=None)
@given(_written(), st.data())
def test_document_says_what_was_wanted(text: str, data: st.DataObject) -> None:
    old = _read(text)
    assume(isinstance(old, dict))
    wanted = _mutated(old, data)
    assert same(_read(rewrite(text, wanted)), _as_read(wanted))


@settings(max_examples=120, deadline=None)
@given(_written())
def test_document_that_is_right_stays_byte_for_byte(text: str) -> None:
    old = _read(text)
    assume(isinstance(old, dict))
    assert rewrite(text, old) == text


@settings(max_examples=120, deadline=None)
@given(_written(), st.text("abc", min_size=1, max_size=3), _SCALARS)
def test_new_key_leaves_every_byte_around_it(text: str, key: str, value: Any) -> None:
    old = _read(text)
    assume(isinstance(old, dict) and old and key not in old)
    new = set_values(text, {(key,): value})
    start = next((at for at, pair in enumerate(zip(text, new, strict=False)) if pair[0] != pair[1]), len(text))
    added = len(new) - len(text)
    assert new[:start] + new[start + added :] == text


def _as_read(value: Any) -> Any:
    """A tree with floats for numbers, as YAML is read."""
    if isinstance(value, dict):
        return {key: _as_read(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_read(each) for each in value]
    return float(value) if type(value) is int else value


def _mutated(value: Any, data: st.DataObject) -> Any:
    """A tree with a few changes: values, new and lost entries, at any depth."""
    action = data.draw(st.sampled_from(("replace", "add", "drop", "inside", "inside", "inside")))
    if action == "replace" or not isinstance(value, (dict, list)) or not value:
        return data.draw(_TREES)
    if isinstance(value, dict):
        if action == "add":
            return {**value, data.draw(_TEXTS): data.draw(_TREES)}
        key = data.draw(st.sampled_from(sorted(value)))
        if action == "drop":
            return {name: each for name, each in value.items() if name != key}
        return {**value, key: _mutated(value[key], data)}
    at = data.draw(st.integers(0, len(value) - 1))
    if action == "add":
        return [*value[:at], data.draw(_TREES), *value[at:]]
    return [*value[:at], *([] if action == "drop" else [_mutated(value[at], data)]), *value[at + 1 :]]
