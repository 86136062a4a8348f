from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.goyaml.load import load

Run = Callable[..., tuple[int, str, str]]

FIXTURES = Path(__file__).parents[3] / "fixtures/devfiles"
TO = "registry.local:5000/airgap"
GUIDE = "registry.access.redhat.com/ubi8/nodejs-16:latest"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit devfile` beside copies of the stacks; gives the exit code and both outputs."""
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "map.yaml").write_text("quay.io/other: r.io/x\n")
    (tmp_path / "broken.yaml").write_text("devfileIndex: {image: X X}\n")
    monkeypatch.chdir(tmp_path)

    def run_devfile(*words: str) -> tuple[int, str, str]:
        code = main(["devfile", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return run_devfile


def test_images_as_text(run: Run) -> None:
    code, out, _ = run("images", "java-openliberty")
    assert code == 0
    assert out == (
        "icr.io/appcafe/open-liberty-devfile-stack:22.0.0.1  pulled  Devfile/java-openliberty  dev  "
        "java-openliberty/devfile.yaml:50:14  written icr.io/appcafe/open-liberty-devfile-stack:{{liberty-version}}\n"
    )


def test_images_as_json_have_place_and_role(run: Run) -> None:
    _, out, _ = run("images", "go-2.6.0", "--format", "json")
    rows = json.loads(out)["images"]
    assert [(row["file"], row["line"], row["column"], row["role"]) for row in rows] == [
        ("go-2.6.0/devfile.yaml", 24, 18, "build"),
        ("go-2.6.0/docker/Dockerfile", 1, 6, "base"),
        ("go-2.6.0/kubernetes/deploy.yaml", 30, 18, "built"),
        ("go-2.6.0/devfile.yaml", 43, 14, "pulled"),
    ]
    assert rows[1]["registry"] == "registry.access.redhat.com"


def test_images_in_other_formats_say_the_same(run: Run) -> None:
    rows = json.loads(run("images", "udi", "--format", "json")[1])["images"]
    assert load(run("images", "udi", "--format", "yaml")[1])["images"][0]["image"] == rows[0]["image"]
    read = list(csv.DictReader(io.StringIO(run("images", "udi", "--format", "csv")[1])))
    assert read[0]["written"] == rows[0]["written"]
    assert rows[0]["image"] in run("images", "udi", "--format", "markdown")[1]


def test_plain_images_are_what_has_to_be_pulled(run: Run) -> None:
    _, out, _ = run("images", "--format", "plain", "java-springboot-2.2.0", "nodejs-mongodb")
    assert "java-springboot-image" not in out
    assert "docker.io/bitnami/mongodb@sha256:" in out


def test_images_by_role(run: Run) -> None:
    _, out, _ = run("images", ".", "--role", "build,built", "--format", "json")
    assert {row["role"] for row in json.loads(out)["images"]} == {"build", "built"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("images",), "name a devfile"),
        (("images", "gone"), "cannot read gone: no such file or directory"),
        (("images", "udi", "--format", "xml"), 'unknown format "xml"'),
        (("images", "udi", "--role", "x"), 'unknown role "x"'),
        (("relocate", "udi"), "where do the images go?"),
        (("relocate", "udi", "--to", "https://x.io"), "without https://"),
        (("relocate", "udi", "--to", TO, "--layout", "x"), 'unknown layout "x"'),
        (("relocate", "udi", "--to", TO, "--tag", "1"), "--tag is for the images that are built"),
        (("relocate", "udi", "--to", TO, "--map", "gone"), "cannot read gone"),
        (("plan", "udi"), "where do the images go?"),
        (("plan", "udi", "--map", "map.yaml"), "where do the images of the registry itself go?"),
        (("check", "udi", "--chart-values", "broken.yaml", "--offline"), "devfileIndex names no image"),
        (("plan", "udi", "--to", TO, "--tool", "buildah"), 'unknown tool "buildah"'),
        (("plan", "--to", TO, "--list", "SOURCE.txt"), "a line is a source, a tab and a target"),
        (("check", "udi", "--chart-values", "gone", "--offline"), "cannot read gone"),
        (("chek",), "did you mean check?"),
    ],
)
def test_bad_input_is_told(run: Run, words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert not out
    assert message in err


def test_a_broken_devfile_is_told_with_its_place(run: Run) -> None:
    Path("udi/devfile.yaml").write_text("schemaVersion: 2.2.0\ncompnents: []\n")
    code, _, err = run("images", "udi")
    assert code == 2
    assert "udi/devfile.yaml:2:1" in err
    assert "did you mean components?" in err


def test_relocate_changes_the_files_and_writes_the_list(run: Run) -> None:
    code, out, _ = run("relocate", "--to", TO, "nodejs-16-latest", "--list", "copies.tsv")
    assert code == 0
    assert out == (
        f"nodejs-16-latest/devfile.yaml:25:14: {GUIDE} -> {TO}/nodejs-16:latest\nchanged 1 image in 1 file\n"
    )
    assert Path("copies.tsv").read_text() == f"{GUIDE}\t{TO}/nodejs-16:latest\n"
    before = (FIXTURES / "nodejs-16-latest/devfile.yaml").read_text()
    assert Path("nodejs-16-latest/devfile.yaml").read_text() == before.replace(GUIDE, f"{TO}/nodejs-16:latest")
    assert run("relocate", "--to", TO, "nodejs-16-latest") == (0, "nothing to change\n", "")
    assert "copies.tsv is not written" in run("relocate", "--to", TO, "nodejs-16-latest", "--list", "copies.tsv")[2]
    assert Path("copies.tsv").read_text()


def test_relocate_moves_all_stacks_at_once_and_leaves_nothing_for_a_second_run(run: Run) -> None:
    assert run("relocate", "--to", TO, ".")[0] == 0
    assert run("relocate", "--to", TO, ".", "--check")[:2] == (0, "nothing to change\n")
    _, out, _ = run("images", ".", "--format", "plain")
    assert all(line.startswith(TO) for line in out.splitlines())


@pytest.mark.parametrize(("flag", "code"), [("--check", 1), ("--diff", 0)])
def test_a_dry_run_writes_nothing(run: Run, flag: str, code: int) -> None:
    before = Path("udi/devfile.yaml").read_bytes()
    found, out, _ = run("relocate", "--to", TO, "udi", flag)
    assert found == code
    assert f"{TO}/universal-developer-image:ubi9-latest" in out
    assert Path("udi/devfile.yaml").read_bytes() == before


def test_a_diff_can_be_applied(run: Run) -> None:
    _, diff, _ = run("relocate", "--to", TO, "java-wildfly-2.0.1", "--diff")
    subprocess.run(["git", "apply", "-p0", "--unsafe-paths"], input=diff, text=True, check=True)
    assert run("relocate", "--to", TO, "java-wildfly-2.0.1", "--check")[0] == 0


def test_relocate_as_json(run: Run) -> None:
    _, out, _ = run("relocate", "--to", TO, "udi", "--check", "--format", "json")
    content = json.loads(out)
    assert content["changes"][0]["line"] == 24
    assert content["copies"] == [
        {
            "source": "quay.io/devfile/universal-developer-image:ubi9-latest",
            "target": f"{TO}/universal-developer-image:ubi9-latest",
        }
    ]


def test_nothing_is_written_if_one_file_is_broken(run: Run) -> None:
    Path("udi/devfile.yaml").write_text("schemaVersion: 2.2.0\ncomponents: [{name: a, container: {image: 'X X'}}]\n")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    code, _, err = run("relocate", "--to", TO, ".")
    assert code == 2
    assert "X X cannot be moved" in err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_a_clash_is_told_and_nothing_is_written(run: Run) -> None:
    text = Path("udi/devfile.yaml").read_text()
    Path("udi/devfile.yaml").write_text(text.replace("quay.io/devfile", "quay.io/other"))
    code, _, err = run("relocate", "--to", TO, "udi", "ollama")
    assert code == 2
    assert "would both become" in err
    assert "udi/devfile.yaml:24:14" in err
    assert "ollama/devfile.yaml:25:12" in err
    assert "--layout path" in err
    assert run("relocate", "--to", TO, "udi", "ollama", "--layout", "path")[0] == 0


def test_a_remote_manifest_is_refused_unless_it_may_stay(run: Run) -> None:
    path = Path("go-2.6.0/devfile.yaml")
    path.write_text(path.read_text().replace("uri: kubernetes/deploy.yaml", "uri: https://x.io/deploy.yaml"))
    code, _, err = run("relocate", "--to", TO, "go-2.6.0")
    assert code == 2
    assert "CK502" in err
    assert "go-2.6.0/devfile.yaml:31:12" in err
    code, _, err = run("relocate", "--to", TO, "go-2.6.0", "--leave-remote")
    assert code == 0
    assert "warning" in err


def test_names_of_builds_by_flags(run: Run) -> None:
    run("relocate", "--to", TO, "go-2.6.0", "--build-registry", "quay.io/me", "--tag", "3")
    assert "imageName: quay.io/me/go-go-image:3\n" in Path("go-2.6.0/devfile.yaml").read_text()
    assert "image: quay.io/me/go-go-image:3\n" in Path("go-2.6.0/kubernetes/deploy.yaml").read_text()


def test_a_mapping_file_sends_images_elsewhere(run: Run) -> None:
    Path("map.yaml").write_text("quay.io/devfile: other.local/tools\n")
    run("relocate", "--map", "map.yaml", "udi", "ollama")
    assert "image: other.local/tools/universal-developer-image:ubi9-latest\n" in Path("udi/devfile.yaml").read_text()
    assert "image: docker.io/ollama/ollama:0.5.4\n" in Path("ollama/devfile.yaml").read_text()


def test_the_plan_has_the_lines_of_the_guide(run: Run) -> None:
    code, out, err = run("plan", "--to", TO, "nodejs-16-latest")
    assert (code, err) == (0, "")
    assert f"podman pull {GUIDE}\npodman tag {GUIDE} {TO}/nodejs-16:latest\npodman push {TO}/nodejs-16:latest\n" in out


def test_the_plan_after_a_move_comes_from_the_list(run: Run) -> None:
    before = run("plan", "--to", TO, "udi")[1]
    run("relocate", "--to", TO, "udi", "--list", "copies.tsv")
    code, out, err = run("plan", "--to", TO, "udi")
    assert code == 0
    assert "--list FILE" in err
    assert run("plan", "--to", TO, "--list", "copies.tsv")[1] == before
    assert run("plan", "--to", TO, "udi", "--list", "copies.tsv")[1] == before


def test_the_plan_in_other_formats(run: Run) -> None:
    values = load(run("plan", "--to", TO, "udi", "--format", "values")[1])
    content = json.loads(run("plan", "--to", TO, "udi", "--format", "json")[1])
    assert content["values"] == values
    assert content["index"] == f"{TO}/devfile-index:latest"
    rows = run("plan", "--to", TO, "udi", "--format", "tsv")[1].splitlines()
    assert [row.partition("\t")[2] for row in rows] == [
        f"{TO}/universal-developer-image:ubi9-latest",
        f"{TO}/registry-viewer:next",
        f"{TO}/oci-registry:next",
    ]


def test_check_finds_what_needs_the_network(run: Run) -> None:
    code, out, _ = run("check", "--offline", "ollama")
    assert code == 1
    assert "ollama/devfile.yaml:19:17: warning CK503: project cde-ollama-continue is cloned from" in out
    assert "ollama/devfile.yaml:6:9: info CK507:" in out
    assert out.endswith("1 devfile, 2 images to pull\n3 warnings, 1 info\n")


def test_check_is_clean_where_nothing_needs_the_network(run: Run) -> None:
    Path("d.yaml").write_text(f"schemaVersion: 2.2.0\ncomponents: [{{name: a, container: {{image: '{TO}/x:1'}}}}]\n")
    assert run("check", "--offline", "--to", TO, "d.yaml") == (0, "1 devfile, 1 image to pull\n", "")


def test_check_heeds_comments_that_ignore(run: Run) -> None:
    Path("d.yaml").write_text("schemaVersion: 2.2.0\nmetadata:\n  icon: https://x.io/i.png # chartkit: ignore CK507\n")
    assert "CK507" not in run("check", "--offline", "d.yaml")[1]


def test_check_without_the_network_in_view_warns_of_moving_images(run: Run) -> None:
    code, out, _ = run("check", "nodejs-16-latest", "--format", "json")
    assert code == 0
    assert [(each["rule"], each["line"]) for each in json.loads(out)["findings"]] == [("CK101", 25)]


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "markdown"])
def test_check_in_every_format(run: Run, form: str) -> None:
    code, out, _ = run("check", "--offline", "udi", "--format", form)
    assert code == 1
    assert "CK507" in out or form == "junit"


def test_a_lock_gives_digests(run: Run) -> None:
    digest = "sha256:" + "b" * 64
    Path("images.lock").write_text(
        "apiVersion: chartkit/v1\nkind: ImagesLock\nchart: {name: c, version: 0.1.0}\nimages:\n"
        f"- {{image: 'quay.io/devfile/universal-developer-image:ubi9-latest', digest: '{digest}'}}\n"
    )
    assert run("relocate", "--to", TO, "udi", "--lock", "images.lock")[0] == 0
    assert f"{TO}/universal-developer-image:ubi9-latest@{digest}\n" in Path("udi/devfile.yaml").read_text()
    code, out, _ = run("plan", "--to", TO, "hermes-1.0.0", "--lock", "images.lock")
    assert code == 0
    assert f"--preserve-digests docker://quay.io/devfile/universal-developer-image@{digest}" in out
