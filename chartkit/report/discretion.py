"""What of the values may be shown: the report goes to more people than the values do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chartkit.checks.masking import masked, masked_failure
from chartkit.checks.secret_names import names_secret
from chartkit.images.naming import words
from chartkit.oci.credential import MASK

_OF_IMAGES: Final = frozenset(
    (
        "image", "images", "img", "registry", "registries", "repository", "repositories", "repo", "hub", "tag", "tags",
        "version", "digest", "sha", "sha256", "name", "prefix", "suffix", "org", "organization", "mirror", "policy",
        "variant", "flavor", "arch", "distro", "edition", "enabled", "component",
    )
)  # fmt: skip
_PLAIN: Final = re.compile(r"true|false|-?\d{1,5}|v?\d+(?:\.\d+){1,3}")
_STRUCTURE: Final = re.compile(r"map\[.*|\[.*", re.DOTALL)
_LOGIN: Final = re.compile(r"(?<=://)[^/\s@]+@")
_TOKEN: Final = re.compile(
    r"eyJ[A-Za-z0-9+/_=-]{16,}[A-Za-z0-9+/_=.-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----.*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Discretion:
    """What is secret in a report.

    Attributes:
        passwords: what must not be shown.
        images: texts that are images, which nobody can mean to hide: a password may happen to be a word of one.
    """

    passwords: frozenset[str] = frozenset()
    images: tuple[str, ...] = ()

    def free(self, text: str) -> str:
        """A sentence, a line of a template or the like, without passwords."""
        if not self.images:
            return self._hidden(text)
        kept = re.compile("|".join(map(re.escape, sorted(self.images, key=len, reverse=True))))
        shown, end = "", 0
        for found in kept.finditer(text):
            shown += self._hidden(text[end : found.start()]) + found[0]
            end = found.end()
        return shown + self._hidden(text[end:])

    def failure(self, text: str) -> str:
        """Why something could not be read or rendered, without passwords."""
        return _LOGIN.sub(f"{MASK}@", masked_failure(text, self.passwords))

    def value(self, key: str, text: str, *, is_won: bool = False) -> str | None:
        """What a key holds; `None` where that is not told.

        Told is what stands in the image anyway, and else the values of keys that are named after images, switches and
        versions: templates look at passwords too before they write an image, and at whole maps with passwords in them.

        Args:
            key: the path of the key.
            text: its value.
            is_won: whether its characters are those of an image.
        """
        name = key.rpartition(".")[2].partition("[")[0]
        if not text or names_secret(name) or _STRUCTURE.fullmatch(text):
            return "" if not text else None
        if is_won or _PLAIN.fullmatch(text) or not _OF_IMAGES.isdisjoint(words(name)):
            return _TOKEN.sub(MASK, _LOGIN.sub(f"{MASK}@", text)) if is_won else self._hidden(text)
        return None

    def assignment(self, text: str) -> str:
        """What `--set` and its kin are given: keys always, values where they may be told."""
        if re.search(r"[{}\\\"']", text):
            # Lists, maps and escapes are left untold: what of them is a value is not plain to see.
            key = text.partition("=")[0]
            return "…" if re.search(r"[{}\\\"']", key) else f"{key}=…"
        return ",".join(map(self._pair, text.split(",")))

    def _pair(self, text: str) -> str:
        key, equals, value = text.partition("=")
        if not equals:
            return "…"
        shown = self.value(key, value)
        return f"{key}={'…' if shown is None else shown}"

    def _hidden(self, text: str) -> str:
        return _TOKEN.sub(MASK, _LOGIN.sub(f"{MASK}@", masked(text, self.passwords)))


def without_trivial(passwords: Iterable[str]) -> frozenset[str]:
    """Passwords that are worth hiding: `true` and single letters would take whole sentences along."""
    return frozenset(each for each in passwords if len(each) > 1 and each.lower() not in ("true", "false", "null"))
