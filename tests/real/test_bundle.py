from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from images import write_layout

from chartkit.chart.loader import load_chart
from chartkit.chart.package import pack
from chartkit.cli.app import main
from chartkit.engine.compiled import compile_chart
from chartkit.engine.release import Release
from chartkit.images.find import find_images
from chartkit.values.inputs import read_values

pytestmark = pytest.mark.real

_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: app, image: "{{ .Values.registry }}/team/app:{{ .Values.tag }}"}
  - {name: side, image: "{{ .Values.side }}"}
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")

    def runner(*words):
        code = main(words)
        out, err = capfd.readouterr()
        return code, out, err

    return runner


@pytest.fixture
def chart(run, open_registry, push_image, image_layout, tmp_path):
    """A chart `app` with two images, one of them named by its digest, and a values file beside it."""
    folder = Path("app")
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.2.3\nappVersion: '7'\n")
    (folder / "templates/pod.yaml").write_text(_POD)
    side = write_layout(tmp_path / "side", text="side")
    push_image(image_layout, open_registry, "team/app:1.0")
    push_image(side, open_registry, "team/side:1.0")
    (folder / "values.yaml").write_text(
        f"registry: {open_registry.host}\ntag: none\nside: {open_registry.host}/team/side@{side.digest}\n"
    )
    Path("prod.yaml").write_text("# production\ntag: '0.9'\n")
    return folder


def _bundle(run, name="app.tar"):
    return run("bundle", "prod.yaml", "--chart", "app", "--set-string", "tag=1.0", "--release", "web", "-o", name)


def _change(path, member, data):
    """The same tar file with other bytes in one of its files."""
    with tarfile.open(path) as archive:
        files = [(each, archive.extractfile(each).read()) for each in archive]
    with tarfile.open(path, "w") as archive:
        for each, content in files:
            new = data if each.name == member else content
            each.size = len(new)
            import io

            archive.addfile(each, io.BytesIO(new))


def test_a_bundle_goes_through_the_gap(run, chart, tls_registry, raw_manifest, image_layout, tmp_path):
    code, out, err = _bundle(run)
    assert code == 0, err
    assert len(out.splitlines()) == 2
    (chart / "values.yaml").unlink()
    tls_registry.docker_config(tmp_path)
    to = f"{tls_registry.host}/mirror"
    code, out, err = run("unbundle", "app.tar", "--to", to, "--ca-file", str(tls_registry.ca_file), "-o", "inside")
    assert code == 0, err
    assert raw_manifest(tls_registry, "mirror/team/app:1.0")[0] == image_layout.digest
    names = sorted(path.relative_to("inside").as_posix() for path in Path("inside").rglob("*") if path.is_file())
    assert names == [
        "chart/app-1.2.3.tgz", "images.lock", "override.yaml", "values/01-prod.yaml", "values/02-flags.yaml",
    ]  # fmt: skip
    assert Path("inside/values/01-prod.yaml").read_text() == "# production\ntag: '0.9'\n"
    assert (
        "next: helm install web inside/chart/app-1.2.3.tgz -f inside/values/01-prod.yaml "
        "-f inside/values/02-flags.yaml -f inside/override.yaml --namespace default"
    ) in err
    files = [Path("inside", name) for name in (*names[3:], "override.yaml")]
    program = compile_chart(load_chart("inside/chart/app-1.2.3.tgz"))
    images = [use.text for use in find_images(program.render(read_values(files=files), Release("web")))]
    assert images[0] == f"{to}/team/app:1.0"
    assert images[1].startswith(f"{to}/team/side@sha256:")


def test_the_same_content_gives_the_same_bytes(run, chart):
    _bundle(run, "one.tar")
    _bundle(run, "two.tar")
    assert Path("one.tar").read_bytes() == Path("two.tar").read_bytes()
    assert sorted(path.name for path in Path().iterdir()) == ["app", "one.tar", "prod.yaml", "two.tar"]


def test_only_chosen_platforms_are_bundled(run, chart):
    code, _, err = run(
        "bundle", "prod.yaml", "--chart", "app", "--set-string", "tag=1.0", "-o", "app.tar", "--platform", "linux/amd64"
    )
    assert code == 0, err
    assert "team/side@sha256" in err
    assert "all its platforms are copied" in err


def test_an_image_that_is_not_there_leaves_no_bundle(run, chart):
    Path("app.tar").write_text("what was here before")
    code, _, err = run("bundle", "--chart", "app", "-o", "app.tar")
    assert code == 3
    assert "team/app:none" in err
    assert Path("app.tar").read_text() == "what was here before"
    assert sorted(path.name for path in Path().iterdir()) == ["app", "app.tar", "prod.yaml"]


def test_a_dry_run_only_says_what_goes_where(run, chart, open_registry):
    _bundle(run)
    code, out, _ = run("unbundle", "app.tar", "--to", "mirror.example.com/x", "--dry-run")
    assert code == 0
    assert f"{open_registry.host}/team/app:1.0 -> mirror.example.com/x/team/app:1.0\n" in out
    assert not Path("app-1.2.3").exists()


@pytest.mark.parametrize(
    ("member", "data", "message"),
    [
        ("images.lock", b"apiVersion: [", "images.lock"),
        ("chartkit-bundle.json", b"{}", "is no bundle of chartkit"),
        ("chartkit-bundle.json", b'{"chartkitBundle": 2}', "is a bundle of version 2; version 1 can be read"),
        (
            "chartkit-bundle.json",
            b'{"chartkitBundle": 1, "chart": "../../x", "helm": "4.3"}',
            "leads out of the bundle",
        ),
        ("images/index.json", b'{"manifests": []}', "is missing, and images.lock says sha256:"),
        ("images/index.json", b"[]", "this is no index of images"),
    ],
)
def test_a_bundle_that_was_changed_is_refused_before_anything_is_pushed(run, chart, member, data, message):
    _bundle(run)
    _change("app.tar", member, data)
    code, _, err = run("unbundle", "app.tar", "--to", "127.0.0.1:9/x")
    assert code == 2
    assert message in err


def test_a_changed_blob_is_found_and_its_image_gets_no_name(run, chart, open_registry, start_registry):
    _bundle(run)
    with tarfile.open("app.tar") as archive:
        blob = max((each for each in archive if "/blobs/" in each.name), key=lambda each: each.size)
    _change("app.tar", blob.name, b"x" * blob.size)
    inside = start_registry()
    code, _, err = run("unbundle", "app.tar", "--to", f"{inside.host}/m", "--retries", "0")
    assert code == 3
    assert "missing:" in err
    assert not Path("app-1.2.3").exists()


@pytest.mark.parametrize("content", [b"", b"nonsense" * 200, None])
def test_what_is_no_bundle_is_refused(run, content):
    if content is not None:
        Path("app.tar").write_bytes(content)
    code, _, err = run("unbundle", "app.tar", "--to", "mirror.example.com")
    assert code == 2
    assert "app.tar" in err
    assert "Traceback" not in err


def _push_chart(registry, data, name, version):
    """What `helm push` does, by hand."""
    import hashlib
    import urllib.request

    def send(method, url, body=None, kind="application/octet-stream"):
        request = urllib.request.Request(url, body, {"Content-Type": kind}, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.headers

    def blob(content):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        place = send("POST", f"{registry.url}/v2/{name}/blobs/uploads/", b"")["Location"]
        send("PUT", f"{place}&digest={digest}", content)
        return {"digest": digest, "size": len(content)}

    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.cncf.helm.config.v1+json", **blob(b"{}")},
        "layers": [{"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", **blob(data)}],
    }
    kind = manifest["mediaType"]
    send("PUT", f"{registry.url}/v2/{name}/manifests/{version}", json.dumps(manifest).encode(), kind)


@pytest.fixture
def pushed(run, open_registry):
    """Charts `dep` 0.1.0 and 0.2.0 in a registry."""
    for version in ("0.1.0", "0.2.0", "0.3.0-rc.1"):
        folder = Path("src", version)
        (folder / "templates").mkdir(parents=True)
        (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: dep\nversion: {version}\n")
        (folder / "templates/a.yaml").write_text("a: {{ .Chart.Version }}\n")
        _push_chart(open_registry, pack(load_chart(folder)), "charts/dep", version)
    return f"oci://{open_registry.host}/charts"


@pytest.mark.parametrize(
    ("words", "version"),
    [
        (("{}/dep:0.1.0",), "0.1.0"),
        (("{}/dep", "--version", "0.1.0"), "0.1.0"),
        (("{}/dep", "--version", "~0.1"), "0.1.0"),
        (("{}/dep",), "0.2.0"),
        (("{}/dep", "--devel"), "0.3.0-rc.1"),
    ],
)
def test_a_chart_comes_from_a_registry(run, pushed, words, version):
    code, out, err = run("template", "x", *(word.format(pushed) for word in words))
    assert code == 0, err
    assert out == f"---\n# Source: dep/templates/a.yaml\na: {version}\n"


def test_a_dependency_comes_from_a_registry(run, pushed):
    Path("parent").mkdir()
    wanted = f"{{name: dep, version: ^0.1.0, repository: {pushed}}}"
    Path("parent/Chart.yaml").write_text(f"apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies: [{wanted}]\n")
    code, _, err = run("dependency", "update", "parent")
    assert code == 0, err
    assert [file.name for file in Path("parent/charts").iterdir()] == ["dep-0.1.0.tgz"]


@pytest.mark.parametrize(
    ("chart", "code", "message"),
    [
        ("{}/dep:9.9.9", 3, "9.9.9"),
        ("{}/other:1.0.0", 3, "charts/other"),
        ("oci://127.0.0.1:9/x/y:1", 3, "127.0.0.1:9"),
        ("oci://nothing", 2, "names no chart"),
        ("{}/Dep:1", 2, "is no address of a chart"),
    ],
)
def test_a_chart_that_is_not_there_is_named(run, pushed, chart, code, message):
    found, _, err = run("images", "--chart", chart.format(pushed), "--retries", "0")
    assert found == code
    assert message in err


def test_an_image_is_no_chart(run, open_registry, push_image, image_layout):
    push_image(image_layout, open_registry, "team/app:1.0")
    code, _, err = run("template", "x", f"oci://{open_registry.host}/team/app:1.0")
    assert code == 3
    assert "is not a Helm chart" in err
