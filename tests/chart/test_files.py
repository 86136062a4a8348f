from __future__ import annotations

import pytest

from chartkit.chart.files import File, extension, role


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("Chart.yaml", "v2", "special"),
        ("values.yaml", "v2", "special"),
        ("requirements.yaml", "v2", "special"),
        ("requirements.yaml", "v1", "file"),
        ("requirements.lock", "v1", "file"),
        ("templates/a/b.yaml", "v2", "template"),
        ("charts/s/Chart.yaml", "v2", "subchart"),
        ("charts/s-1.tgz.prov", "v2", "file"),
        ("crds/c.yaml", "v2", "file"),
        ("d/Chart.yaml", "v2", "file"),
        (".helmignore", "v2", "file"),
    ],
)
def test_role_of_a_file(name: str, version: str, expected: str) -> None:
    assert role(name, version) == expected


@pytest.mark.parametrize(
    ("name", "is_crd"), [("crds/c.YAML", True), ("crds/a/c.json", True), ("crds/c.txt", False), ("c.yaml", False)]
)
def test_is_crd_goes_by_folder_and_ending(name: str, is_crd: bool) -> None:
    assert File(name, b"").is_crd is is_crd


@pytest.mark.parametrize(("name", "expected"), [("a/b.tar.gz", ".gz"), ("a.b/c", ""), (".x", ".x"), ("a.", ".")])
def test_extension_is_what_follows_the_last_dot(name: str, expected: str) -> None:
    assert extension(name) == expected


def test_partial_has_an_underscore_before_its_name() -> None:
    assert File("templates/a/_h.tpl", b"").is_partial
    assert not File("templates/_a/h.tpl", b"").is_partial
