"""`chartkit registries`: how to log in to each registry of a chart's images, and how to make the pull secret for it.

Nothing is run and nothing is asked: the answers come from the host names. Fields of `--format json`:

    {"registries": [{"registry", "provider", "title", "images": [...], "server", "username", "password", "note",
                     "shortLived", "isGuess", "suspicions": [...], "secret", "test",
                     "logins": [{"title", "username", "lifetime", "shortLived", "prepare", "login", "create",
                                 "apply"}]}]}

`server` is the key under `auths`, empty where all images are public; `logins` is empty there too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, note
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.pipeline import put
from chartkit.cli.subject import SUBJECT, job_of, read_command
from chartkit.cli.tables import as_json
from chartkit.images.providers import Provider, provider_of
from chartkit.images.registry_logins import DEFAULT_NAME, Login, logins, pull_command
from chartkit.profile import Profile

_FORMATS: Final = ("text", "json")
_SUSPECTS: Final = "CK112: "
_INDENT: Final = "    "
_HIDDEN: Final = "or, with the password on no command line:"
_STALE: Final = "the Secret goes stale; to renew it, with the password on no command line:"


@dataclass(frozen=True, slots=True)
class _Registry:
    """A registry that something is pulled from.

    Attributes:
        host: host and port.
        images: what is pulled from it; nothing for a host that is only asked about.
        secrets: the pull secrets that the pods of its images name.
    """

    host: str
    images: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit registries`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    form = chosen(words, "format", _FORMATS, _FORMATS[0])
    hosts = [_host(text) for text in words.texts("host")]
    asked = [_Registry(host) for host in dict.fromkeys(hosts)]
    wants_chart = not hosts or words.others or any(words.given.get(flag) for flag in ("values", "chart", "target"))
    found = [*asked, *(_of_chart(words, profile) if wants_chart else ())]
    if form == "json":
        put(as_json({"registries": [_row(each, words) for each in found]}))
    else:
        put("\n".join(_text(each, words) for each in found) or "the chart renders no image\n")
    return CLEAN


def _host(text: str) -> str:
    """A host as it stands in images; the forms in which people copy it from elsewhere are fine too."""
    host = text.strip().removeprefix("https://").removeprefix("http://").partition("/")[0]
    if not host or any(character.isspace() for character in host):
        raise UsageError(f'"{text}" is no registry', hint="write it as host or host:port")
    return host


def _of_chart(words: Words, profile: Profile) -> list[_Registry]:
    """The registries of a chart's images, in the order of the render."""
    from chartkit.checks.pods import accounts, pull_names
    from chartkit.checks.subject import make_subject
    from chartkit.cli.pipeline import prepare
    from chartkit.images.find import find_images

    prepared = prepare(job_of(words, profile))
    rendering = prepared.render()
    for warning in rendering.warnings:
        note(f"warning: {warning}")
    subject = make_subject(prepared.program.chart, prepared.values, rendering, find_images(rendering))
    there = tuple(accounts(subject))
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for use in subject.likely:
        if use.reference is None:
            note(f"warning: {use.text} is no image reference: {use.fault}")
            continue
        images, secrets = found.setdefault(use.reference.registry, ({}, {}))
        images[use.text] = None
        names = pull_names(use, subject, there)
        secrets.update(dict.fromkeys(names.names if names else ()))
    return [_Registry(host, tuple(images), tuple(secrets)) for host, (images, secrets) in found.items()]


def _secret(registry: _Registry, words: Words) -> str:
    """The Secret's name in the commands: the wanted one, or the first that the pods name."""
    return words.text("secret") or next(iter(registry.secrets), DEFAULT_NAME)


def _logins(registry: _Registry, words: Words) -> tuple[Login, ...]:
    return logins(registry.host, _secret(registry, words), words.text("namespace"))


def _test(registry: _Registry, provider: Provider, words: Words) -> str:
    image = next(iter(registry.images), f"{registry.host}/<repository>:<tag>")
    return "" if provider.is_public else pull_command(image, _secret(registry, words), words.text("namespace"))


def _suspicions(provider: Provider) -> list[str]:
    return [text.removeprefix(_SUSPECTS) for text in provider.suspicion]


def _row(registry: _Registry, words: Words) -> dict[str, Any]:
    provider = provider_of(registry.host)
    return {
        "registry": registry.host,
        "provider": provider.id,
        "title": provider.title,
        "images": list(registry.images),
        "server": provider.server,
        "username": provider.username,
        "password": provider.password,
        "note": provider.note,
        "shortLived": provider.short_lived,
        "isGuess": provider.is_guess,
        "suspicions": _suspicions(provider),
        "secret": "" if provider.is_public else _secret(registry, words),
        "test": _test(registry, provider, words),
        "logins": [_login_row(each) for each in _logins(registry, words)],
    }


def _login_row(login: Login) -> dict[str, Any]:
    return {
        "title": login.title,
        "username": login.username,
        "lifetime": login.lifetime,
        "shortLived": login.is_short_lived,
        "prepare": login.prepare,
        "login": login.login,
        "create": login.create,
        "apply": login.apply,
    }


def _text(registry: _Registry, words: Words) -> str:
    provider = provider_of(registry.host)
    guess = ", by the look of its name" if provider.is_guess else ""
    lines = [f"{registry.host}: {provider.title} ({provider.id}{guess})"]
    facts = [
        *(("image", image) for image in registry.images),
        *(("warning", text) for text in _suspicions(provider)),
        ("auths key", provider.server or "none: its images are public"),
        ("user name", provider.username),
        ("password", provider.password),
        ("note", provider.note),
    ]
    lines += [f"{_INDENT}{word + ':':<11}{text}" for word, text in facts if text]
    for login in _logins(registry, words):
        lines += ["", *_login_lines(login)]
    test = _test(registry, provider, words)
    lines += ["", f"{_INDENT}To see whether a pod can pull with it:", f"{_INDENT}  {test}"] if test else []
    return "".join(f"{line}\n" for line in lines)


def _login_lines(login: Login) -> Iterator[str]:
    yield f"{_INDENT}With {login.title} (lifetime: {login.lifetime}):"
    for command in filter(None, (login.prepare, login.login, login.create)):
        yield f"{_INDENT}  {command}"
    yield f"{_INDENT}  # {_STALE if login.is_short_lived else _HIDDEN}"
    yield f"{_INDENT}  {login.apply}"


COMMAND: Final = Command(
    name="registries",
    usage="[OPTIONS] [VALUES]...",
    help="Say for each registry of the chart's images who runs it, the key under auths, what to give as user name and "
    "password, how long credentials live, and the commands that log in and make the pull secret: they work as they are "
    "printed once the placeholders '<...>' are replaced. Nothing is run. With --host no chart is needed.",
    flags=(
        Flag("host", "a registry to tell about, with or without a chart; may be repeated", "list"),
        Flag("secret", "the Secret's name in the commands (default: the one that the pods name, or regcred)", "text"),
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        *SUBJECT,
    ),
    run=run,
)
