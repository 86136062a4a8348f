"""What the commands for Drycc share: values of the user, and what they say of the registry."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from chartkit.cli.flags import Flag, UsageError, Words
from chartkit.cli.helm_flags import VALUES
from chartkit.cli.pull_secret.shield import shielded
from chartkit.profile import NEWEST
from chartkit.values.inputs import ValuesInput, read_values

if TYPE_CHECKING:
    from chartkit.systems.drycc.secrets import System
    from chartkit.systems.drycc.settings import Settings

SYSTEM: Final = Flag("system", "whose labels and variables: drycc (default), or deis for Deis Workflow", "text")
SUBJECT: Final = (
    *(flag for flag in VALUES if flag.name != "skip-schema-validation"),
    Flag("location", "where the registry is, whatever the values say: on-cluster, off-cluster, ecr or gcr", "text"),
)
"""The flags that say what is looked at."""


def values_files(words: Words) -> list[str]:
    """The values files: those without a flag come first."""
    return [*words.others, *words.texts("values")]


def values_of(words: Words) -> ValuesInput:
    """The values that the command line gives.

    Raises:
        UsageError: it gives none.
        InputError: a file cannot be read.
    """
    files = values_files(words)
    sets = [flag.name for flag in SUBJECT if flag.name.startswith("set") and words.texts(flag.name)]
    if not files and not sets and not words.text("location"):
        raise UsageError("values are wanted, and none are given", hint="name a values file, or use --set")
    # Failures quote what they could not read, and these files hold passwords.
    with shielded(set()):
        return _read(words, files)


def _read(words: Words, files: list[str]) -> ValuesInput:
    stdin = sys.stdin.buffer.read().decode("utf-8", "surrogateescape") if "-" in files else None
    return read_values(
        stdin=stdin,
        profile=NEWEST,
        files=files,
        set=words.texts("set"),
        set_string=words.texts("set-string"),
        set_json=words.texts("set-json"),
        set_file=words.texts("set-file"),
        set_literal=words.texts("set-literal"),
    )


def settings_of(words: Words, values: ValuesInput) -> Settings:
    """What the values say of the registry.

    Raises:
        InputError: the location is none.
    """
    from chartkit.errors import InputError
    from chartkit.systems.drycc.keys import LOCATIONS
    from chartkit.systems.drycc.settings import read_settings

    settings = read_settings(values.data, words.text("location"))
    if settings.location not in LOCATIONS:
        position = None
        if settings.location_path and not words.text("location"):
            from chartkit.cli.drycc.places import position_of

            position = position_of(values, settings.location_path)
        raise InputError(
            f'there is no location "{settings.location}"', position=position, hint=f"write {', '.join(LOCATIONS)}"
        )
    return settings


def system_of(words: Words) -> System:
    """What labels and variables are called.

    Raises:
        UsageError: there is no such system.
    """
    from chartkit.cli.checking import chosen
    from chartkit.systems.drycc.secrets import SYSTEMS

    return SYSTEMS[chosen(words, "system", tuple(SYSTEMS), "drycc")]
