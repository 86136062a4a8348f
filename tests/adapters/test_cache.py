from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from chartkit.adapters import cache as module
from chartkit.adapters.cache import FolderCache, cache_folder, is_safe, open_cache


@pytest.fixture
def cache(tmp_path: Path) -> FolderCache:
    return FolderCache(str(tmp_path / "chartkit"))


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/chartkit"),
        ({"HOME": "/h"}, "/h/.cache/chartkit"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "/h/.cache/chartkit"),
        ({"CHARTKIT_CACHE": "/mine", "HOME": "/h"}, "/mine"),
        ({"CHARTKIT_CACHE": "off", "HOME": "/h"}, None),
        ({"CHARTKIT_CACHE": "OFF", "HOME": "/h"}, None),
        ({"CHARTKIT_CACHE": "0", "HOME": "/h"}, None),
        ({}, None),
        ({"HOME": "relative"}, None),
    ],
)
def test_folder_follows_the_environment(environment: dict[str, str], folder: str | None) -> None:
    assert cache_folder(environment) == folder


def test_entry_is_loaded_as_it_was_stored(cache: FolderCache) -> None:
    cache.store("a", b"content")
    cache.store("a", b"newer")
    assert cache.load("a") == b"newer"
    assert cache.load("b") is None


def test_folder_and_files_are_the_users_alone(cache: FolderCache) -> None:
    cache.store("a", b"content")
    (entry,) = os.scandir(cache.folder)
    assert os.stat(cache.folder).st_mode & 0o777 == 0o700
    assert entry.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_folder_open_to_others_is_not_used(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(mode)
    assert open_cache({"CHARTKIT_CACHE": str(folder)}) is None
    cache = FolderCache(str(folder))
    cache.store("a", b"x")
    assert list(folder.iterdir()) == []


def test_link_in_place_of_the_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert not is_safe(str(tmp_path / "link"))
    assert is_safe(str(tmp_path / "real"))
    assert is_safe(str(tmp_path / "not there yet"))


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_file_that_others_may_write_is_not_read(cache: FolderCache, mode: int) -> None:
    cache.store("a", b"content")
    (entry,) = os.scandir(cache.folder)
    os.chmod(entry.path, mode)
    assert cache.load("a") is None
    cache.store("a", b"again")
    assert cache.load("a") == b"again"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_what_another_user_owns_is_not_read(cache: FolderCache) -> None:
    cache.store("a", b"content")
    (entry,) = os.scandir(cache.folder)
    os.chown(entry.path, 12345, 12345)
    assert cache.load("a") is None
    os.chown(cache.folder, 12345, 12345)
    assert open_cache({"CHARTKIT_CACHE": cache.folder}) is None


def test_link_and_pipe_in_place_of_an_entry_are_not_read(cache: FolderCache, tmp_path: Path) -> None:
    cache.store("a", b"content")
    (entry,) = os.scandir(cache.folder)
    os.rename(entry.path, tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", entry.path)
    assert cache.load("a") is None
    os.unlink(entry.path)
    os.mkfifo(entry.path, 0o600)
    assert cache.load("a") is None


def test_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = FolderCache(str(tmp_path / "file" / "below"))
    cache.store("a", b"x")
    assert cache.load("a") is None
    assert cache.usage() == (0, 0)
    assert cache.clear() == (0, 0)


def test_least_used_entries_go_first_when_there_are_too_many(
    cache: FolderCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_ENTRIES", 3)
    for number in range(3):
        cache.store(str(number), b"x")
        os.utime(f"{cache.folder}/{number}.ck", ns=(number, number))
    # Reading the oldest marks it as used.
    assert cache.load("0") == b"x"
    cache.store("3", b"x")
    assert [cache.load(str(number)) for number in range(4)] == [b"x", None, b"x", b"x"]


def test_size_is_bounded(cache: FolderCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 100)
    for number in range(5):
        cache.store(str(number), b"x" * 40)
        os.utime(f"{cache.folder}/{number}.ck", ns=(number, number))
    assert cache.usage() == (2, 80)


def test_clear_removes_entries_and_broken_off_drafts_and_nothing_else(cache: FolderCache) -> None:
    cache.store("a", b"content")
    for name in ("a.ck.123.beef", "notes.txt"):
        Path(cache.folder, name).write_text("x")
    assert cache.clear() == (1, 7)
    assert os.listdir(cache.folder) == ["notes.txt"]


def test_reader_never_sees_half_an_entry(cache: FolderCache) -> None:
    """Several writers and a reader at once: every load is one of the whole contents."""
    contents = [bytes([letter]) * 200_000 for letter in b"abc"]
    cache.store("x", contents[0])

    def write(content: bytes) -> None:
        for _ in range(20):
            cache.store("x", content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    seen = [cache.load("x") for _ in range(100)]
    for writer in writers:
        writer.join()
    assert set(seen) <= set(contents)
    assert len(os.listdir(cache.folder)) == 1
