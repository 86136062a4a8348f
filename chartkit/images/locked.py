"""What images.lock holds: the images that a chart with values uses, and the digest of each.

    apiVersion: chartkit/v1
    kind: ImagesLock
    chart:
      name: app
      version: 1.2.3
      appVersion: 4.5.6
    values:
      - file: prod.yaml
        sha256: 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
    images:
      - image: docker.io/library/nginx:1.27
        digest: sha256:...
        platforms:
          - platform: linux/amd64
            digest: sha256:...
        charts:
          - app

Images are canonical references, sorted; `digest` is that of the manifest or index that the reference stands for, and is
left out where nobody asked the registry for it, as are `platforms`. `charts` are the charts whose templates use the
image. Values files are named from the folder of the lock. `lock` reads and writes this file and those of other tools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from chartkit.images.use import ImageUse
from chartkit.reference import ImageReference

_LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class PlatformDigest:
    """The image of one platform: `linux/amd64` and its digest."""

    platform: str
    digest: str


@dataclass(frozen=True, slots=True)
class LockedImage:
    """An image of a lock.

    Attributes:
        reference: the image.
        digest: of the manifest or index that it stands for; empty if it is not known.
        platforms: the image of each platform; empty if they are not known.
        charts: the charts that use it.
        name: what Chart.yaml calls it, where it has a list of images.
    """

    reference: ImageReference
    digest: str = ""
    platforms: tuple[PlatformDigest, ...] = ()
    charts: tuple[str, ...] = ()
    name: str = ""

    @property
    def pinned(self) -> str:
        """The digest to pull it by; empty if it is not known.

        Where only the images of platforms are known, it is that of the only one.
        """
        if self.digest or len(self.platforms) != 1:
            return self.digest
        return self.platforms[0].digest


@dataclass(frozen=True, slots=True)
class LockedChart:
    """The chart of a lock."""

    name: str = ""
    version: str = ""
    app_version: str = ""


@dataclass(frozen=True, slots=True)
class LockedValues:
    """A values file of a lock: its path from the lock's folder, and the SHA-256 of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock: the chart, the values files in their order, and the images, sorted."""

    chart: LockedChart = LockedChart()
    values: tuple[LockedValues, ...] = ()
    images: tuple[LockedImage, ...] = ()
    _digests: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def digest_of(self, reference: ImageReference) -> str:
        """The digest of an image: the one it names, else the one written down for it; empty if there is none."""
        if reference.digest:
            return reference.digest
        if not self._digests:
            self._digests.update((_tagged(image.reference), image.pinned) for image in self.images)
        return self._digests.get(_tagged(reference), "")


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between a lock and what is now.

    Attributes:
        kind: `chart`, `values`, `added`, `removed`, `retagged` or `digest`.
        subject: the image, the chart or the values file.
        before: what the lock says; empty if it says nothing.
        after: what is now; empty if there is nothing.
    """

    kind: str
    subject: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.kind}: {self.subject} is not in the lock"
        if not self.after:
            return f"{self.kind}: {self.subject} is in the lock only"
        if self.kind == "values":
            return f"{self.kind}: {self.subject} has changed"
        return f"{self.kind}: {self.subject}: {self.before} -> {self.after}"


def lock_images(uses: Iterable[ImageUse]) -> tuple[LockedImage, ...]:
    """The images of a render, each once and sorted, with the digests that they name; texts that are none stay out."""
    charts: dict[str, dict[str, None]] = {}
    references: dict[str, ImageReference] = {}
    for use in uses:
        if use.reference is not None:
            canonical = use.reference.canonical()
            references.setdefault(canonical, use.reference)
            charts.setdefault(canonical, {})[_chart_of(use)] = None
    return tuple(
        LockedImage(ImageReference.parse(name), references[name].digest, (), tuple(charts[name]))
        for name in sorted(references)
    )


def compare_locks(before: Lock, after: Lock) -> tuple[Drift, ...]:
    """What drifted: the chart, the values files, then the images; digests count where both know them."""
    return (*_chart_drift(before.chart, after.chart), *_values_drift(before, after), *_image_drift(before, after))


def _chart_drift(before: LockedChart, after: LockedChart) -> list[Drift]:
    if not before.name or before == after:
        return []
    # Locks of other tools may lack what ours has.
    known = before if before.app_version else LockedChart(before.name, before.version, after.app_version)
    return [] if known == after else [Drift("chart", after.name, _shown(before), _shown(after))]


def _shown(chart: LockedChart) -> str:
    app = f" (app {chart.app_version})" if chart.app_version else ""
    return f"{chart.name} {chart.version}{app}"


def _values_drift(before: Lock, after: Lock) -> list[Drift]:
    if not before.values:
        return []
    old, new = ({each.file: each.sha256 for each in lock.values} for lock in (before, after))
    names = dict.fromkeys((*old, *new))
    return [
        Drift("values", name, old.get(name, ""), new.get(name, "")) for name in names if old.get(name) != new.get(name)
    ]


def _image_drift(before: Lock, after: Lock) -> list[Drift]:
    old, new = ({_tagged(image.reference): image for image in lock.images} for lock in (before, after))
    gone = {key: image for key, image in old.items() if key not in new}
    found: list[Drift] = []
    for key in sorted(new.keys() - old.keys()):
        image = new[key]
        former = next((each for each in gone if gone[each].reference.name == image.reference.name), None)
        if former is None:
            found.append(Drift("added", image.reference.canonical(), "", _version(image)))
        else:
            found.append(Drift("retagged", image.reference.name, _version(gone.pop(former)), _version(image)))
    found += [Drift("removed", image.reference.canonical(), _version(image), "") for image in gone.values()]
    for key in sorted(old.keys() & new.keys()):
        found += _digest_drift(old[key], new[key])
    return found


def _version(image: LockedImage) -> str:
    return image.reference.canonical()[len(image.reference.name) :] or f":{_LATEST}"


def _digest_drift(before: LockedImage, after: LockedImage) -> list[Drift]:
    name = after.reference.canonical()
    if before.digest and after.digest:
        return [] if before.digest == after.digest else [Drift("digest", name, before.digest, after.digest)]
    now: Mapping[str, str] = {each.platform: each.digest for each in after.platforms}
    return [
        Drift("digest", f"{name} for {each.platform}", each.digest, now[each.platform])
        for each in before.platforms
        if now.get(each.platform, each.digest) != each.digest
    ]


def _tagged(reference: ImageReference) -> str:
    """What an image is known by: its canonical reference, where nothing is written with the tag that runtimes take."""
    canonical = reference.canonical()
    return canonical if reference.tag or reference.digest else f"{canonical}:{_LATEST}"


def _chart_of(use: ImageUse) -> str:
    """The chart whose template uses an image."""
    folders = use.manifest.file.split("/")
    nested = [at for at, folder in enumerate(folders[:-2]) if folder == "charts"]
    return folders[nested[-1] + 1] if nested else folders[0]
