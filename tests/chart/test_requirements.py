from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chartkit.chart.chart import Lock
from chartkit.chart.loader import load_chart
from chartkit.chart.marshal import lock_yaml
from chartkit.chart.metadata import Dependency
from chartkit.chart.repository import Index, Repository, read_index
from chartkit.chart.requirements import build, hash_old_requirements, hash_requirements, update
from chartkit.errors import DependencyError, LoadError

INDEX = """\
apiVersion: v1
entries:
  web:
  - {version: 1.2.0, urls: [web-1.2.0.tgz], digest: "12"}
  - {version: 2.0.0-rc.1, urls: [web-2.0.0-rc.1.tgz]}
  - {version: 1.10.0, urls: ["https://elsewhere.example.com/dl/web-1.10.0.tgz?x=1"]}
  - {version: 1.9.0, urls: [web-1.9.0.tgz]}
  - {version: 1.11.0, urls: []}
  - {version: nonsense, urls: [nonsense.tgz]}
"""
ADDRESS = "https://charts.example.com/stable"


@dataclass
class Shelf:
    """Charts in memory, and what was asked for."""

    asked: list[str] = field(default_factory=list)

    def index(self, url: str) -> Index:
        return read_index(url, INDEX.encode())

    def archive(self, url: str, digest: str = "") -> bytes:
        self.asked.append(f"{url} {digest}".strip())
        return b"archive"

    def tags(self, repository: str) -> Sequence[str]:
        self.asked.append(repository)
        return ["0.9.0", "latest", "1.1.0_build", "1.0.0", "1.2.0-rc.1"]

    def pull(self, reference: str) -> bytes:
        self.asked.append(reference)
        return b"pulled"


def _chart(folder: Path, *dependencies: str, name: str = "parent", version: str = "1.0.0") -> Path:
    base = folder / name
    base.mkdir(parents=True, exist_ok=True)
    listed = "".join(f"- {each}\n" for each in dependencies)
    text = f"apiVersion: v2\nname: {name}\nversion: {version}\n" + (f"dependencies:\n{listed}" if listed else "")
    (base / "Chart.yaml").write_text(text)
    return base


def _update(base: Path, shelf: Shelf | None = None, repositories: Sequence[Repository] = ()) -> tuple[Lock, list[str]]:
    found = update(load_chart(base), str(base), shelf or Shelf(), repositories, generated="2026-01-02T03:04:05Z")
    return found.lock, sorted(found.archives)


# Digests that Helm 4.3.1 wrote into Chart.lock.
@pytest.mark.parametrize(
    ("version", "digest"),
    [
        ("0.2.5", "sha256:0343ec380486b0ca1eff83360a6a395fc8646d3b6022ee5dd5d5b8f6af5d5e3d"),
        ("0.3.0", "sha256:d708402c55075876fe3f0652a895b7a942be03c1bf964cf6acb6475bde5d5013"),
    ],
)
def test_the_lock_file_is_the_one_that_helm_writes(tmp_path: Path, version: str, digest: str) -> None:
    base = _chart(
        tmp_path,
        '{name: sub, version: ">=0.1 <1", repository: "file://../sub", alias: zz, tags: [a, b], condition: sub.enabled,'
        " import-values: [data, {child: x<y, parent: b, a: 1}]}",
        '{name: c3, version: 0.3.x, repository: ""}',
        name="p",
    )
    _chart(tmp_path, name="sub", version=version)
    _chart(base / "charts", name="c3", version="0.3.5")
    lock, archives = _update(base)
    assert archives == [f"sub-{version}.tgz"]
    assert lock_yaml(lock) == (
        "dependencies:\n- name: sub\n  repository: file://../sub\n"
        f'  version: {version}\n- name: c3\n  repository: ""\n  version: 0.3.x\ndigest: {digest}\n'
        'generated: "2026-01-02T03:04:05Z"\n'
    )


@pytest.mark.parametrize(
    ("wanted", "version", "asked"),
    [
        ("^1.0.0", "1.10.0", "https://elsewhere.example.com/dl/web-1.10.0.tgz?x=1"),
        ("~1.9", "1.9.0", f"{ADDRESS}/web-1.9.0.tgz"),
        ("1.2.0", "1.2.0", f"{ADDRESS}/web-1.2.0.tgz 12"),
        ("'>=1.0.0-0'", "2.0.0-rc.1", f"{ADDRESS}/web-2.0.0-rc.1.tgz"),
    ],
)
def test_a_repository_gives_the_newest_version_that_is_admitted(
    tmp_path: Path, wanted: str, version: str, asked: str
) -> None:
    base = _chart(tmp_path, f"{{name: web, version: {wanted}, repository: {ADDRESS}}}")
    shelf = Shelf()
    lock, archives = _update(base, shelf)
    assert [each.version for each in lock.dependencies if each] == [version]
    assert shelf.asked == [asked]
    assert archives == [f"web-{version}.tgz"]


@pytest.mark.parametrize(
    ("wanted", "version", "asked"),
    [
        ("~1", "1.1.0+build", ["oci://reg.example.com/team/app", "oci://reg.example.com/team/app:1.1.0+build"]),
        ("1.0.0", "1.0.0", ["oci://reg.example.com/team/app:1.0.0"]),
    ],
)
def test_a_registry_is_asked_for_its_tags_only_where_a_range_is_wanted(
    tmp_path: Path, wanted: str, version: str, asked: list[str]
) -> None:
    base = _chart(tmp_path, f"{{name: app, version: {wanted}, repository: oci://reg.example.com/team/}}")
    shelf = Shelf()
    lock, archives = _update(base, shelf)
    assert [each.version for each in lock.dependencies if each] == [version]
    assert shelf.asked == asked
    assert archives == [f"app-{version}.tgz"]


@pytest.mark.parametrize("name", ["@stable", "alias:stable"])
def test_a_name_stands_for_the_repository_that_the_user_added(tmp_path: Path, name: str) -> None:
    base = _chart(tmp_path, f'{{name: web, version: 1.2.0, repository: "{name}"}}')
    lock, _ = _update(base, repositories=[Repository("stable", ADDRESS)])
    assert [each.repository for each in lock.dependencies if each] == [ADDRESS]


@pytest.mark.parametrize(
    ("dependency", "message"),
    [
        (f"{{name: web, version: ^3, repository: {ADDRESS}}}", "can't get a valid version for 1 subchart"),
        (f"{{name: gone, version: ^3, repository: {ADDRESS}}}", "gone chart not found in repo https://charts"),
        (f"{{name: web, version: '%', repository: {ADDRESS}}}", 'dependency "web" has an invalid version/constraint'),
        (f"{{name: web, repository: {ADDRESS}}}", 'dependency "web" has an invalid version/constraint format'),
        ("{name: web, version: 1, repository: stable}", "no repository definition for stable"),
        ('{name: web, version: 1, repository: "@other"}', "no repository definition for @other"),
        ("{name: web, version: 1, repository: file://../gone}", "not found"),
        ('{name: web, version: 1, repository: ""}', "not found"),
    ],
)
def test_what_cannot_be_had_is_named(tmp_path: Path, dependency: str, message: str) -> None:
    base = _chart(tmp_path, dependency)
    with pytest.raises(DependencyError) as raised:
        _update(base)
    assert message in str(raised.value)


def test_a_chart_in_the_charts_folder_must_have_the_version(tmp_path: Path) -> None:
    base = _chart(tmp_path, '{name: c3, version: 0.4.x, repository: ""}')
    _chart(base / "charts", name="c3", version="0.3.5")
    with pytest.raises(
        DependencyError, match=r"dependency c3 at version 0\.3\.5 does not satisfy the constraint 0\.4\.x"
    ):
        _update(base)


def test_build_takes_the_versions_of_the_lock_file(tmp_path: Path) -> None:
    base = _chart(tmp_path, f"{{name: web, version: ^1, repository: {ADDRESS}}}")
    wanted = load_chart(base).metadata.dependencies
    locked = [Dependency(name="web", version="1.2.0", repository=ADDRESS)]
    (base / "Chart.lock").write_text(
        lock_yaml(Lock("2026-01-02T03:04:05Z", hash_requirements(wanted, locked), (*locked,)))
    )
    shelf = Shelf()
    found = build(load_chart(base), str(base), shelf, ())
    assert list(found.archives) == ["web-1.2.0.tgz"]
    assert shelf.asked == [f"{ADDRESS}/web-1.2.0.tgz 12"]


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_build_refuses_a_lock_file_of_another_chart_yaml(tmp_path: Path, version: str) -> None:
    base = _chart(tmp_path, f"{{name: web, version: ^1, repository: {ADDRESS}}}")
    name = "Chart.lock"
    if version == "v1":
        (base / "Chart.yaml").write_text("apiVersion: v1\nname: parent\nversion: 1.0.0\n")
        (base / "requirements.yaml").write_text(f"dependencies: [{{name: web, version: ^1, repository: {ADDRESS}}}]\n")
        name = "requirements.lock"
    (base / name).write_text('generated: "2026-01-02T03:04:05Z"\ndigest: sha256:00\ndependencies: []\n')
    with pytest.raises(DependencyError, match=rf"the lock file \({name}\) is out of sync"):
        build(load_chart(base), str(base), Shelf(), ())


def test_build_takes_a_lock_file_of_helm_2(tmp_path: Path) -> None:
    base = _chart(tmp_path)
    (base / "Chart.yaml").write_text("apiVersion: v1\nname: parent\nversion: 1.0.0\n")
    (base / "requirements.yaml").write_text(f"dependencies: [{{name: web, version: ^1, repository: {ADDRESS}}}]\n")
    digest = hash_old_requirements(load_chart(base).metadata.dependencies)
    (base / "requirements.lock").write_text(
        f'generated: "2026-01-02T03:04:05Z"\ndigest: {digest}\n'
        f"dependencies: [{{name: web, version: 1.9.0, repository: {ADDRESS}}}]\n"
    )
    assert list(build(load_chart(base), str(base), Shelf(), ()).archives) == ["web-1.9.0.tgz"]


def test_a_folder_that_is_no_chart_is_named(tmp_path: Path) -> None:
    base = _chart(tmp_path, "{name: web, version: 1, repository: file://../bad}")
    (tmp_path / "bad").mkdir()
    with pytest.raises(LoadError, match=r"Chart\.yaml"):
        _update(base)
