from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.exits import describe, exit_code, run_guarded
from chartkit.errors import (
    ChartkitError,
    ExecError,
    FailError,
    InputError,
    LimitError,
    LoadError,
    RegistryError,
    SchemaError,
    Unreachable,
)
from chartkit.source import Position, Source


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (InputError("x"), 2),
        (LoadError("x"), 2),
        (SchemaError("x"), 2),
        (FailError("x"), 2),
        (LimitError("x"), 2),
        (ChartkitError("x"), 2),
        (PermissionError(errno.EACCES, "x"), 2),
        (RegistryError("x"), 3),
        (Unreachable("x"), 3),
        (KeyError("x"), 70),
        (RecursionError(), 70),
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 141),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_exit_code_of_a_failure(failure: BaseException, code: int) -> None:
    assert exit_code(failure) == code


def _failing(failure: BaseException) -> Callable[[], int]:
    def action() -> int:
        raise failure

    return action


def test_run_guarded_gives_the_code_of_the_command() -> None:
    assert run_guarded(lambda: 1, []) == 1


def test_run_guarded_tells_of_bad_input_without_a_traceback(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run_guarded(_failing(InputError("no \udcff value", hint="give one")), []) == 2
    out, err = capfdbinary.readouterr()
    assert (out, err) == (b"", b"Error: no \xff value\n\nhint: give one\n")


def test_run_guarded_leaves_a_log_of_a_bug(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    arguments = ["render", f"--set=password={tmp_path.name}", "-f", "x"]
    assert run_guarded(_failing(KeyError("oops")), arguments) == 70
    err = capfd.readouterr().err
    assert "Traceback" not in err
    log_path = err.split("attach ")[1].strip()
    with open(log_path, encoding="utf-8") as log:
        text = log.read()
    assert "KeyError: ***" in text
    assert "flags: --set -f" in text
    assert tmp_path.name not in text


def test_run_guarded_shows_the_traceback_of_a_bug_when_debugging(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run_guarded(_failing(KeyError("oops")), ["--debug"]) == 70
    assert capfd.readouterr().err.startswith("Traceback")


def test_run_guarded_says_nothing_of_an_interrupt(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(_failing(KeyboardInterrupt()), []) == 130
    assert capfd.readouterr().err == ""


def test_describe_shows_the_place_and_the_way_there() -> None:
    inner = Source("c/templates/_h.tpl", "x\n\t{{ .a.b }}\n")
    outer = Source("c/templates/a.yaml", '{{ include "h" . }}')
    place, start = Position(inner, 6), Position(outer, 3)
    failure = ExecError("two\nlines", position=place, chain=(start, place), hint="look")
    assert describe(failure) == (
        "Error: two\nlines\n\n"
        "  c/templates/_h.tpl:2:5\n    \t{{ .a.b }}\n    \t   ^\n"
        "  reached from c/templates/a.yaml:1:4\n\n"
        "hint: look"
    )


@pytest.mark.parametrize(
    ("text", "is_secret", "is_shown"),
    [
        ("tag: x: y", False, True),
        ("tag: x: y", True, False),
        ('  password: "c4n4ry', False, False),
        ('"apiToken": [c4n4ry', False, False),
        ("imageCredentials.password=c4n4ry,", False, False),
        ("existingSecret: c4n4ry: x", False, False),
        ("secretName [", False, True),
    ],
)
def test_describe_shows_no_line_that_may_hold_a_password(text: str, is_secret: bool, is_shown: bool) -> None:
    place = Position(Source("v.yaml", text, is_secret=is_secret), 2)
    told = describe(InputError("no", position=place))
    assert "v.yaml:1:3" in told
    assert (text in told) is is_shown


def test_describe_shows_the_line_of_a_template_that_uses_a_password() -> None:
    place = Position(Source("t.yaml", "password: {{ .Values.password }}"), 13)
    assert "password: {{" in describe(ExecError("no", position=place))
