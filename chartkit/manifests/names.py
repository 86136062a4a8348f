"""What Kubernetes takes as names, labels and annotations of objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chartkit.errors import InputError

_PART: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NAME: Final = re.compile(rf"{_PART}(\.{_PART})*")
_NAMESPACE: Final = re.compile(_PART)
_QUALIFIED: Final = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
_NAME_LIMIT: Final = 253
_LABEL_LIMIT: Final = 63


def check_name(name: str, what: str = "name") -> str:
    """The name of an object, if Kubernetes takes it.

    Raises:
        InputError: it does not.
    """
    if _NAME.fullmatch(name) and len(name) <= _NAME_LIMIT:
        return name
    raise InputError(
        f'"{name}" cannot be the {what} of an object',
        hint="names have small letters, digits, `-` and `.`, and begin and end with a letter or digit",
    )


def check_namespace(name: str) -> str:
    """The name of a namespace, if Kubernetes takes it.

    Raises:
        InputError: it does not.
    """
    if _NAMESPACE.fullmatch(name) and len(name) <= _LABEL_LIMIT:
        return name
    raise InputError(
        f'"{name}" cannot be the name of a namespace',
        hint=f"it has up to {_LABEL_LIMIT} small letters, digits and `-`, and begins and ends with a letter or digit",
    )


def check_labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Labels, if Kubernetes takes them.

    Raises:
        InputError: it does not.
    """
    check_keys(labels, "a label")
    for key, value in labels.items():
        if value and not (_QUALIFIED.fullmatch(value) and len(value) <= _LABEL_LIMIT):
            raise InputError(
                f'"{value}" cannot be the value of the label {key}',
                hint=f"it has up to {_LABEL_LIMIT} letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
            )
    return labels


def check_keys(fields: Mapping[str, str], what: str) -> Mapping[str, str]:
    """Labels or annotations, if Kubernetes takes their keys.

    Raises:
        InputError: it does not.
    """
    for key in fields:
        prefix, slash, name = key.rpartition("/")
        if not (_QUALIFIED.fullmatch(name) and len(name) <= _LABEL_LIMIT) or (slash and not _NAME.fullmatch(prefix)):
            raise InputError(f'"{key}" cannot be the key of {what}', hint="it is written name, or prefix/name")
    return fields
