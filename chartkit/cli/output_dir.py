"""`--output-dir`: each template's documents in a file of its own, as Helm lays them out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from chartkit.adapters.files import write_atomic
from chartkit.errors import InputError
from chartkit.manifests.assemble import Assembled


def write_folder(assembled: Assembled, folder: str, release: str) -> str:
    """Write the documents below a folder; the result is what Helm prints about it.

    Args:
        assembled: the documents.
        folder: the folder, as the user named it.
        release: the name of a folder to put in between, or the empty string. CRDs do not go into it.

    Raises:
        InputError: if a file cannot be written, or its name leads out of the folder.
    """
    inner = os.path.normpath(os.path.join(folder, release)) if release else folder
    contents: dict[str, list[str]] = {}
    report: list[str] = []
    for base, file, text in _documents(assembled, folder, inner):
        path = f"{base}/{file}"
        contents.setdefault(path, []).append(f"---\n# Source: {file}\n{text}\n")
        report.append(f"wrote {path}\n")
    for path in contents:
        _refuse_escape(path, folder)
    for path, texts in contents.items():
        write_atomic(Path(path), "".join(texts).encode("utf-8", "surrogateescape"))
    return "".join([*report, "\n"])


def _documents(assembled: Assembled, folder: str, inner: str) -> Iterator[tuple[str, str, str]]:
    for file, text in assembled.crds:
        yield folder, file, text
    for manifest in (*assembled.manifests, *assembled.hooks):
        yield inner, manifest.file, manifest.text


def _refuse_escape(path: str, folder: str) -> None:
    root = os.path.realpath(folder)
    if os.path.commonpath([root, os.path.realpath(path)]) != root:
        raise InputError(f"refusing to write {path}: it lies outside of {folder}")
