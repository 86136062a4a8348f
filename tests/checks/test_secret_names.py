"""Flags in reports, without the passwords that they set."""

from __future__ import annotations

import pytest

from chartkit.checks.finding import Finding, Severity
from chartkit.checks.secret_names import masked_flag
from chartkit.source import Position, Source

CASES = {
    "alone": ("--set", "registry.password=hunter2", "registry.password=********"),
    "between others": ("--set", "a=1,password=hunter2,b=2", "a=1,password=********,b=2"),
    "with an escaped comma": ("--set", r"password=hun\,ter2,b=2", "password=********,b=2"),
    "in a list": ("--set", "users[0].password=hunter2", "users[0].password=********"),
    "a list": ("--set", "tokens={hunter2,hunter3}", "tokens={hunter2,hunter3}"),
    "passwords of a list": ("--set", "password={hunter2,hunter3},b=2", "password=********,b=2"),
    "as JSON": (
        "--set-json",
        'a={"x": 1, "password": "hun\\"ter2", "y": 2}',
        'a={"x": 1, "password": ********, "y": 2}',
    ),
    "as a whole object": ("--set-json", '{"a": {"apiKey": "hunter2"}}', '{"a": {"apiKey": ********}}'),
    "literally": ("--set-literal", "password=hun,ter=2", "password=********"),
    "empty": ("--set", "password=,b=2", "password=,b=2"),
    "the name of a secret": ("--set", "existingSecret=creds", "existingSecret=creds"),
    "none": ("--set", "image.registry=a.example.com:5000/b", "image.registry=a.example.com:5000/b"),
}


@pytest.mark.parametrize(("flag", "text", "expected"), CASES.values(), ids=CASES)
def test_the_text_of_a_flag_has_no_passwords(flag: str, text: str, expected: str) -> None:
    assert masked_flag(flag, text) == expected


def test_the_place_of_a_finding_in_a_flag_has_no_passwords() -> None:
    source = Source("--set", "password=hunter2,image.tag=1")
    finding = Finding("CK101", Severity.WARNING, "moves", position=Position(source, 27))
    assert finding.location == "--set password=********,image.tag=1"
