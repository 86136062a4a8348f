"""Locks as files: chartkit's images.lock, the Images.lock of distribution-tooling-for-helm, imgpkg's ImagesLock.

| format | file | what it holds |
|---|---|---|
| `images.lock` | images.lock | chart, values files, images with digest and platforms |
| `dt` | Images.lock | chart, images with a digest for each platform; none for the index of them |
| `imgpkg` | .imgpkg/images.yml | images by digest, with the reference as it was in an annotation |

Which one a file is, it says itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from chartkit.errors import InputError
from chartkit.goyaml.edit_writing import Style, block
from chartkit.goyaml.failure import YAMLError
from chartkit.goyaml.positions import Path, Positions, load_positions
from chartkit.images.locked import Lock, LockedChart, LockedImage, LockedValues, PlatformDigest
from chartkit.reference import ImageReference, InvalidReference
from chartkit.source import Position, Source

__all__ = ["OURS", "WRITERS", "Lock", "read_lock", "write_dt", "write_imgpkg", "write_lock"]

OURS: Final = "chartkit/v1"
_DT: Final = "v0"
_IMGPKG: Final = "imgpkg.carvel.dev/v1alpha1"
_KIND: Final = "ImagesLock"
_ORIGINAL: Final = "kbld.carvel.dev/id"
_STYLE: Final = Style()
_COMMENT: Final = "# Written by `chartkit lock`; `chartkit lock --check` holds the chart against it.\n"


def read_lock(text: str, name: str) -> Lock:
    """The lock that a text of any of the formats is.

    Args:
        text: the file's text.
        name: what the file is called in errors.

    Raises:
        InputError: it is no lock.
    """
    source = Source(name, text)
    try:
        content, positions = load_positions(source)
    except YAMLError as error:
        position = Position.shown(source, error.offset or 0)
        raise InputError(f"{name}: {error.full}", position=position) from error
    reader = _Reader(source, content, positions)
    version = reader.text((), "apiVersion")
    if reader.text((), "kind") != _KIND or version not in _READERS:
        known = ", ".join(_READERS)
        raise reader.fault(("apiVersion",), f"no lock of images: wanted is kind {_KIND} of apiVersion {known}")
    return _READERS[version](reader)


def write_lock(lock: Lock) -> str:
    """chartkit's own images.lock."""
    chart = lock.chart
    content = {
        "apiVersion": OURS,
        "kind": _KIND,
        "chart": {"name": chart.name, "version": chart.version, "appVersion": chart.app_version},
        "values": [{"file": each.file, "sha256": each.sha256} for each in lock.values],
        "images": [
            {
                "image": image.reference.canonical(),
                "digest": image.digest,
                "platforms": [{"platform": each.platform, "digest": each.digest} for each in image.platforms],
                "charts": list(image.charts),
            }
            for image in lock.images
        ],
    }
    return _COMMENT + _written(_without_empty(content))


def write_dt(lock: Lock) -> str:
    """The Images.lock of distribution-tooling-for-helm.

    Raises:
        InputError: the digests of an image's platforms are not known.
    """
    chart = lock.chart
    images = [
        {
            "name": image.name or image.reference.repository.rpartition("/")[2],
            "image": image.reference.canonical(),
            "chart": owner,
            "digests": [{"digest": each.digest, "arch": each.platform} for each in _platforms(image)],
        }
        for image in lock.images
        for owner in image.charts or (chart.name,)
    ]
    content = {
        "apiVersion": _DT,
        "kind": _KIND,
        # No time of writing: the same lock is the same file.
        "metadata": {"generatedBy": "chartkit"},
        "chart": {"name": chart.name, "version": chart.version, "appVersion": chart.app_version},
        "images": images,
    }
    return _written(content)


def write_imgpkg(lock: Lock) -> str:
    """imgpkg's ImagesLock, in which an image without digest has no place.

    Raises:
        InputError: the digest of an image is not known.
    """
    missing = [image.reference.canonical() for image in lock.images if not image.digest]
    if missing:
        raise _unknown(missing)
    images = [
        {
            "image": f"{image.reference.name}@{image.digest}",
            "annotations": {_ORIGINAL: image.reference.canonical()},
        }
        for image in lock.images
    ]
    return "---\n" + _written({"apiVersion": _IMGPKG, "kind": _KIND, "images": images})


WRITERS: Final[Mapping[str, tuple[str, Callable[[Lock], str]]]] = {
    "images.lock": ("images.lock", write_lock),
    "dt": ("Images.lock", write_dt),
    "imgpkg": ("images.yml", write_imgpkg),
}
"""By format the file's usual name, and what writes it."""


def _platforms(image: LockedImage) -> tuple[PlatformDigest, ...]:
    if not image.platforms:
        raise _unknown([image.reference.canonical()])
    # This format knows no variants.
    short = (PlatformDigest("/".join(each.platform.split("/")[:2]), each.digest) for each in image.platforms)
    return tuple({each.platform: each for each in reversed(list(short))}.values())[::-1]


def _unknown(images: Iterable[str]) -> InputError:
    return InputError(
        f"no digest is known for {', '.join(images)}",
        hint="this format cannot go without: ask the registries, that is, leave --offline out",
    )


def _written(content: Mapping[str, Any]) -> str:
    return _STYLE.joined(block(dict(content), 0, _STYLE)) + "\n"


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_empty(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each or key == "images"}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value


# -- reading -----------------------------------------------------------------------------------------------------


class _Reader:
    """A document with its places: what is of another kind than wanted is an error there."""

    def __init__(self, source: Source, content: Any, positions: Positions) -> None:
        self._source = source
        self._content = content
        self._positions = positions
        if not isinstance(content, dict):
            raise self.fault((), "no lock of images: wanted is a map")

    def text(self, path: Path, key: str, *, required: bool = False) -> str:
        """The text under a key of the map at a path; empty if there is none."""
        value = self.at(path).get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            raise self.fault((*path, key), f"{key} must be a text")
        return value

    def items(self, path: Path, key: str) -> list[Path]:
        """The paths of the maps in a list."""
        value = self.at(path).get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fault((*path, key), f"{key} must be a list")
        return [(*path, key, index) for index in range(len(value))]

    def texts(self, path: Path, key: str) -> tuple[str, ...]:
        """The texts in a list."""
        value = self.at(path).get(key)
        if not isinstance(value, (list, type(None))) or not all(isinstance(each, str) for each in value or ()):
            raise self.fault((*path, key), f"{key} must be a list of texts")
        return tuple(value or ())

    def reference(self, path: Path, key: str) -> ImageReference:
        """The image under a key."""
        text = self.text(path, key, required=True)
        try:
            return ImageReference.parse(text)
        except InvalidReference as error:
            raise self.fault((*path, key), f"{text} is no image: {error}") from error

    def digest(self, path: Path, key: str = "digest", *, required: bool = False) -> str:
        """The digest under a key."""
        text = self.text(path, key, required=required)
        if text:
            try:
                ImageReference.parse(f"x@{text}")
            except InvalidReference as error:
                raise self.fault((*path, key), f"{text} is no digest: {error}") from error
        return text

    def chart(self) -> LockedChart:
        """The chart that every format but one names."""
        if self.at(()).get("chart") is None:
            return LockedChart()
        return LockedChart(*(self._loose_text(("chart",), key) for key in ("name", "version", "appVersion")))

    def _loose_text(self, path: Path, key: str) -> str:
        """A text that others may have written without quotes, such as 1.0."""
        place = self._positions.value_range((*path, key))
        if place is None or isinstance(self.at(path).get(key), (str, type(None))):
            return self.text(path, key)
        return self._source.text[slice(*place)]

    def fault(self, path: Path, message: str) -> InputError:
        """An error at what is written for a path."""
        offset = self._positions.value(path)
        while offset is None and path:
            path = path[:-1]
            offset = self._positions.value(path)
        return InputError(f"{self._source.name}: {message}", position=Position(self._source, offset or 0))

    def at(self, path: Path) -> dict[str, Any]:
        """The map at a path."""
        value = self._content
        for step in path:
            value = value[step]
        if not isinstance(value, dict):
            raise self.fault(path, "this must be a map")
        return value


def _read_ours(reader: _Reader) -> Lock:
    values = tuple(
        LockedValues(reader.text(path, "file", required=True), reader.text(path, "sha256", required=True))
        for path in reader.items((), "values")
    )
    images = tuple(
        LockedImage(
            reader.reference(path, "image"),
            reader.digest(path),
            _platform_digests(reader, path, "platforms", "platform"),
            reader.texts(path, "charts"),
        )
        for path in reader.items((), "images")
    )
    return Lock(reader.chart(), values, images)


def _read_dt(reader: _Reader) -> Lock:
    found: dict[str, LockedImage] = {}
    for path in reader.items((), "images"):
        reference = reader.reference(path, "image")
        platforms = _platform_digests(reader, path, "digests", "arch")
        known = found.get(reference.canonical())
        charts = dict.fromkeys((*(known.charts if known else ()), reader.text(path, "chart")))
        named = tuple(each for each in charts if each)
        found[reference.canonical()] = LockedImage(
            reference, reference.digest, platforms, named, reader.text(path, "name")
        )
    return Lock(reader.chart(), (), tuple(found[key] for key in sorted(found)))


def _read_imgpkg(reader: _Reader) -> Lock:
    found: dict[str, LockedImage] = {}
    for path in reader.items((), "images"):
        reference = reader.reference(path, "image")
        if not reference.digest:
            raise reader.fault((*path, "image"), f"{reference} must name a digest")
        original = _original(reader, path) or reference
        found[original.canonical()] = LockedImage(original, reference.digest)
    return Lock(LockedChart(), (), tuple(found[key] for key in sorted(found)))


def _original(reader: _Reader, path: Path) -> ImageReference | None:
    """The reference that an image had before it was resolved, if that is known."""
    if "annotations" not in reader.at(path):
        return None
    text = reader.text((*path, "annotations"), _ORIGINAL)
    try:
        return ImageReference.parse(text) if text else None
    except InvalidReference:
        return None


def _platform_digests(reader: _Reader, path: Path, key: str, label: str) -> tuple[PlatformDigest, ...]:
    return tuple(
        PlatformDigest(reader.text(each, label, required=True), reader.digest(each, required=True))
        for each in reader.items(path, key)
    )


_READERS: Final[Mapping[str, Callable[[_Reader], Lock]]] = {OURS: _read_ours, _DT: _read_dt, _IMGPKG: _read_imgpkg}
