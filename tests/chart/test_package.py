from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from chartkit.chart.loader import load_chart
from chartkit.chart.package import DEFAULT_EPOCH, archive_name, check_complete, pack, renewed
from chartkit.errors import DependencyError, LoadError

CHART = """\
# a comment that Helm drops
version: 1.2.3+build.5
name: demo
apiVersion: v2
keywords: [b, a]
maintainers:
- name: Someone
  email: ""
annotations: {z: "1", a: two}
dependencies:
- name: sub
  version: ">=0.1 <1"
  repository: file://../sub
  alias: other
  tags: [t]
  import-values: [data, {parent: b, child: c}]
"""
# What `helm package` of 4.3.1 wrote for the text above.
PACKED = """\
annotations:
  a: two
  z: "1"
apiVersion: v2
dependencies:
- alias: other
  import-values:
  - data
  - child: c
    parent: b
  name: sub
  repository: file://../sub
  tags:
  - t
  version: '>=0.1 <1'
keywords:
- b
- a
maintainers:
- name: Someone
name: demo
version: 1.2.3+build.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = tmp_path / "demo"
    (base / "templates").mkdir(parents=True)
    (base / "charts/sub/templates").mkdir(parents=True)
    (base / "Chart.yaml").write_text(CHART)
    (base / "Chart.lock").write_text(
        'generated: "2024-05-06T07:08:09.5Z"\ndigest: sha256:00\ndependencies: [{name: sub, repository: file://../sub, '
        "version: 0.2.0}]\n"
    )
    (base / "values.yaml").write_text("# kept\na:   1\n")
    (base / "values.schema.json").write_text('{"type": "object"}')
    (base / "templates/a.yaml").write_text("a: {{ .Values.a }}\n")
    (base / "README.md").write_text("read\n")
    (base / ".helmignore").write_text("secret.txt\n")
    (base / "secret.txt").write_text("not for the archive")
    (base / "charts/sub/Chart.yaml").write_text("apiVersion: v2\nname: sub\nversion: 0.2.0\n")
    (base / "charts/sub/templates/b.yaml").write_text("b: 1\n")
    return base


def _members(data: bytes) -> list[tuple[str, int, int, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        found = []
        for member in archive:
            content = archive.extractfile(member)
            assert content is not None
            found.append((member.name, member.mode, int(member.mtime), content.read()))
        return found


def test_an_archive_holds_what_helm_puts_into_it_in_its_order(folder: Path) -> None:
    members = _members(pack(load_chart(folder)))
    assert [name for name, *_ in members] == [
        "demo/Chart.yaml",
        "demo/Chart.lock",
        "demo/values.yaml",
        "demo/values.schema.json",
        "demo/templates/a.yaml",
        "demo/.helmignore",
        "demo/README.md",
        "demo/charts/sub/Chart.yaml",
        "demo/charts/sub/templates/b.yaml",
    ]
    assert {mode for _, mode, _, _ in members} == {0o644}
    assert {moment for _, _, moment, _ in members} == {DEFAULT_EPOCH}
    contents = {name: data.decode() for name, _, _, data in members}
    assert contents["demo/Chart.yaml"] == PACKED
    assert contents["demo/values.yaml"] == "# kept\na:   1\n"
    assert 'generated: "2024-05-06T07:08:09.5Z"' in contents["demo/Chart.lock"]


def test_the_same_files_give_the_same_bytes(folder: Path) -> None:
    first = pack(load_chart(folder))
    for file in folder.rglob("*"):
        file.touch()
    assert pack(load_chart(folder)) == first
    assert gzip.decompress(first)


def test_a_moment_stamps_files_and_lock(folder: Path) -> None:
    members = _members(pack(load_chart(folder), epoch=1_000_000_000))
    assert {moment for _, _, moment, _ in members} == {1_000_000_000}
    assert b'generated: "2001-09-09T01:46:40Z"' in members[1][3]


def test_an_archive_loads_again_as_the_same_chart(folder: Path, tmp_path: Path) -> None:
    chart = load_chart(folder)
    file = tmp_path / archive_name(chart)
    assert file.name == "demo-1.2.3+build.5.tgz"
    file.write_bytes(pack(chart))
    again = load_chart(file)
    assert again.metadata == chart.metadata
    assert again.templates == chart.templates
    assert [each.name for each in again.dependencies] == ["sub"]
    assert pack(again) == pack(chart)


def test_version_and_app_version_can_be_given(folder: Path) -> None:
    chart = renewed(load_chart(folder), version="9.0.0-rc.1", app_version="7")
    assert archive_name(chart) == "demo-9.0.0-rc.1.tgz"
    assert b'appVersion: "7"\n' in _members(pack(chart))[0][3]


def test_a_version_that_is_none_is_refused(folder: Path) -> None:
    with pytest.raises(LoadError, match="invalid semantic version"):
        renewed(load_chart(folder), version="nine")


def test_a_chart_of_the_old_version_keeps_its_requirements_file(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text("name: old\nversion: 1.0.0\napiVersion: v1\n")
    (tmp_path / "requirements.yaml").write_text("dependencies: [{name: sub, version: 1, repository: ''}]\n")
    members = {name: data for name, _, _, data in _members(pack(load_chart(tmp_path)))}
    assert members["old/Chart.yaml"] == b"apiVersion: v1\nname: old\nversion: 1.0.0\n"
    assert "old/requirements.yaml" in members


def test_a_chart_without_its_dependencies_is_refused(folder: Path) -> None:
    check_complete(load_chart(folder))
    for file in sorted((folder / "charts").rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    with pytest.raises(DependencyError, match=r"missing in charts/ directory: sub") as raised:
        check_complete(load_chart(folder))
    assert "dependency build" in raised.value.hint


def test_a_schema_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / "values.schema.json").write_text("{")
    with pytest.raises(LoadError, match=r"invalid JSON in values\.schema\.json"):
        pack(load_chart(folder))
