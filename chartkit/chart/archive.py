"""Chart archives: gzipped tar files, unpacked in memory and never onto the disk."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, Final

from chartkit.chart.files import BYTE_ORDER_MARK, File
from chartkit.errors import LoadError
from chartkit.goquote import quote
from chartkit.limits import Limits

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo

_GZIP: Final = b"\x1f\x8b\x08"
_GZIP_HEADER: Final = 10
_DRIVE: Final = re.compile(r"[a-zA-Z]:/")
_BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SNIFFED: Final = 512
_SIGNATURES: Final = (
    (b"PK\x03\x04", "application/zip"),
    (b"%PDF-", "application/pdf"),
    (b"Rar!\x1a\x07\x00", "application/x-rar-compressed"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF89a", "image/gif"),
    (b"<?xml", "text/xml; charset=utf-8"),
    (b"\xef\xbb\xbf", "text/plain; charset=utf-8"),
)


class _Bounded(io.RawIOBase):
    """An unpacked stream that refuses to give more than a limit: a small archive can hold a very large one."""

    def __init__(self, stream: IO[bytes], limit: int, message: str) -> None:
        self.stream = stream
        self.left = limit
        self.message = message

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.stream.read(self.left + 1 if size < 0 else min(size, self.left + 1))
        self.left -= len(data)
        if self.left < 0:
            raise LoadError(self.message)
        return data


def check_is_archive(name: str, data: bytes) -> None:
    """Refuse a file that is no gzipped archive, saying what it looks like.

    Raises:
        LoadError: it is none.
    """
    if data.startswith(_GZIP):
        return
    if name.endswith((".yml", ".yaml")):
        raise LoadError(f"file '{name}' seems to be a YAML file, but expected a gzipped archive")
    raise LoadError(f"file '{name}' does not appear to be a gzipped archive; got '{_content_type(data)}'")


def _content_type(data: bytes) -> str:
    """The type that Go's sniffing finds in the first 512 bytes, with zeros where the file has fewer."""
    head = data[:_SNIFFED]
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if len(head) < _SNIFFED or _BINARY.search(head):
        return "application/octet-stream"
    return "text/plain; charset=utf-8"


def unpack(data: bytes, limits: Limits) -> list[File]:
    """The files of a chart archive, by their paths below the archive's one folder.

    Raises:
        LoadError: the archive is damaged, too large, or holds something that no chart needs: links, devices, or paths
            that lead out of the folder.
    """
    import tarfile
    import zlib
    from gzip import BadGzipFile, GzipFile

    if len(data) < _GZIP_HEADER:
        raise LoadError("unexpected EOF" if data else "EOF")
    too_large = f"decompressed chart is larger than the maximum size {limits.archive_bytes}"
    # Headers and padding come on top of the contents: an empty file takes 512 bytes, a small one 1024.
    allowed = 2 * limits.archive_bytes
    try:
        with GzipFile(fileobj=io.BytesIO(data)) as unzipped:
            stream = _Bounded(unzipped, allowed, too_large)  # type: ignore[arg-type]
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                files = _members(archive, limits, too_large)
    except BadGzipFile as error:
        raise LoadError("gzip: invalid header") from error
    except (EOFError, zlib.error) as error:
        raise LoadError("unexpected EOF") from error
    except tarfile.TarError as error:
        ended = str(error).startswith(("truncated", "unexpected end"))
        raise LoadError("unexpected EOF" if ended else "archive/tar: invalid tar header") from error
    if not files:
        raise LoadError("no files in chart archive")
    return files


def _members(archive: TarFile, limits: Limits, too_large: str) -> list[File]:
    """Every file in the archive."""
    files: list[File] = []
    left = limits.archive_bytes
    for member in archive:
        if member.isdir():
            continue
        name = _path(member)
        if not member.isreg():
            raise LoadError(f"chart contains {quote(member.name)}, which is a link or a device")
        if member.size > left:
            raise LoadError(too_large)
        if member.size > limits.file_bytes:
            name = quote(member.name)
            raise LoadError(f"decompressed chart file {name} is larger than the maximum file size {limits.file_bytes}")
        reader = archive.extractfile(member)
        content = reader.read() if reader else b""
        left -= len(content)
        if left <= 0:
            raise LoadError(too_large)
        files.append(File(name, content.removeprefix(BYTE_ORDER_MARK)))
    return files


def _path(member: TarInfo) -> str:
    """The path of a member below the archive's folder, checked."""
    delimiter = "\\" if "\\" in member.name else "/"
    folder, *rest = member.name.split(delimiter)
    inside = "/".join(rest)
    if inside.startswith("/"):
        raise LoadError("chart illegally contains absolute paths")
    clean = _cleaned(inside)
    if clean == ".":
        raise LoadError(f"chart illegally contains content outside the base directory: {quote(member.name)}")
    if clean.startswith(".."):
        raise LoadError("chart illegally references parent directory")
    if _DRIVE.match(clean):
        raise LoadError("chart contains illegally named files")
    if folder == "Chart.yaml":
        raise LoadError("chart yaml not in base directory")
    return clean


def _cleaned(path: str) -> str:
    """A relative path without empty parts, `.` and inner `..`."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."
