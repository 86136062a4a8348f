from __future__ import annotations

import getpass
import io
import sys
import warnings

import pytest

from chartkit.adapters.terminal import ask_secret, is_asking_possible, is_shown_to_a_person
from chartkit.errors import InputError


def test_without_a_terminal_nobody_is_asked_or_shown_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not is_asking_possible()
    assert not is_shown_to_a_person()


def _with_echo(prompt: str) -> str:
    warnings.warn("the echo stays on", getpass.GetPassWarning, stacklevel=2)
    return "c4n4ry"


def _ends(prompt: str) -> str:
    raise EOFError


@pytest.mark.parametrize(
    ("way", "message"), [(_with_echo, "this terminal would show the password"), (_ends, "no password was given")]
)
def test_a_password_that_would_be_shown_is_not_asked_for(
    monkeypatch: pytest.MonkeyPatch, way: object, message: str
) -> None:
    monkeypatch.setattr(getpass, "getpass", way)
    with pytest.raises(InputError, match=message):
        ask_secret("Password: ")
