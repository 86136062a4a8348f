"""`chartkit pull-secret inspect`: what is in a pull secret or a configuration of docker, and what is wrong with it.

`--format json` gives

    {"secrets": [{"kind", "name", "namespace", "file", "line", "column", "credsStore", "credHelpers",
                  "entries": [{"server", "username", "password", "email", "identitytoken",
                               "registrytoken", "images", "line", "column"}]}],
     "findings": [{"rule", "severity", "message", "file", "line", "column", "secret", "server"}],
     "uncovered": [...]}

`images` are those that the entry covers, and `uncovered` those that nothing here does; both are null where no chart is
named. Passwords are `********`, and empty where there is none.

| exit code | meaning |
|---|---|
| 0 | the kubelet can use all of it |
| 1 | something is wrong with it: CK123, CK124, or CK126 for a password that has ended |
| 2 | it cannot be read, or is no pull secret |
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chartkit.checks.finding import Severity
from chartkit.checks.pull_secret_matching import covering, why_useless
from chartkit.cli.checking import chosen
from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS
from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.pipeline import put
from chartkit.cli.pull_secret.chart import names_chart, read_chart
from chartkit.cli.pull_secret.expiry import expiry
from chartkit.cli.subject import SUBJECT, read_command
from chartkit.cli.tables import as_columns, as_json
from chartkit.errors import InputError
from chartkit.images.use import ImageUse
from chartkit.oci.credential import MASK
from chartkit.oci.docker_config import Entry
from chartkit.oci.secret_file import FoundSecret, read_secret_file
from chartkit.reference import ImageReference
from chartkit.source import Position, Source

_FORMATS: Final = ("text", "json")
# Beside errors: a key that can never match is a warning to charts, and here it is what was asked about.
_FAULTS: Final = ("CK123", "CK124")


@dataclass(frozen=True, slots=True)
class _Remark:
    """One thing to say about a secret."""

    rule: str
    severity: Severity
    message: str
    position: Position
    secret: str
    server: str


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown: the secrets, and the images to hold them against; `None` if no chart is named."""

    secrets: tuple[FoundSecret, ...]
    images: tuple[ImageUse, ...] | None
    shows_secrets: bool

    @property
    def references(self) -> dict[str, ImageReference]:
        """The images by their text, each once."""
        return {use.text: use.reference for use in self.images or () if use.reference is not None}

    def covered(self, secret: FoundSecret, server: str) -> list[str]:
        """The images that the credentials for a server in a secret are tried for."""
        if any(fault.is_fatal for fault in secret.faults):
            return []
        keys = [entry.server for entry in secret.config.entries.values() if not entry.is_empty]
        return [text for text, reference in self.references.items() if server in covering(keys, reference)]

    @property
    def uncovered(self) -> list[str]:
        """The images that nothing covers."""
        covered = {
            text for secret in self.secrets for server in secret.config.entries for text in self.covered(secret, server)
        }
        return [text for text in self.references if text not in covered]

    def password(self, secret: str) -> str:
        """A password as it is shown."""
        return secret if self.shows_secrets or not secret else MASK


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit pull-secret inspect`; the result is the exit code."""
    words, profile = read_command(arguments, COMMAND.flags)
    form = chosen(words, "format", _FORMATS, "text")
    if not words.others:
        raise UsageError("say which file to look into", hint="- is standard input")
    secrets = read_secret_file(_source(words.others[0]))
    rest = Words(words.given, words.others[1:], words.notices)
    images = read_chart(rest, profile).images if names_chart(rest) else None
    view = _View(secrets, images, words.switch("show-secrets"))
    remarks = sorted(_remarks(view), key=lambda remark: (remark.position.offset, remark.rule))
    put(_json(view, remarks) if form == "json" else _text(view, remarks))
    has_faults = any(remark.rule in _FAULTS or remark.severity is Severity.ERROR for remark in remarks)
    return FINDINGS if has_faults else CLEAN


def _source(name: str) -> Source:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {name}: {error.strerror}") from None
    return Source(name, data.decode("utf-8", "surrogateescape"), is_secret=True)


def _remarks(view: _View) -> Iterator[_Remark]:
    references = list(view.references.values())
    for secret in view.secrets:
        for fault in secret.faults:
            yield _Remark("CK123", Severity.ERROR, fault.message, fault.position, secret.name, fault.server)
        for entry in secret.config.entries.values():
            useless = why_useless(entry.server, references)
            if useless:
                message = f"the key {entry.server} can match no image: {useless}"
                yield _Remark("CK124", Severity.WARNING, message, entry.position, secret.name, entry.server)
            message, is_over = expiry(entry.server, entry.credential)
            if message and not entry.is_empty:
                severity = Severity.ERROR if is_over else Severity.WARNING
                yield _Remark("CK126", severity, message, entry.position, secret.name, entry.server)


def _text(view: _View, remarks: Sequence[_Remark]) -> str:
    lines = [line for secret in view.secrets for line in _about(view, secret)]
    if view.images is not None:
        uncovered = view.uncovered
        lines.append("every image is covered" if not uncovered else f"not covered: {', '.join(uncovered)}")
    lines += [f"{each.position}: {each.severity} {each.rule}: {each.message}" for each in remarks]
    return "".join(f"{_printable(line)}\n" for line in lines)


def _printable(text: str) -> str:
    """A text without what would move the cursor or colour the screen: the file may be anybody's."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _about(view: _View, secret: FoundSecret) -> Iterator[str]:
    name = "/".join(filter(None, (secret.kind, secret.namespace, secret.name)))
    yield f"{secret.position}: {name}"
    rows = [[f"  {_printable(entry.server)}", _login(view, entry)] for entry in secret.config.entries.values()]
    for entry, row in zip(secret.config.entries.values(), as_columns(rows).splitlines() if rows else (), strict=True):
        yield row
        covered = view.covered(secret, entry.server)
        if view.images is not None:
            yield f"    covers {', '.join(covered) or 'no image'}"
    for server, helper in secret.config.helpers.items():
        yield f"  {server}  credentials with docker-credential-{helper}"
    if secret.config.store:
        yield f"  all other servers  credentials with docker-credential-{secret.config.store}"


def _login(view: _View, entry: Entry) -> str:
    known = entry.credential
    fields = (
        ("user", known.username),
        ("password", view.password(known.password)),
        ("email", known.email),
        ("identity token", view.password(known.identity_token)),
        ("registry token", view.password(known.registry_token)),
    )
    return "  ".join(f"{word} {_printable(value)}" for word, value in fields if value) or "no credentials"


def _json(view: _View, remarks: Sequence[_Remark]) -> str:
    return as_json(
        {
            "secrets": [_secret_row(view, secret) for secret in view.secrets],
            "findings": [
                {
                    "rule": each.rule,
                    "severity": str(each.severity),
                    "message": each.message,
                    **_place(each.position),
                    "secret": each.secret,
                    "server": each.server,
                }
                for each in remarks
            ],
            "uncovered": None if view.images is None else view.uncovered,
        }
    )


def _secret_row(view: _View, secret: FoundSecret) -> dict[str, Any]:
    return {
        "kind": secret.kind,
        "name": secret.name,
        "namespace": secret.namespace,
        **_place(secret.position),
        "credsStore": secret.config.store,
        "credHelpers": dict(secret.config.helpers),
        "entries": [
            {
                "server": entry.server,
                "username": entry.credential.username,
                "password": view.password(entry.credential.password),
                "email": entry.credential.email,
                "identitytoken": view.password(entry.credential.identity_token),
                "registrytoken": view.password(entry.credential.registry_token),
                "images": None if view.images is None else view.covered(secret, entry.server),
                "line": entry.position.line,
                "column": entry.position.column,
            }
            for entry in secret.config.entries.values()
        ],
    }


def _place(position: Position) -> dict[str, Any]:
    return {"file": position.source.name, "line": position.line, "column": position.column}


COMMAND: Final = Command(
    name="pull-secret inspect",
    usage="[OPTIONS] FILE|- [VALUES]...",
    help="Say what is in a pull secret, a config.json or a .dockercfg: servers, users, masked passwords, and every "
    "fault with its place. With VALUES or --chart it says too which images of the chart it covers, by the kubelet's "
    "rules. Exits with 1 if something is wrong with it.",
    flags=(
        Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),
        Flag("show-secrets", "show passwords"),
        *SUBJECT,
    ),
    run=run,
)
