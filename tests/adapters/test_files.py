from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from chartkit.adapters.files import write_atomic, write_together
from chartkit.errors import InputError


def test_write_atomic_makes_the_folders(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.yaml"
    write_atomic(path, b"x\xff")
    assert path.read_bytes() == b"x\xff"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_write_atomic_keeps_permissions_and_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    real.chmod(0o600)
    link.symlink_to(real)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o600


def test_write_atomic_leaves_nothing_behind_on_failure(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(InputError, match=r"^cannot write .*folder: is a directory$"):
        write_atomic(target, b"x")
    assert list(tmp_path.iterdir()) == [target]


def test_write_atomic_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot write"):
        write_atomic(tmp_path / "file/x", b"x")


def test_write_atomic_keeps_secrets_to_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_atomic(path, b"new", is_secret=True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)


def test_write_atomic_writes_into_a_pipe_and_leaves_it_there(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomic(pipe, b"text")
    reader.join(10)
    assert read == [b"text"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_together_refuses_what_is_no_plain_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").write_text("old")
    with pytest.raises(InputError, match="it is no plain file"):
        write_together({tmp_path / "a": b"new", tmp_path / "pipe": b"new"})
    assert (tmp_path / "a").read_text() == "old"
    assert (tmp_path / "pipe").is_fifo()
