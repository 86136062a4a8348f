from __future__ import annotations

from collections.abc import Sequence

import pytest

from chartkit.errors import InputError
from chartkit.oci.credential import Credential
from chartkit.oci.helper import Answer, ask_helper, list_helper

CANARY = "c4n4ry-p4ss"


class Recorder:
    """Gives one answer, and keeps what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[list[str], str]] = []

    def run(self, command: Sequence[str], text: str) -> Answer:
        self.asked.append((list(command), text))
        return self.answer


def test_a_helper_gets_the_server_on_its_standard_input() -> None:
    runner = Recorder(Answer(0, '{"ServerURL":"r.io","Username":"u","Secret":"p"}\n'))
    assert ask_helper(runner, "pass", "r.io") == Credential("u", "p")
    assert runner.asked == [(["docker-credential-pass", "get"], "r.io")]


def test_a_user_called_token_is_an_identity_token() -> None:
    runner = Recorder(Answer(0, '{"ServerURL":"r.io","Username":"<token>","Secret":"t"}'))
    assert ask_helper(runner, "x", "r.io") == Credential(identity_token="t")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(1, "credentials not found in native keychain\n"),
        Answer(1, "", "credentials not found in native keychain\n"),
        Answer(1, "no credentials server URL"),
        Answer(1, "no credentials username"),
        Answer(0, '{"ServerURL":"r.io","Username":"","Secret":""}'),
    ],
)
def test_no_credentials_are_no_failure(answer: Answer) -> None:
    assert ask_helper(Recorder(answer), "x", "r.io") is None


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(1, "the store is locked\nmore"), "docker-credential-x failed for r.io: the store is locked"),
        (Answer(3), "docker-credential-x failed for r.io: exit code 3"),
        (Answer(1, f'{{"Secret":"{CANARY}"}}'), "docker-credential-x failed for r.io: exit code 1"),
        (Answer(0, CANARY), "what docker-credential-x answered is not the JSON of its protocol"),
        (Answer(0, f'"{CANARY}"'), "what docker-credential-x answered is not the JSON of its protocol"),
        (Answer(0, f'{{"Secret":"{CANARY}"'), "what docker-credential-x answered is not the JSON of its protocol"),
        (Answer(0, f'{{"Secret":"{CANARY}"}}'), "answered without Username and Secret for r.io"),
        (Answer(0, f'{{"Username":1,"Secret":"{CANARY}"}}'), "answered without Username and Secret for r.io"),
    ],
)
def test_a_failure_is_told_without_the_secret(answer: Answer, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        ask_helper(Recorder(answer), "x", "r.io")
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    assert CANARY not in repr(answer)


@pytest.mark.parametrize("name", ["", "../../bin/sh", "a\\b", "/bin/sh"])
def test_a_helper_cannot_be_a_path(name: str) -> None:
    runner = Recorder(Answer(0))
    with pytest.raises(InputError, match="cannot be the name of a credential helper"):
        ask_helper(runner, name, "r.io")
    assert runner.asked == []


def test_a_helper_lists_its_servers() -> None:
    runner = Recorder(Answer(0, '{"r.io":"u","https://index.docker.io/v1/":"v"}'))
    assert list_helper(runner, "pass") == {"r.io": "u", "https://index.docker.io/v1/": "v"}
    assert runner.asked[0][0] == ["docker-credential-pass", "list"]
