"""`chartkit doctor`: what is installed, what is missing and what for, what configuration counts, and the cache.

The exit code is 1 where something that chartkit cannot do without is missing or broken, else 0.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import get_terminal_size, which
from typing import Any, Final

from chartkit.cli.command import Command
from chartkit.cli.exits import CLEAN, FINDINGS
from chartkit.cli.flags import Flag, UsageError, read_words
from chartkit.cli.pipeline import put
from chartkit.cli.screen import has_colours
from chartkit.cli.tables import as_columns, as_json
from chartkit.errors import ChartkitError
from chartkit.profile import PROFILES
from chartkit.version import __version__

Row = dict[str, Any]

_PACKAGES: Final = {
    "bcrypt": "htpasswd in templates",
    "cryptography": "certificates and keys in templates",
    "jinja2": "the report page",
    "pyyaml": "YAML",
    "semver": "versions",
    "typer": "help and completion",
    "urllib3": "registries and chart repositories",
}
_EXTRAS: Final = {"distributed": "verify-images --dask", "helm-python-sdk": "make bench, make conformance"}
_PROGRAMS: Final = {
    "docker": "task run, and the plans of devfile",
    "podman": "the same without docker",
    "kubectl": "putting Secrets and manifests into a cluster",
    "helm": "installing charts",
    "skopeo": "running the plans of mirror",
    "git": "pre-commit",
}
_STATES: Final = {True: "ok", False: "missing"}
_FORMATS: Final = ("text", "json")


def run(arguments: Sequence[str]) -> int:
    """Run `chartkit doctor`; the result is the exit code."""
    words = read_words(arguments, COMMAND.flags, 4)
    form = words.text("format", "text")
    if form not in _FORMATS:
        raise UsageError(f'unknown format "{form}": must be one of {", ".join(_FORMATS)}')
    if words.others:
        raise UsageError(f"doctor takes no arguments, got {words.others[0]}")
    rows = list(_rows())
    put(as_json({"checks": rows}) if form == "json" else _text(rows))
    return FINDINGS if any(row["state"] == "broken" for row in rows) else CLEAN


def _text(rows: Sequence[Row]) -> str:
    return as_columns([[row["state"], row["name"], row["value"], row["about"]] for row in rows])


def _row(state: str, name: str, value: str, about: str = "") -> Row:
    return {"state": state, "name": name, "value": value, "about": about}


def _rows() -> Iterator[Row]:
    yield _row("ok", "chartkit", __version__, f"reproduces Helm {', '.join(sorted(PROFILES))}")
    yield _row("ok", "python", platform.python_version(), sys.executable)
    yield from _packages()
    yield from _programs()
    yield _configuration()
    yield _cache()
    yield from _logins()
    colours = "colours" if has_colours(sys.stdout) else "no colours"
    shown = f"{get_terminal_size().columns} columns, {colours}" if sys.stdout.isatty() else "none: plain text"
    yield _row("ok", "terminal", shown)


def _packages() -> Iterator[Row]:
    for name, about in _PACKAGES.items():
        found = _version(name)
        yield _row("ok" if found else "broken", name, found or "not installed", about)
    for name, about in _EXTRAS.items():
        found = _version(name)
        yield _row(_STATES[bool(found)], name, found or "not installed, and not needed otherwise", about)
    yield _libyaml()


def _libyaml() -> Row:
    from chartkit.goyaml.libyaml import load_yaml

    found = bool(load_yaml().__with_libyaml__)
    return _row(_STATES[found], "libyaml", "" if found else "YAML is read by slower means", "speed")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _programs() -> Iterator[Row]:
    for name, about in _PROGRAMS.items():
        path = which(name)
        yield _row(_STATES[bool(path)], name, path or "not found", about)


def _configuration() -> Row:
    from chartkit.config import load_config

    try:
        config = load_config(Path())
    except ChartkitError as error:
        return _row("broken", "configuration", str(error), "chartkit.yaml")
    if config is None:
        return _row("none", "configuration", "no chartkit.yaml here or above", "`chartkit init` writes one")
    return _row("ok", "configuration", str(config.path), f"{len(config.targets)} targets")


def _cache() -> Row:
    from chartkit.adapters.cache import VARIABLE, FolderCache, cache_folder, is_safe
    from chartkit.cli.cache.info import size_text

    folder = cache_folder()
    if folder is None:
        return _row("none", "cache", f"off (by {VARIABLE}, or because there is no home folder)", "speed")
    if os.path.exists(folder) and not is_safe(folder):
        return _row("broken", "cache", f"{folder} is not yours alone", "it is not used")
    usage = FolderCache(folder).usage()
    return _row("ok", "cache", str(folder), f"{usage.entries} entries, {size_text(usage.bytes)}")


def _logins() -> Iterator[Row]:
    from chartkit.oci.credentials import find_configs

    try:
        names = [source.name for source in find_configs(os.environ)]
    except ChartkitError as error:
        yield _row("broken", "logins", str(error), "registries")
        return
    yield _row("ok" if names else "none", "logins", ", ".join(names) or "no docker or podman login", "registries")


COMMAND: Final = Command(
    name="doctor",
    usage="[OPTIONS]",
    help="Tell what is installed and what is missing and what for, which configuration counts, where the cache lies, "
    "and where the logins to registries come from.",
    flags=(Flag("format", f"one of {', '.join(_FORMATS)} (default: text)", "text"),),
    run=run,
)
