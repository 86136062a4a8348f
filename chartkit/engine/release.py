"""The release that a chart is rendered for."""

from __future__ import annotations

from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goquote import quote
from chartkit.pattern import pattern as late_pattern
from chartkit.profile import NEWEST, Profile
from chartkit.record import dataclass

_NAME: Final = late_pattern(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAME_BYTES: Final = 53


@dataclass(frozen=True, slots=True)
class Release:
    """What templates see as `.Release`.

    Attributes:
        name: the release's name.
        namespace: the namespace it goes to.
        revision: 1 for the first.
        is_install: whether it is an installation rather than an upgrade.
    """

    name: str = "release-name"
    namespace: str = "default"
    revision: int = 1
    is_install: bool = True

    def context(self) -> dict[str, Any]:
        """The map that templates see."""
        return {
            "Name": self.name,
            "Namespace": self.namespace,
            "IsUpgrade": not self.is_install,
            "IsInstall": self.is_install,
            "Revision": self.revision,
            "Service": "Helm",
        }

    def check(self, profile: Profile = NEWEST) -> None:
        """Refuse a name that Helm refuses.

        Raises:
            InputError: the name is empty, longer than 53 bytes, or not lower-case letters, digits, `-` and `.`.
        """
        prefix = "" if profile.major == 3 else "release name check failed: "
        if not self.name:
            raise InputError(f'{prefix}release name "": no name provided')
        if not _NAME.fullmatch(self.name) or len(self.name.encode("utf-8", "surrogateescape")) > _NAME_BYTES:
            raise InputError(
                f"{prefix}release name {quote(self.name)}: invalid release name, must match regex "
                f"^{_NAME.pattern}$ and the length must not be longer than {_NAME_BYTES}"
            )
