"""`chartkit drycc secret`: the Secrets that values mean: `registry-secret`, or the pull secret of an app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chartkit.adapters.files import write_atomic
from chartkit.adapters.terminal import is_shown_to_a_person
from chartkit.cli.command import Command
from chartkit.cli.drycc.subject import SUBJECT, SYSTEM, settings_of, system_of, values_of
from chartkit.cli.exits import CLEAN, tell
from chartkit.cli.flags import Flag, UsageError, Words, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.pull_secret.passwords import SOURCES, Passwords
from chartkit.errors import InputError
from chartkit.manifests.names import check_namespace
from chartkit.profile import NEWEST

if TYPE_CHECKING:
    from chartkit.systems.drycc.settings import Given, Settings

SECRET_FIELD: Final = {"off-cluster": "password", "ecr": "secretkey", "gcr": "key_json"}
"""What of each location is secret, and may come by the flags for passwords."""

Manifest = Mapping[str, Any]


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit drycc secret`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, NEWEST.major)
    settings = settings_of(words, values_of(words))
    _deliver(words, _app_secret(words, settings) if words.text("app") else _settings_secrets(words, settings))
    return CLEAN


def _settings_secrets(words: Words, settings: Settings) -> list[Manifest]:
    from chartkit.systems.drycc.secrets import component_secrets, registry_secret

    settings = _with_password(words, settings)
    namespace = _namespace(words, "drycc")
    found = registry_secret(settings, namespace=namespace, system=system_of(words))
    if found is None:
        raise InputError("on the cluster the registry component makes its own registry-secret")
    return [found, *component_secrets(settings, namespace=namespace)]


def _app_secret(words: Words, settings: Settings) -> list[Manifest]:
    from chartkit.systems.drycc.keys import OFF_CLUSTER
    from chartkit.systems.drycc.secrets import pull_secret

    app = words.text("app")
    token = ""
    if settings.location == OFF_CLUSTER:
        settings = _with_password(words, settings)
    # Off the cluster the login is in the values; the others need what only the provider can give.
    elif _ways(words):
        token = Passwords().read(_ways(words), f"the token of {settings.location}")
    namespace = _namespace(words, app)
    found = pull_secret(settings, namespace, token=token, process_type=words.text("process-type", "web"))
    if found is None:
        raise InputError(f"the pods of {app} need no pull secret: the registry's proxy wants no login")
    return [found]


def _with_password(words: Words, settings: Settings) -> Settings:
    """The settings with the password that flags lead to, in place of the one in the values; none may be missing."""
    from chartkit.systems.drycc.settings import Given, mandatory_gaps

    ways = _ways(words)
    if ways:
        name = SECRET_FIELD.get(settings.location, "password")
        text = Passwords().read(ways, f"{name} of the registry {settings.host or 'at Docker Hub'}")
        settings = _with_field(settings, name, Given(text, (name,)))
    gaps = [field for field, _ in mandatory_gaps(settings)]
    if gaps:
        raise InputError(f"the values lack {', '.join(gaps)}", hint="chartkit drycc check says where they belong")
    return settings


def _with_field(settings: Settings, name: str, given: Given) -> Settings:
    from dataclasses import replace

    if name not in settings.fields and not settings.fields:
        raise UsageError(f"the values have no registry that the {name} could be for")
    return replace(settings, fields={**settings.fields, name: given})


def _ways(words: Words) -> dict[str, str | bool]:
    given = ((flag, words.given.get(flag, "")) for flag in SOURCES)
    return {flag: value for flag, value in given if value and not isinstance(value, list)}


def _namespace(words: Words, usual: str) -> str:
    return check_namespace(words.text("namespace") or usual)


def _deliver(words: Words, secrets: Sequence[Manifest]) -> None:
    """Write the Secrets to a file, or print them: on a screen without what one could log in with."""
    from chartkit.goyaml.dump import dump
    from chartkit.systems.drycc.secrets import masked

    file = words.text("output")
    # What goes into a pipe is meant for a program: kubectl apply -f -.
    is_masked = not file and is_shown_to_a_person() and not words.switch("show-secrets")
    text = "---\n".join(dump(masked(each) if is_masked else each) for each in secrets)
    if file and file != "-":
        write_atomic(Path(file), text.encode("utf-8", "surrogateescape"), is_secret=True)
        names = (f"{each['metadata']['namespace']}/{each['metadata']['name']}" for each in secrets)
        tell(f"wrote {file}: Secret {', '.join(names)}")
        return
    put(text)
    if is_masked:
        tell("passwords are masked on a screen: --show-secrets shows them, -o FILE and pipes get the real Secrets")


COMMAND: Final = Command(
    name="drycc secret",
    usage="[OPTIONS] [VALUES]...",
    help="Print registry-secret as the components of Drycc Workflow read it (with today's keys also builder-secret and "
    "controller-creds), or with --app the pull secret in the namespace of an app. For ecr and gcr that one needs the "
    "token of the hour, as --password-stdin and so on. On a screen what is secret is masked.",
    flags=(
        *SUBJECT,
        SYSTEM,
        Flag("app", "the app whose pull secret is wanted", "text"),
        Flag("process-type", "the process type of the app (default: web)", "text"),
        Flag("namespace", "the namespace (default: drycc, or the app's name)", "text", "n"),
        Flag("password-stdin", "read the password or token from standard input"),
        Flag("password-file", "read the password or token from a file", "text"),
        Flag("password-env", "read the password or token from this variable of the environment", "text"),
        Flag("output", "write into this file, which only its owner can read; - is standard output", "text", "o"),
        Flag("show-secrets", "show what is secret on a screen"),
    ),
    run=run,
)
