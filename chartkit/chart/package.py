"""A chart as an archive, as `helm package` makes it, but always the same bytes for the same files.

Helm stamps each file with its time on the disk and so never makes one archive twice, unless SOURCE_DATE_EPOCH, the
convention of reproducible builds, names one moment for all of them. Here all stamps are always one moment.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chartkit.chart.chart import Chart
from chartkit.chart.marshal import chart_yaml, lock_yaml
from chartkit.chart.presence import missing_dependencies
from chartkit.constraint import InvalidVersion, Version
from chartkit.errors import DependencyError, LoadError
from chartkit.goquote import quote

if TYPE_CHECKING:
    import tarfile

DEFAULT_EPOCH: Final = 315_532_800
"""1980-01-01, in seconds since 1970: tar warns of the year 1970 itself."""

_MODE: Final = 0o644
_COMPRESSION: Final = 9
# Helm marks its archives in the gzip header: an extra field and a comment.
_EXTRA: Final = b"rr\x28\x00aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo="
_COMMENT: Final = b"Helm"
_FLAG_EXTRA, _FLAG_COMMENT = 4, 16
_UNIX: Final = 255


def renewed(chart: Chart, *, version: str = "", app_version: str = "") -> Chart:
    """The chart with another version or appVersion, as `helm package --version` gives it.

    Raises:
        LoadError: the version is none.
    """
    metadata = chart.metadata
    try:
        Version.parse(version or metadata.version, chart.profile.semver_generation)
    except InvalidVersion as error:
        raise LoadError(str(error), hint=f"{version or metadata.version} is no semantic version") from None
    metadata = replace(metadata, version=version or metadata.version, app_version=app_version or metadata.app_version)
    return replace(chart, metadata=metadata)


def check_complete(chart: Chart) -> None:
    """Refuse a chart that lacks some of the charts it depends on.

    Raises:
        DependencyError: some are missing.
    """
    missing = missing_dependencies(chart)
    if missing:
        raise DependencyError(
            f"found in Chart.yaml, but missing in charts/ directory: {', '.join(missing)}",
            hint="run `chartkit dependency build` first, or give --dependency-update",
        )


def archive_name(chart: Chart) -> str:
    """The name of a chart's archive file."""
    return f"{chart.metadata.name}-{chart.metadata.version}.tgz"


def pack(chart: Chart, *, epoch: int | None = None) -> bytes:
    """The archive of a chart, with its subcharts.

    Args:
        chart: the chart.
        epoch: the moment that all files and the lock file carry, in seconds since 1970. Without one the lock file keeps
            the time it was made, and the files carry the first one of 1980.

    Raises:
        LoadError: the name cannot be a folder's, or the schema is no JSON.
    """
    import tarfile

    buffer = io.BytesIO()
    stamp = DEFAULT_EPOCH if epoch is None else epoch
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in _entries(chart if epoch is None else _stamped(chart, epoch), ""):
            archive.addfile(_header(name, len(data), stamp), io.BytesIO(data))
    return _gzipped(buffer.getvalue())


def _stamped(chart: Chart, epoch: int) -> Chart:
    """The chart with one moment in all its lock files, as Helm has it under SOURCE_DATE_EPOCH."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    lock = replace(chart.lock, generated=moment) if chart.lock else None
    return replace(chart, lock=lock, dependencies=tuple(_stamped(each, epoch) for each in chart.dependencies))


def _entries(chart: Chart, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The files of an archive in Helm's order: what describes the chart, its templates, the rest, then subcharts."""
    metadata = chart.metadata
    if "/" in metadata.name:
        raise LoadError(f"{quote(metadata.name)} is not a valid chart name")
    base = f"{prefix}{metadata.name}/"
    yield f"{base}Chart.yaml", chart_yaml(metadata).encode("utf-8", "surrogateescape")
    if chart.lock is not None and metadata.api_version == "v2":
        yield f"{base}Chart.lock", lock_yaml(chart.lock).encode("utf-8", "surrogateescape")
    for file in chart.raw:
        if file.name == "values.yaml":
            yield f"{base}values.yaml", file.data
    if chart.schema is not None:
        _check_json(chart.schema)
        yield f"{base}values.schema.json", chart.schema
    for file in (*chart.templates, *chart.files):
        yield f"{base}{file.name}", file.data
    for dependency in chart.dependencies:
        yield from _entries(dependency, f"{base}charts/")


def _check_json(schema: bytes) -> None:
    import json

    try:
        json.loads(schema)
    except ValueError:
        raise LoadError("invalid JSON in values.schema.json") from None


def _header(name: str, size: int, epoch: int) -> tarfile.TarInfo:
    import tarfile

    header = tarfile.TarInfo(name)
    header.size, header.mode, header.mtime = size, _MODE, epoch
    return header


def _gzipped(data: bytes) -> bytes:
    """The bytes in gzip's format (RFC 1952), with Helm's marks in the header.

    Python's own writer can make neither of the marks.
    """
    import zlib

    packer = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    flags = bytes([_FLAG_EXTRA | _FLAG_COMMENT])
    header = b"\x1f\x8b\x08" + flags + bytes(4) + bytes([0, _UNIX])
    extra = len(_EXTRA).to_bytes(2, "little") + _EXTRA
    checksum = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return header + extra + _COMMENT + b"\0" + packer.compress(data) + packer.flush() + checksum
