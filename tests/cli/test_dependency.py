from __future__ import annotations

import hashlib
import http.server
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chartkit.chart.loader import load_chart
from chartkit.chart.package import archive_name, pack
from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]


@dataclass
class Shelf:
    """A chart repository on this machine."""

    folder: Path
    url: str = ""
    login: str = ""
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, version: str, *, digest: str | None = None) -> None:
        """Add a version of a chart to the folder and to the index."""
        base = self.folder / "src" / version / name
        base.mkdir(parents=True)
        (base / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: {version}\n")
        (base / "templates").mkdir()
        (base / "templates/a.yaml").write_text("a: {{ .Chart.Version }}\n")
        chart = load_chart(base)
        data = pack(chart)
        (self.folder / archive_name(chart)).write_bytes(data)
        index = self.folder / "index.yaml"
        if not index.exists():
            index.write_text("apiVersion: v1\nentries:\n")
        entry = {"version": version, "urls": [archive_name(chart)]}
        if digest is not None:
            entry["digest"] = digest or hashlib.sha256(data).hexdigest()
        with index.open("a") as stream:
            stream.write(f"  {name}:\n  - {entry}\n" if name not in index.read_text() else f"  - {entry}\n")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    found = Shelf(tmp_path / "served")
    found.folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(found.folder))  # type: ignore[arg-type]

        def do_GET(self) -> None:
            found.asked.append(self.path)
            if found.login and self.headers.get("Authorization") != found.login:
                self.send_error(401)
                return
            super().do_GET()

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs chartkit in a folder of its own, with an empty cache and without Helm's settings."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HELM_CONFIG_HOME", str(tmp_path / "helm"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.delenv("HELM_REPOSITORY_CONFIG", raising=False)

    def runner(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out, err = capfd.readouterr()
        return code, out, err

    return runner


def _chart(name: str, *dependencies: str, version: str = "1.0.0") -> Path:
    base = Path(name)
    (base / "templates").mkdir(parents=True)
    listed = "".join(f"- {each}\n" for each in dependencies)
    text = f"apiVersion: v2\nname: {base.name}\nversion: {version}\n" + (f"dependencies:\n{listed}" if listed else "")
    (base / "Chart.yaml").write_text(text)
    return base


def test_update_fetches_the_newest_and_build_the_locked_version(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    shelf.put("web", "1.10.0", digest="")
    base = _chart("app", f"{{name: web, version: ^1.0.0, repository: {shelf.url}}}")
    assert run("dependency", "list", "app") == (
        0,
        f"NAME\tVERSION\tREPOSITORY{' ' * (len(shelf.url) - 10)}\tSTATUS \nweb \t^1.0.0 \t{shelf.url}\tmissing\n\n",
        "",
    )
    assert run("dependency", "update", "app") == (0, "", "")
    assert [file.name for file in (base / "charts").iterdir()] == ["web-1.10.0.tgz"]
    lock = (base / "Chart.lock").read_text()
    assert "  version: 1.10.0\ndigest: sha256:" in lock
    shelf.put("web", "1.11.0")
    (base / "charts/web-1.10.0.tgz").unlink()
    assert run("dependency", "build", "app") == (0, "", "")
    assert [file.name for file in (base / "charts").iterdir()] == ["web-1.10.0.tgz"]
    assert (base / "Chart.lock").read_text() == lock
    assert run("template", "x", "app")[1] == "---\n# Source: app/charts/web/templates/a.yaml\na: 1.10.0\n"


def test_update_removes_what_it_replaces_and_leaves_the_rest(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    base = _chart("app", f"{{name: web, version: ^1.0.0, repository: {shelf.url}}}", "{name: own, version: 1.x.x}")
    _chart("app/charts/own", version="1.5.0")
    assert run("dependency", "update", "app")[0] == 0
    (base / "charts/_notes.txt").write_text("mine")
    shelf.put("web", "1.3.0")
    assert run("dependency", "update", "app") == (0, "", "removed app/charts/web-1.2.0.tgz\n")
    assert sorted(file.name for file in (base / "charts").iterdir()) == ["_notes.txt", "own", "web-1.3.0.tgz"]


def test_a_lock_file_that_still_fits_is_not_written_again(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    base = _chart("app", f"{{name: web, version: ^1.0.0, repository: {shelf.url}}}")
    run("dependency", "update", "app")
    before = (base / "Chart.lock").read_bytes()
    run("dependency", "update", "app")
    assert (base / "Chart.lock").read_bytes() == before


def test_nothing_is_written_where_one_of_several_cannot_be_had(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    shelf.put("gone", "1.0.0")
    (shelf.folder / "gone-1.0.0.tgz").unlink()
    repository = f"repository: {shelf.url}"
    base = _chart("app", f"{{name: web, version: 1, {repository}}}", f"{{name: gone, version: 1, {repository}}}")
    code, out, err = run("dependency", "update", "app")
    assert (code, out) == (3, "")
    assert f"{shelf.url}/gone-1.0.0.tgz: the server answers with status 404" in err
    assert sorted(file.name for file in base.iterdir()) == ["Chart.yaml", "templates"]


def test_an_archive_with_another_digest_than_the_index_says_is_refused(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0", digest="0" * 64)
    _chart("app", f"{{name: web, version: 1, repository: {shelf.url}}}")
    code, _, err = run("dependency", "update", "app")
    assert code == 2
    assert "the index of its repository says 0000" in err
    assert "do not use it" in err


def test_the_login_of_a_repository_goes_to_its_own_host_and_into_no_message(
    run: Run, shelf: Shelf, tmp_path: Path
) -> None:
    shelf.put("web", "1.2.0")
    shelf.login = "Basic " + b64encode(b"user:hunter2").decode()
    _chart("app", '{name: web, version: 1, repository: "@stable"}')
    (tmp_path / "helm").mkdir()
    listed = tmp_path / "helm/repositories.yaml"
    listed.write_text(f"repositories: [{{name: stable, url: {shelf.url}, username: user, password: hunter2}}]\n")
    assert run("dependency", "update", "app") == (0, "", "")
    listed.write_text(f"repositories: [{{name: stable, url: {shelf.url}, username: user, password: hunter3}}]\n")
    code, _, err = run("dependency", "update", "app")
    assert code == 3
    assert "status 401" in err
    assert "hunter" not in err


@pytest.mark.parametrize(
    ("repository", "message"),
    [
        ("http://127.0.0.1:9", "127.0.0.1:9"),
        ("ftp://example.com", "ftp://example.com"),
        ("stable", "no repository definition for stable"),
    ],
)
def test_a_repository_that_is_not_there_is_named(run: Run, repository: str, message: str) -> None:
    _chart("app", f"{{name: web, version: 1, repository: {repository}}}")
    code, _, err = run("dependency", "update", "app", "--retries", "0")
    assert code in (2, 3)
    assert message in err
    assert "Traceback" not in err


def test_what_is_no_index_is_named(run: Run, shelf: Shelf) -> None:
    (shelf.folder / "index.yaml").write_text("<html>login</html>")
    _chart("app", f"{{name: web, version: 1, repository: {shelf.url}}}")
    code, _, err = run("dependency", "update", "app")
    assert code == 2
    assert "does not look like a chart repository" in err


def test_an_archive_cannot_get_dependencies(run: Run) -> None:
    _chart("app")
    assert run("package", "app")[0] == 0
    code, _, err = run("dependency", "update", "app-1.0.0.tgz")
    assert code == 2
    assert "only unpacked charts can be updated" in err


def test_package_writes_the_same_bytes_again(run: Run) -> None:
    _chart("app")
    code, out, err = run("package", "app", "--version", "2.0.0", "--app-version", "7", "-d", "out")
    assert (code, err) == (0, "")
    assert out == f"Successfully packaged chart and saved it to: {Path('out/app-2.0.0.tgz').absolute()}\n"
    first = Path("out/app-2.0.0.tgz").read_bytes()
    Path("app/Chart.yaml").touch()
    run("package", "app", "--version", "2.0.0", "--app-version", "7", "-d", "out")
    assert Path("out/app-2.0.0.tgz").read_bytes() == first


def test_package_gets_dependencies_first_where_it_is_asked_to(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    _chart("app", f"{{name: web, version: 1, repository: {shelf.url}}}")
    code, out, err = run("package", "app")
    assert (code, out) == (2, "")
    assert "missing in charts/ directory: web" in err
    assert run("package", "app", "-u")[0] == 0
    assert [each.name for each in load_chart("app-1.0.0.tgz").dependencies] == ["web"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("package",), "need at least one argument"),
        (("package", "app", "--version", "x"), "invalid semantic version"),
        (("package", "nothing"), "nothing"),
        (("dependency", "list", "a", "b"), "one chart at a time"),
        (("dependency", "lst"), "did you mean list?"),
    ],
)
def test_what_makes_no_sense_is_said(run: Run, words: tuple[str, ...], message: str) -> None:
    _chart("app")
    code, _, err = run(*words)
    assert code == 2
    assert message in err


def test_a_moment_that_is_none_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _chart("app")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    code, _, err = run("package", "app")
    assert code == 2
    assert "SOURCE_DATE_EPOCH" in err
    assert not Path("app-1.0.0.tgz").exists()


@pytest.mark.parametrize("version", ["1.2.0", "~1.2"])
def test_every_command_takes_a_chart_from_a_repository(run: Run, shelf: Shelf, version: str) -> None:
    shelf.put("web", "1.2.0", digest="")
    shelf.put("web", "1.3.0", digest="")
    expected = "---\n# Source: web/templates/a.yaml\na: 1.2.0\n"
    code, out, err = run("template", "x", "web", "--repo", shelf.url, "--version", version)
    assert (code, out) == (0, expected)
    assert "web-1.2.0.tgz (from web)" in err
    assert run("render", "--chart", "web", "--repo", shelf.url, "--version", version)[:2] == (0, expected)
    assert run("render", "--chart", f"{shelf.url}/web-1.2.0.tgz")[:2] == (0, expected)
    assert run("images", "--chart", f"{shelf.url}/web-1.2.0.tgz")[0] == 0


def test_a_chart_whose_digest_is_known_is_fetched_once(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0", digest="")
    for _ in range(2):
        assert run("template", "x", "web", "--repo", shelf.url)[0] == 0
    assert shelf.asked == ["/index.yaml", "/web-1.2.0.tgz", "/index.yaml"]


def test_the_newest_version_is_no_preview_unless_previews_are_asked_for(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    shelf.put("web", "2.0.0-rc.1")
    assert "a: 1.2.0" in run("template", "x", "web", "--repo", shelf.url)[1]
    assert "a: 2.0.0-rc.1" in run("template", "x", "web", "--repo", shelf.url, "--devel")[1]


def test_a_chart_by_the_name_that_helm_has_for_its_repository(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("web", "1.2.0")
    (tmp_path / "helm").mkdir()
    (tmp_path / "helm/repositories.yaml").write_text(f"repositories: [{{name: stable, url: {shelf.url}}}]\n")
    assert "a: 1.2.0" in run("template", "x", "stable/web")[1]
    assert run("template", "x", "other/web") == (2, "", "Error: repo other not found\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("web", "--version", "^7"), "there is no web in http://127.0.0.1"),
        (("web", "--version", "a b"), "--version a b: improper constraint"),
        (("other",), "other chart not found in repo"),
    ],
)
def test_a_version_that_is_not_there_is_named(run: Run, shelf: Shelf, words: tuple[str, ...], message: str) -> None:
    shelf.put("web", "1.2.0")
    code, out, err = run("render", "--chart", *words, "--repo", shelf.url)
    assert (code, out) == (2, "")
    assert message in err


def test_a_target_may_name_a_chart_by_its_address(run: Run, shelf: Shelf) -> None:
    shelf.put("web", "1.2.0")
    Path("chartkit.yaml").write_text(f"chart: {shelf.url}/web-1.2.0.tgz\ntargets: [{{name: a}}]\n")
    code, out, _ = run("verify-images", "--count", "0")
    assert (code, out) == (0, "a: 0/0 images match\n")
