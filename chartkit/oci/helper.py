"""Docker's credential helpers: the programs `docker-credential-NAME` that keep passwords.

A helper gets the word `get` and the server on its standard input, and answers with `{ServerURL, Username, Secret}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json import loads
from typing import Any, Final, Protocol

from chartkit.errors import InputError
from chartkit.oci.credential import Credential

_PREFIX: Final = "docker-credential-"
_TOKEN_USER: Final = "<token>"
_NOTHING: Final = (
    "credentials not found in native keychain",
    "no credentials server url",
    "no credentials username",
)
_MESSAGE_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program gave.

    Attributes:
        code: its exit code.
        output: its standard output.
        errors: its standard error.
    """

    code: int
    output: str = field(default="", repr=False)
    errors: str = field(default="", repr=False)


class Runner(Protocol):
    """Runs programs."""

    def run(self, command: Sequence[str], text: str) -> Answer:
        """Run a program with a text on its standard input.

        Raises:
            InputError: there is no such program, or it did not end in time.
        """


def ask_helper(runner: Runner, helper: str, server: str) -> Credential | None:
    """The credential that a helper has for a server; `None` if it has none.

    Raises:
        InputError: the helper is missing, fails, or answers with what is no answer.
    """
    answer = _run(runner, helper, "get", server)
    if answer is None:
        return None
    content = _content(answer, helper)
    user, secret = content.get("Username"), content.get("Secret")
    if not isinstance(user, str) or not isinstance(secret, str):
        raise InputError(f"{_PREFIX}{helper} answered without Username and Secret for {server}")
    if user == _TOKEN_USER:
        return Credential(identity_token=secret)
    return Credential(user, secret) if user or secret else None


def list_helper(runner: Runner, helper: str) -> Mapping[str, str]:
    """The servers that a helper has credentials for, each with its user.

    Raises:
        InputError: the helper is missing, fails, or answers with what is no answer.
    """
    answer = _run(runner, helper, "list", "unused")
    return {} if answer is None else {server: str(user) for server, user in _content(answer, helper).items()}


def _run(runner: Runner, helper: str, action: str, text: str) -> Answer | None:
    """The answer of a helper that ended well; `None` if it says that it has nothing."""
    # A name with a slash would be a path to any program at all.
    if not helper or "/" in helper or "\\" in helper:
        raise InputError(f'"{helper}" cannot be the name of a credential helper: it is the NAME of {_PREFIX}NAME')
    answer = runner.run([f"{_PREFIX}{helper}", action], text)
    if answer.code == 0:
        return answer
    said = answer.output.strip() or answer.errors.strip()
    if said.lower().startswith(_NOTHING):
        return None
    raise InputError(f"{_PREFIX}{helper} failed for {text}: {_harmless(said) or f'exit code {answer.code}'}")


def _content(answer: Answer, helper: str) -> dict[str, Any]:
    try:
        content = loads(answer.output)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        # Not even a part of it is shown: it may be the password.
        raise InputError(f"what {_PREFIX}{helper} answered is not the JSON of its protocol") from None
    return content


def _harmless(said: str) -> str:
    """What a helper says about its failure, unless that is an answer with a secret in it."""
    return "" if "{" in said or "Secret" in said else said.partition("\n")[0][:_MESSAGE_LIMIT]
