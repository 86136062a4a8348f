"""The labels of a Dockerfile are read with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.systems.kaapana.dockerfile import read_dockerfile


@pytest.mark.parametrize(
    ("text", "image", "place"),
    [
        ('FROM x\nLABEL IMAGE="dag-a"\n', "dag-a", "2:13"),
        ("FROM x\nlabel IMAGE=dag-a VERSION=1\n", "dag-a", "2:13"),
        ("FROM x\nLABEL VERSION='1' IMAGE='dag-a'\n", "dag-a", "2:25"),
        ('FROM x\nLABEL VERSION="1" \\\n      # why\n      IMAGE="dag-a"\n', "dag-a", "4:13"),
        ("LABEL IMAGE dag-a", "dag-a", "1:13"),
        ('LABEL "IMAGE"="dag-a"', "dag-a", "1:15"),
        ('LABEL IMAGE="a"\nLABEL IMAGE="b"\n', "b", "2:13"),
        ("  LABEL IMAGE=dag-a\r\n", "dag-a", "1:15"),
    ],
    ids=["quoted", "bare", "single-quotes", "next-line", "old-form", "quoted-key", "twice", "crlf"],
)
def test_image_label_is_read_as_written(tmp_path: Path, text: str, image: str, place: str) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(text.encode())
    found = read_dockerfile(path)
    assert found.image == image
    assert str(found.labels["IMAGE"].position) == f"{path}:{place}"


@pytest.mark.parametrize("text", ["", "FROM x\n", "# LABEL IMAGE=a\n", "RUN echo LABEL IMAGE=a\n", "LABEL\n"])
def test_there_is_no_label_where_none_is_given(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(text)
    assert read_dockerfile(path).image == ""


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_dockerfile(tmp_path / "Dockerfile")
