"""The images of operators are found by the syntax tree, in all the ways that one can write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.images.use import Certainty
from chartkit.systems.kaapana.images import find_dag_images, images_of

OPERATORS = Path(__file__).parents[3] / "fixtures" / "kaapana" / "otsus-method" / "extension" / "docker" / "files"
KNOWN = {"DEFAULT_REGISTRY": "docker.io/kaapana", "KAAPANA_BUILD_VERSION": "0.6.0"}


def found(folder: Path, text: str, names: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    (folder / "dag.py").write_text(text, encoding="utf-8")
    uses = find_dag_images(folder, names)
    return [(use.text, use.reference.canonical() if use.reference else "", str(use.certainty)) for use in uses]


def test_guides_operators_have_one_image_each_with_its_place() -> None:
    uses = images_of(OPERATORS)
    assert [(use.resource.name, use.text, use.reference) for use in uses] == [
        ("OtsusMethodOperator", "{DEFAULT_REGISTRY}/otsus-method:{KAAPANA_BUILD_VERSION}", None),
        ("OtsusNotebookOperator", "{DEFAULT_REGISTRY}/otsus-method:{KAAPANA_BUILD_VERSION}", None),
    ]
    first = uses[0]
    assert str(first.position) == f"{OPERATORS / 'OtsusMethodOperator.py'}:20:21"
    assert (first.place, first.certainty, first.manifest.file) == (
        "operator",
        Certainty.LIKELY,
        str(OPERATORS / "OtsusMethodOperator.py"),
    )
    assert first.fault == "the registry is in DEFAULT_REGISTRY, which the platform knows"


def test_images_are_whole_where_the_platform_is_known() -> None:
    uses = find_dag_images(OPERATORS, KNOWN)
    assert {use.text for use in uses} == {"docker.io/kaapana/otsus-method:0.6.0"}


@pytest.mark.parametrize(
    ("text", "image", "canonical"),
    [
        ('f(image="reg.example.com:5000/a/b/x:1")', "reg.example.com:5000/a/b/x:1", "reg.example.com:5000/a/b/x:1"),
        ('f(image = "r.example.com/x@sha256:%s")' % ("a" * 64), f"r.example.com/x@sha256:{'a' * 64}",
         f"r.example.com/x@sha256:{'a' * 64}"),
        ('f(image=f"r.example.com/t/x:{V}")', "r.example.com/t/x:{V}", "r.example.com/t/x"),
        ('f(image=f"r.example.com/t/x:v{V}-gpu")', "r.example.com/t/x:v{V}-gpu", "r.example.com/t/x"),
        ('f(image=f"r.example.com/t/x@{D}")', "r.example.com/t/x@{D}", "r.example.com/t/x"),
        ('R = "r.example.com/t"\nf(image=f"{R}/x:1")', "r.example.com/t/x:1", "r.example.com/t/x:1"),
        ('R = "r.example.com/t"\nI = R + "/x:1"\nf(image=I)', "r.example.com/t/x:1", "r.example.com/t/x:1"),
        ('f(image="r.example.com/" "t/x:1")', "r.example.com/t/x:1", "r.example.com/t/x:1"),
        ('f(image=c.REGISTRY + "/x:1")', "{c.REGISTRY}/x:1", ""),
        ('f(image=f"r.example.com/{NAME}:1")', "r.example.com/{NAME}:1", ""),
    ],
    ids=["port", "digest-and-blanks", "open-tag", "part-of-a-tag", "open-digest", "constant", "sum-of-constants", "row",
         "other-constant", "open-repository"],
)  # fmt: skip
def test_image_is_found_as_it_is_written(tmp_path: Path, text: str, image: str, canonical: str) -> None:
    assert [each[:2] for each in found(tmp_path, text)] == [(image, canonical)]


@pytest.mark.parametrize(
    "text",
    [
        '# f(image="r.example.com/x:1")', 'f(image=None)', 'f(image=picture)', 'f(image="")', "f(image=b'x')",
        'f(picture="r.example.com/x:1")', 'f(image="picture.png")', 'R = "a"\nR = "b"\nf(image=R)',
        'R = f()\nR = "r.example.com/x:1"\nf(image=R)',
    ],
    ids=[
        "comment", "none", "name", "empty", "bytes", "other-keyword", "file", "constant-set-twice",
        "constant-set-again",
    ],
)  # fmt: skip
def test_nothing_is_found_in_what_is_no_image(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_class_or_call_says_whose_image_it_is(tmp_path: Path) -> None:
    (tmp_path / "dag.py").write_text('op.Run(image="r.io/x:1")\nclass A:\n  def b(self): f(image="r.io/y:1")\n')
    assert [use.resource.name for use in images_of(tmp_path)] == ["op.Run", "A"]
