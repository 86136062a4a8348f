"""`chartkit kaapana registry-secret`: the pull secret that the New Registry extension makes, or its name alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chartkit.adapters.files import write_atomic
from chartkit.adapters.terminal import is_shown_to_a_person
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.pull_secret.passwords import SOURCES, Passwords
from chartkit.manifests.names import check_namespace
from chartkit.profile import NEWEST


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit kaapana registry-secret`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    from chartkit.systems.kaapana.registry import read_url, secret_name

    if words.others:
        raise UsageError("registry-secret takes flags only", hint="the registry is --url host[:port]/path")
    url = read_url(words.text("url"))
    if words.switch("name-only"):
        put(f"{secret_name(url)}\n")
        return CLEAN
    username = words.text("username")
    if not username:
        raise UsageError("--username is needed", hint="for the name of the secret alone say --name-only")
    _deliver(words, url, username, Passwords().read(_ways(words), f"{username} at {url}"))
    return CLEAN


def _ways(words: Words) -> dict[str, str | bool]:
    """Where the password is, as far as the flags say."""
    given = ((flag, words.given.get(flag, "")) for flag in SOURCES)
    return {flag: value for flag, value in given if not isinstance(value, list)}


def _deliver(words: Words, url: str, username: str, password: str) -> None:
    """Write the secret to a file, or print it: on a screen without the password."""
    from chartkit.goyaml.dump import dump
    from chartkit.systems.kaapana.registry import SERVICES, masked_secret, registry_secret

    file = words.text("output")
    # What goes into a pipe is meant for a program: kubectl apply -f -.
    is_masked = not file and is_shown_to_a_person() and not words.switch("show-secrets")
    namespace = check_namespace(words.text("namespace") or SERVICES)
    secret = registry_secret(url, username, password, namespace=namespace)
    text = dump(masked_secret(secret, url) if is_masked else secret)
    if file and file != "-":
        write_atomic(Path(file), text.encode("utf-8", "surrogateescape"), is_secret=True)
        tell(f"wrote {file}: Secret {namespace}/{secret['metadata']['name']} for {url}")
        return
    put(text)
    if is_masked:
        tell("the password is masked on a screen: --show-secrets shows it, -o FILE and pipes get the real secret")


COMMAND: Final = Command(
    name="kaapana registry-secret",
    usage="[OPTIONS] --url REGISTRY",
    help="Print the pull secret that the New Registry extension makes for a registry: its name ends with four digits "
    "of a hash of the URL's text. On a screen the password is masked; into a pipe or a file goes the real secret.",
    flags=(
        Flag("url", "the registry, as host[:port]/path, letter for letter as in the workflow's chart", "text"),
        Flag("name-only", "print the secret's name, which needs no password"),
        Flag("username", "the user of the registry", "text"),
        Flag("password-stdin", "read the password from standard input"),
        Flag("password-file", "read the password from a file", "text"),
        Flag("password-env", "read the password from this variable of the environment", "text"),
        Flag("namespace", "the namespace of the platform's services (default: services)", "text", "n"),
        Flag("output", "write into this file, which only its owner can read; - is standard output", "text", "o"),
        Flag("show-secrets", "show the password on a screen"),
    ),
    run=run,
)
