from __future__ import annotations

import random

import pytest

from chartkit.ambient import Ambient
from chartkit.cli.name_template import name_from_template
from chartkit.errors import InputError


@pytest.mark.parametrize(
    ("text", "name"),
    [("foo", "foo"), ("x-{{ 1 | add 2 }}", "x-3"), ('{{ define "n" }}in{{ end }}{{ template "n" }}', "in")],
)
def test_name_from_template(text: str, name: str) -> None:
    assert name_from_template(text, Ambient()) == name


def test_name_from_template_uses_the_randomness_it_is_given() -> None:
    names = {name_from_template("{{ randAlpha 8 }}", Ambient(random=random.Random(seed))) for seed in (1, 1, 2)}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x{{", "template: name-template:1: unclosed action"),
        ("{{ include `a` . }}", 'template: name-template:1: function "include" not defined'),
        (
            "{{ fail `x` }}",
            'template: name-template:1:3: executing "name-template" at <fail `x`>: error calling fail: x',
        ),
        ("{{ fail 1 }}", 'template: name-template:1:8: executing "name-template" at <1>: expected string; found 1'),
    ],
)
def test_name_from_template_that_fails(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        name_from_template(text, Ambient())
    assert str(raised.value) == message


def test_name_from_template_sees_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRANCH", "main")
    monkeypatch.delenv("NOTHING", raising=False)
    text = '{{ env "BRANCH" }}-{{ expandenv "$BRANCH.${BRANCH}.$NOTHING" }}'
    assert name_from_template(text, Ambient()) == "main-main.main."
