from __future__ import annotations

import pytest

from chartkit.cli.app import main
from chartkit.cli.command import Command, Group
from chartkit.cli.commands import ALIASES, COMMANDS, SECTIONS, find_command, load_command, unaliased


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


def test_help_lists_the_sections_and_each_command_in_one_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _shell(capfd, "--help")
    assert [line[:-1] for line in out.splitlines() if line.endswith(":") and line[0] != " "] == ["Options", *SECTIONS]
    assert len(COMMANDS) == sum(map(len, SECTIONS.values()))


def _all_words() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = load_command(name)
        found += [(name, word) for word in command.commands] if isinstance(command, Group) else [(name,)]
    return found


@pytest.mark.parametrize("words", _all_words(), ids=" ".join)
def test_help_of_a_command_lists_the_flags_that_mean_something(
    capfd: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    command, rest = find_command(words)
    assert isinstance(command, Command)
    assert not rest
    assert command.name == " ".join(words)
    code, out, _ = _shell(capfd, *words, "-n", "x", "--help")
    assert code == 0
    assert out.startswith(f"Usage: chartkit {command.name} {command.usage}")
    for flag in command.flags:
        assert (f"--{flag.name} " in out) is bool(flag.help)


@pytest.mark.parametrize("name", [name for name in COMMANDS if isinstance(load_command(name), Group)])
def test_help_of_a_group_lists_its_commands(capfd: pytest.CaptureFixture[str], name: str) -> None:
    group = load_command(name)
    assert isinstance(group, Group)
    code, out, _ = _shell(capfd, name, "--help")
    assert code == 0
    for word, (_, about) in group.commands.items():
        assert f"\n  {word} " in out
        assert about.split()[0] in out


def test_a_group_alone_shows_its_help_and_is_a_usage_error(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = _shell(capfd, "pull-secret")
    assert code == 2
    assert "verify" in out + err


def test_a_mistyped_second_word_is_a_usage_error_with_a_suggestion(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["pull-secret", "rendr"]) == 2
    assert capfd.readouterr().err == (
        'Error: unknown command "rendr" for "chartkit pull-secret"\n\nhint: did you mean render?\n'
    )


def test_a_mistyped_command_is_a_usage_error_with_a_suggestion(capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = _shell(capfd, "rendr")
    assert code == 2
    assert "Did you mean 'render'" in err


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


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["pullsecret", "inspect", "f"], ["pull-secret", "inspect", "f"]),
        (["pullsecrets", "--rendered"], ["pull-secret", "list", "--rendered"]),
        (["verify-pull-secrets"], ["pull-secret", "verify"]),
        (["drycc", "render", "v.yaml"], ["drycc", "plan", "v.yaml"]),
        (["dep", "up", "c"], ["dependency", "update", "c"]),
        (["images", "dep"], ["images", "dep"]),
        ([], []),
    ],
    ids=" ".join,
)
def test_other_words_for_commands(words: list[str], meant: list[str]) -> None:
    assert unaliased(words) == meant


def test_other_words_call_commands_that_there_are_and_hide_none() -> None:
    for other, meant in ALIASES.items():
        assert not find_command(meant)[1]
        assert other[0] not in COMMANDS or len(other) == 2


def test_help_of_a_command_by_another_word(capfd: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _shell(capfd, "pullsecrets", "--help")
    assert out.startswith("Usage: chartkit pull-secret list ")
