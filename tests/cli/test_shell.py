from __future__ import annotations

import pytest

from chartkit.cli.app import main
from chartkit.cli.commands import COMMANDS, load_command


def _shell(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as raised:
        main(words)
    out, err = capfd.readouterr()
    assert isinstance(raised.value.code, int)
    return raised.value.code, out, err


def test_help_lists_the_commands(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _shell(capfd, "--help")
    assert code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_lists_the_flags_that_mean_something(capfd: pytest.CaptureFixture[str], name: str) -> None:
    command = load_command(name)
    assert command.name == name
    code, out, _ = _shell(capfd, name, "-n", "x", "--help")
    assert code == 0
    assert out.startswith(f"Usage: chartkit {name} {command.usage}")
    for flag in command.flags:
        assert (f"--{flag.name} " in out) is bool(flag.help)


def test_a_mistyped_command_is_a_usage_error_with_a_suggestion(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = _shell(capfd, "rendr")
    assert code == 2
    assert "Did you mean 'render'?" in err


def test_version(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _shell(capfd, "--version")
    assert code == 0
    assert out.startswith("chartkit")


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("chartkit ren", ["render"]),
        ("chartkit render --image", ["--images-only"]),
        ("chartkit template --show-o", ["--show-only"]),
    ],
)
def test_completion_offers_commands_and_flags(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: str, completions: list[str]
) -> None:
    monkeypatch.setenv("_CHARTKIT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    code, out, _ = _shell(capfd, *words.split()[1:])
    assert code == 0
    assert out.split() == completions
