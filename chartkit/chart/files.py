"""The files of a chart, and what each one is to Helm."""

from __future__ import annotations

from typing import Final, Literal

from chartkit.record import dataclass

Role = Literal["special", "template", "subchart", "file"]

_SPECIAL: Final = frozenset({"Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json"})
_REQUIREMENTS: Final = frozenset({"requirements.yaml", "requirements.lock"})
_MANIFEST_ENDINGS: Final = (".yaml", ".yml", ".json")
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class File:
    """A file by its path inside the chart, with slashes."""

    name: str
    data: bytes

    @property
    def text(self) -> str:
        """The content as text; bytes that are no UTF-8 stay as lone surrogates."""
        return self.data.decode("utf-8", "surrogateescape")

    @property
    def is_crd(self) -> bool:
        """Whether the file is a manifest in the `crds` folder."""
        return self.name.startswith("crds/") and extension(self.name).lower() in _MANIFEST_ENDINGS

    @property
    def is_partial(self) -> bool:
        """Whether the file only lends definitions: its name starts with an underscore."""
        return self.name.rsplit("/", 1)[-1].startswith("_")


def role(name: str, api_version: str) -> Role:
    """What Helm does with the file `name` of a chart.

    The old requirements files can be read by templates only in charts of the version that has them.
    """
    if name in _SPECIAL or (name in _REQUIREMENTS and api_version != "v1"):
        return "special"
    if name.startswith("templates/"):
        return "template"
    if name.startswith("charts/") and extension(name) != ".prov":
        return "subchart"
    return "file"


def extension(name: str) -> str:
    """The ending of a path from its last dot on, the dot included."""
    base = name.rsplit("/", 1)[-1]
    dot = base.rfind(".")
    return base[dot:] if dot >= 0 else ""
