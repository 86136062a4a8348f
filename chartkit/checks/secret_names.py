"""Keys that are named like passwords, and texts of flags without what such keys are set to."""

from __future__ import annotations

import re
from typing import Final

from chartkit.images.naming import words
from chartkit.oci.credential import MASK

_ALWAYS: Final = frozenset(("password", "passwd", "passphrase", "pwd", "pass", "token", "apikey"))
_PAIRS: Final = frozenset(
    (
        ("api", "key"), ("access", "key"), ("secret", "key"), ("private", "key"), ("signing", "key"),
        ("encryption", "key"), ("client", "secret"), ("jwt", "secret"), ("shared", "secret"), ("session", "secret"),
        ("cookie", "secret"), ("webhook", "secret"), ("app", "secret"), ("oauth", "secret"), ("signing", "secret"),
        ("hmac", "secret"), ("consumer", "secret"), ("registry", "secret"), ("access", "secret"),
    )
)  # fmt: skip
_NAMES: Final = frozenset(("existing", "ref", "name", "path", "file", "mount", "env", "url", "uri", "field"))
_PAIR: Final = re.compile(
    r"(?P<key>[\w.\-/\[\]\\]+)\"?\s*[=:]\s*(?P<value>\"(?:[^\"\\]|\\.)*\"|\{[^{}]*\}|(?:[^,\\]|\\.)*)", re.DOTALL
)
_INDEX: Final = re.compile(r"\[\d*\]")


def names_secret(name: str) -> bool:
    """Whether a key's name promises a password or token: `apiToken`, `jksFilePassword`; no names of objects or keys."""
    said = words(name)
    if not said or not _NAMES.isdisjoint(said[:1]) or not _NAMES.isdisjoint(said[-1:]):
        return False
    # passwordSecretKey is the key in a Secret at which a password stands.
    return said[-1] in _ALWAYS or (said[-2:] in _PAIRS and _ALWAYS.isdisjoint(said[:-2]))


def masked_flag(name: str, text: str) -> str:
    """The text of a flag that sets values, with the mask in the place of those of keys named like passwords.

    Args:
        name: the flag: `--set`, `--set-literal`, ...
        text: what was given to it.
    """
    shown, at = "", 0
    while found := _PAIR.search(text, at):
        is_secret = names_secret(_INDEX.sub("", found["key"]).rpartition(".")[2])
        shown += text[at : found.start("value")] + (MASK if is_secret and found["value"] else "")
        if is_secret and name == "--set-literal":
            # There are no commas between pairs: all the rest is the value.
            return shown
        # What is no password may be an object of JSON with one in it.
        at = found.end() if is_secret else found.start("value")
    return shown + text[at:]
