"""What the user knows of the cluster: the pull secrets and service accounts in files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from chartkit.checks.pods import Account, account_of
from chartkit.checks.rendered_secrets import Secret
from chartkit.errors import InputError
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.load import load, split_documents
from chartkit.oci.secret_file import FoundSecret, read_secret_file
from chartkit.source import Source

STDIN = "-"


def read_given(texts: Iterable[str]) -> tuple[tuple[Secret, ...], tuple[Account, ...]]:
    """The secrets and the service accounts of some files, each named `FILE` or `NAME=FILE`.

    A docker configuration has no name: it stands for every secret, unless it is given one.

    Raises:
        InputError: a file cannot be read, or the kubelet could not use what is in it.
    """
    secrets: list[Secret] = []
    accounts: list[Account] = []
    for text in texts:
        name, file = _split(text)
        source = _read(file)
        found = tuple(_accounts(source))
        accounts += found
        try:
            content = read_secret_file(source)
        except InputError:
            if not found:
                raise
            continue
        secrets += (_secret(each, name, source.name) for each in content)
    return tuple(secrets), tuple(accounts)


def _split(text: str) -> tuple[str, str]:
    name, equals, file = text.partition("=")
    return (name, file) if equals and not os.path.exists(text) else ("", text)


def _read(file: str) -> Source:
    if file == STDIN:
        return Source("standard input", sys.stdin.buffer.read().decode("utf-8", "surrogateescape"), is_secret=True)
    try:
        with open(file, "rb") as opened:
            return Source(file, opened.read().decode("utf-8", "surrogateescape"), is_secret=True)
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error


def _secret(found: FoundSecret, name: str, file: str) -> Secret:
    for fault in found.faults:
        raise InputError(fault.message, position=fault.position)
    auths = {server: entry for server, entry in found.config.entries.items() if not entry.is_empty}
    if not auths:
        raise InputError(
            f"{file} has no credentials itself",
            position=found.position,
            hint="the kubelet runs no credential helper: `chartkit pull-secret render` makes a Secret of what they say",
        )
    return Secret(name or found.name, found.namespace, auths, file=file)


def _accounts(source: Source) -> Iterator[Account]:
    try:
        documents = [load(text) for _, text in split_documents(source.text)]
    except YAMLError:
        # The reader of secrets says what is wrong with it.
        return
    for each in _objects(documents):
        if each.get("kind") == "ServiceAccount":
            metadata = each.get("metadata")
            namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
            yield account_of(each, str(namespace or ""))


def _objects(documents: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The objects in some documents, those in lists too."""
    for each in documents:
        if isinstance(each, dict):
            items = each.get("items")
            yield from _objects(items) if isinstance(items, list) else [each]


def named_in(accounts: Iterable[Account], namespace: str) -> tuple[Account, ...]:
    """Service accounts, those without a namespace in a given one."""
    return tuple(each if each.namespace else replace(each, namespace=namespace) for each in accounts)
