"""What a chart with values says of pull secrets: those it renders, and those its pods name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chartkit.checks.masking import passwords_in
from chartkit.checks.pods import SECRETS_KEY, Object, names_in, objects
from chartkit.cli.exits import note
from chartkit.cli.flags import UsageError, Words
from chartkit.cli.pipeline import prepare
from chartkit.cli.pull_secret.docker import for_secret
from chartkit.cli.pull_secret.shield import shielded
from chartkit.cli.subject import job_of
from chartkit.errors import InputError
from chartkit.images.find import find_images
from chartkit.images.pull_secret import NewPullSecret
from chartkit.images.use import Certainty, ImageUse
from chartkit.oci.secret_file import is_pull_secret, read_secret
from chartkit.profile import Profile
from chartkit.source import Source

_NAMING: Final = ("values", "chart", "target", "set", "set-string", "set-json", "set-file", "set-literal")


@dataclass(frozen=True, slots=True)
class ChartSecrets:
    """The pull secrets of a render.

    Attributes:
        rendered: those that the chart makes.
        named: the names of others, which its pods and service accounts use.
        images: the images in it.
        passwords: the passwords in its values.
    """

    rendered: tuple[Object, ...]
    named: tuple[str, ...]
    images: tuple[ImageUse, ...]
    passwords: frozenset[str] = field(default=frozenset(), repr=False)

    def secrets(self) -> tuple[NewPullSecret, ...]:
        """The pull secrets that the chart makes, read.

        Raises:
            InputError: one is of no use; no password is told.
        """
        with shielded(self.passwords):
            return tuple(map(_secret, self.rendered))


def names_chart(words: Words) -> bool:
    """Whether the command line names a chart or values."""
    return bool(words.others) or any(words.given.get(flag) for flag in _NAMING)


def read_chart(words: Words, profile: Profile) -> ChartSecrets:
    """Render the chart that the words name, and look at its pull secrets.

    Raises:
        ChartkitError: it cannot be rendered; no password is told.
    """
    known: set[str] = set()
    with shielded(known):
        prepared = prepare(job_of(words, profile))
        if "auths" in prepared.values.data:
            raise UsageError("this is a configuration of docker, no values", hint="say --from-docker-config=FILE")
        known.update(passwords_in(prepared.program.chart.values), passwords_in(prepared.values.data))
        rendering = prepared.render()
        for warning in rendering.warnings:
            note(f"warning: {warning}")
        rendered = tuple(each for each in objects(rendering) if each.kind == "Secret" and is_pull_secret(each.data))
        made = {secret.name for secret in rendered}
        named = dict.fromkeys(name for each in objects(rendering) for name in _named(each.data) if name not in made)
        images = tuple(use for use in find_images(rendering) if use.certainty >= Certainty.LIKELY)
    return ChartSecrets(rendered, tuple(named), images, frozenset(known))


def _secret(rendered: Object) -> NewPullSecret:
    content = read_secret(rendered.data, Source(rendered.manifest.file, rendered.manifest.text))
    for fault in content.faults:
        raise InputError(f"the Secret {rendered.name} that the chart renders is of no use: {fault.message}")
    entries = content.config.entries.values()
    for entry in entries:
        if not entry.credential.password:
            raise InputError(
                f"the Secret {rendered.name} that the chart renders has no password for {entry.server}",
                hint="the values give none: say it with --server, --username and --password-env",
            )
    metadata = rendered.data.get("metadata") or {}
    return NewPullSecret(
        rendered.name,
        {entry.server: for_secret(entry.server, entry.credential) for entry in entries},
        rendered.namespace,
        labels=_texts(metadata.get("labels")),
        annotations=_texts(metadata.get("annotations")),
    )


def _texts(fields: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in fields.items()} if isinstance(fields, Mapping) else {}


def _named(tree: Any) -> Iterator[str]:
    """The names in all lists of pull secrets below an object."""
    if isinstance(tree, Mapping):
        yield from names_in(tree.get(SECRETS_KEY))
        for child in tree.values():
            yield from _named(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _named(child)
