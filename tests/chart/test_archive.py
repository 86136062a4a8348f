from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from chartkit.chart.archive import check_is_archive, unpack
from chartkit.errors import LoadError
from chartkit.limits import DEFAULT_LIMITS, Limits

CHART = ("x/Chart.yaml", b"name: x\nversion: 1.0.0\n")


def packed(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.type = kind
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def test_unpack_gives_paths_below_the_folder() -> None:
    files = unpack(packed(CHART, ("x/values.yaml", b"\xef\xbb\xbfa: 1\n")), DEFAULT_LIMITS)
    assert [(file.name, file.data) for file in files] == [("Chart.yaml", CHART[1]), ("values.yaml", b"a: 1\n")]


def test_unpack_takes_paths_with_backslashes() -> None:
    assert [file.name for file in unpack(packed(("x\\templates\\t.yaml", b"")), DEFAULT_LIMITS)] == ["templates/t.yaml"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("x//etc/passwd", "chart illegally contains absolute paths"),
        ("x/../../etc", "chart illegally references parent directory"),
        ("README", 'chart illegally contains content outside the base directory: "README"'),
        ("x/c:/foo", "chart contains illegally named files"),
        ("Chart.yaml/a", "chart yaml not in base directory"),
    ],
)
def test_path_that_leads_out_is_refused(name: str, error: str) -> None:
    with pytest.raises(LoadError) as caught:
        unpack(packed(CHART, (name, b"")), DEFAULT_LIMITS)
    assert str(caught.value) == error


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_link_or_device_is_refused(kind: bytes) -> None:
    with pytest.raises(LoadError, match="which is a link or a device"):
        unpack(packed(("x/a", b""), kind=kind), DEFAULT_LIMITS)


def test_large_file_is_refused() -> None:
    with pytest.raises(LoadError, match='decompressed chart file "x/big" is larger than the maximum file size 10'):
        unpack(packed(("x/big", b"0" * 11)), Limits(file_bytes=10))


def test_large_chart_is_refused() -> None:
    with pytest.raises(LoadError, match="decompressed chart is larger than the maximum size 100"):
        unpack(packed(("x/a", b"0" * 90), ("x/b", b"0" * 20)), Limits(archive_bytes=100))


def test_archive_of_endless_zeros_is_stopped() -> None:
    bomb = gzip.compress(b"\0" * 512 + b"0" * 5_000_000)
    with pytest.raises(LoadError):
        unpack(bomb, Limits(archive_bytes=10_000))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "EOF"),
        (b"nope", "unexpected EOF"),
        (b"nope" * 10, "gzip: invalid header"),
        (gzip.compress(b"hello"), "unexpected EOF"),
        (packed(), "no files in chart archive"),
    ],
    ids=["empty", "short", "no gzip", "no tar", "no files"],
)
def test_damaged_archive_is_refused(data: bytes, error: str) -> None:
    with pytest.raises(LoadError) as caught:
        unpack(data, DEFAULT_LIMITS)
    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("v.yaml", b"a: 1", "file 'v.yaml' seems to be a YAML file, but expected a gzipped archive"),
        ("c.tgz", b"hi", "file 'c.tgz' does not appear to be a gzipped archive; got 'application/octet-stream'"),
        ("c.tgz", b"h" * 600, "file 'c.tgz' does not appear to be a gzipped archive; got 'text/plain; charset=utf-8'"),
        ("c", b"PK\x03\x04", "file 'c' does not appear to be a gzipped archive; got 'application/zip'"),
    ],
)
def test_other_file_is_told_apart(name: str, data: bytes, error: str) -> None:
    with pytest.raises(LoadError) as caught:
        check_is_archive(name, data)
    assert str(caught.value) == error
