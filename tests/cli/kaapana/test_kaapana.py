"""`chartkit kaapana` as one uses it: outputs, exit codes, and files that change as a whole or not at all."""

from __future__ import annotations

import io
import json
import shutil
import stat
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chartkit.cli.app import main

Run = Callable[..., tuple[int, str, str]]

URL = "reg.example.com/team"
FILES = "extension/docker/files"
SHARED_WORDS = ("--url", URL, "--username", "robot")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit kaapana`; gives the exit code and both outputs."""

    def kaapana(*words: str | Path) -> tuple[int, str, str]:
        code = main(["kaapana", *map(str, words)])
        out, err = capfd.readouterr()
        return code, out, err

    return kaapana


@pytest.fixture
def folder(extension: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, as the working directory's only folder."""
    monkeypatch.chdir(extension.parent)
    return Path(extension.name)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_check_prints_findings_with_places_and_fails(run: Run, folder: Path) -> None:
    code, out, _ = run("check", folder)
    assert code == 1
    assert f"{folder}/{FILES}/OtsusMethodOperator.py:20:21: error CK311: " in out
    assert out.endswith("1 workflow chart, 2 operator images\n2 errors, 2 warnings, 1 info\n")


def test_check_passes_when_the_registry_is_everywhere(run: Run, folder: Path) -> None:
    run("rewrite-operators", folder, "--registry", URL)
    code, out, _ = run("check", folder, "--new-registry", URL)
    assert (code, out.splitlines()[-1]) == (0, "4 warnings, 1 info")
    assert run("check", folder, "--fail-on", "warning")[0] == 1


def test_check_goes_on_where_the_chart_does_not_render(run: Run, folder: Path) -> None:
    values = folder / "extension" / "otsus-method-workflow" / "values.yaml"
    values.write_text(values.read_text().replace(f'"{URL}"', "5000"))
    code, out, _ = run("check", folder)
    assert code == 2
    assert "error CK005: " in out
    assert f"{values}:5:24: warning CK314: global.custom_registry_url is no text" in out


def test_check_names_the_flag_whose_url_is_wrong(run: Run, folder: Path) -> None:
    code, out, _ = run("check", folder, "--new-registry", f"https://{URL}")
    assert code == 1
    assert f"--new-registry https://{URL}: error CK302: the URL of New Registry has a scheme: https://{URL}" in out


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "markdown"])
def test_check_prints_every_format(run: Run, folder: Path, form: str) -> None:
    code, out, _ = run("check", folder, "--format", form)
    assert code == 1
    assert "CK311" in out


def test_check_leaves_out_what_a_comment_or_the_configuration_silences(run: Run, folder: Path) -> None:
    operator = folder / FILES / "OtsusMethodOperator.py"
    text = operator.read_text()
    operator.write_text(text.replace('N}",\n', 'N}",  # chartkit: ignore CK311\n'))
    (folder / "chartkit.yaml").write_text("rules:\n  CK304: {level: off}\n")
    _, out, _ = run("check", folder, "--format", "json")
    found = [(finding["rule"], Path(finding["file"]).name) for finding in json.loads(out)["findings"]]
    assert found == [("CK311", "OtsusNotebookOperator.py"), ("CK305", "requirements.yaml")]


def test_rewrite_writes_both_operators_and_a_second_run_nothing(run: Run, folder: Path) -> None:
    before = contents(folder)
    code, out, err = run("rewrite-operators", folder, "--registry", URL)
    assert code == 0
    assert out.splitlines() == [
        f"{folder}/{FILES}/OtsusMethodOperator.py:20:21: {URL}/otsus-method:{{KAAPANA_BUILD_VERSION}}",
        f"{folder}/{FILES}/OtsusNotebookOperator.py:14:21: {URL}/otsus-method:{{KAAPANA_BUILD_VERSION}}",
    ]
    assert f"{folder}/{FILES}/OtsusMethodOperator.py:8:5: nothing uses this import afterwards" in err
    after = contents(folder)
    operators = {name for name in before if name.endswith("Operator.py")}
    assert {name for name in before if before[name] != after[name]} == operators
    for name in operators:
        assert after[name] == before[name].replace(b'f"{DEFAULT_REGISTRY}', f'f"{URL}'.encode())
    assert run("rewrite-operators", folder, "--registry", URL) == (0, "", "")
    assert contents(folder) == after


def test_rewrite_check_lists_what_is_still_the_platforms_and_writes_nothing(run: Run, folder: Path) -> None:
    before = contents(folder)
    code, out, _ = run("rewrite-operators", folder, "--registry", URL, "--check")
    assert code == 1
    assert out.count("{DEFAULT_REGISTRY}/otsus-method:{KAAPANA_BUILD_VERSION}") == 2
    assert contents(folder) == before
    run("rewrite-operators", folder, "--registry", URL)
    assert run("rewrite-operators", folder, "--registry", URL, "--check") == (0, "", "")


def test_rewrite_check_fails_for_what_it_cannot_rewrite(run: Run, folder: Path) -> None:
    (folder / FILES / "dag_otsus_method.py").write_text('f(image=DEFAULT_REGISTRY + "/x:1")\n')
    run("rewrite-operators", folder, "--registry", URL)
    code, out, err = run("rewrite-operators", folder, "--registry", URL, "--check")
    assert (code, out) == (1, "")
    assert "dag_otsus_method.py:1:9: left alone: {DEFAULT_REGISTRY}/x:1 (not an f-string" in err


@pytest.mark.skipif(shutil.which("patch") is None, reason="the program patch is not installed")
def test_rewrite_diff_is_a_patch_that_does_the_same(run: Run, folder: Path) -> None:
    code, diff, _ = run("rewrite-operators", folder, "--registry", URL, "--diff")
    assert code == 0
    copy = Path("copy")
    shutil.copytree(folder, copy / folder)
    run("rewrite-operators", folder, "--registry", URL)
    subprocess.run(["patch", "-p1", "-s"], input=diff.encode(), cwd=copy, check=True)
    assert contents(copy / folder) == {f"copy/{name}": data for name, data in contents(folder).items()}


def test_rewrite_writes_nothing_when_one_file_is_malformed(run: Run, folder: Path) -> None:
    (folder / FILES / "zzz.py").write_text("class A(:\n")
    before = contents(folder)
    code, out, err = run("rewrite-operators", folder, "--registry", URL)
    assert (code, out) == (2, "")
    assert f"{folder}/{FILES}/zzz.py:1:9" in err
    assert contents(folder) == before


def test_rewrite_keeps_permissions(run: Run, folder: Path) -> None:
    operator = folder / FILES / "OtsusMethodOperator.py"
    operator.chmod(0o750)
    run("rewrite-operators", folder, "--registry", URL)
    assert stat.S_IMODE(operator.stat().st_mode) == 0o750


def test_plan_is_a_script_with_the_names_filled_in(run: Run, folder: Path) -> None:
    code, out, err = run("plan", folder, "--platform-version", "0.6.0")
    assert (code, err) == (0, "")
    assert (
        out
        == f"""\
# Build and push the processing containers
(cd {folder}/processing-containers/otsus-method && docker build -t {URL}/otsus-method:0.6.0 .)
docker push {URL}/otsus-method:0.6.0

# Put the registry into the operators, then build and push the DAG installer
chartkit kaapana rewrite-operators {folder} --registry {URL}
(cd {folder}/extension/docker && docker build -t {URL}/dag-otsus-method:0.0.0 .)
docker push {URL}/dag-otsus-method:0.0.0

# Deploy the registry
# launch New Registry in Kaapana with the URL {URL}: it makes the pull secret registry-secret-cb67

# Package and upload the chart
(cd {folder}/extension/otsus-method-workflow && helm dep up)
(cd {folder}/extension/otsus-method-workflow && helm package .)
# upload {folder}/extension/otsus-method-workflow/otsus-method-workflow-0.0.0.tgz in the Extensions View
"""
    )


def test_plan_says_that_the_version_is_open(run: Run, folder: Path) -> None:
    code, out, err = run("plan", folder, "--format", "json")
    assert code == 0
    assert "--platform-version" in err
    steps = json.loads(out)["steps"]
    assert steps[0]["command"] == ["docker", "build", "-t", f"{URL}/otsus-method:<platform-version>", "."]
    assert [step["chartkit"][0] for step in steps if step["chartkit"]] == ["dependency", "package"]


def test_plan_run_makes_the_package_to_upload(run: Run, folder: Path) -> None:
    chart = folder / "extension" / "otsus-method-workflow"
    code, _, err = run("plan", folder, "--platform-version", "0.6.0", "--run")
    assert code == 0, err
    assert f"left to you: docker push {URL}/otsus-method:0.6.0" in err
    assert (chart / "charts" / "dag-installer-chart-0.0.0.tgz").is_file()
    assert main(["images", "--format", "plain", str(chart / "otsus-method-workflow-0.0.0.tgz")]) == 0


def test_plan_run_refuses_to_pack_another_registry(run: Run, folder: Path) -> None:
    before = contents(folder)
    code, _, err = run("plan", folder, "--registry", "localhost:32000", "--run")
    assert code == 2
    assert "has the registry reg.example.com/team, not localhost:32000" in err
    assert contents(folder) == before


def test_registry_secret_prints_its_name(run: Run) -> None:
    assert run("registry-secret", "--url", URL, "--name-only") == (0, "registry-secret-cb67\n", "")


@pytest.mark.parametrize("way", ["--password-stdin", "--password-file", "--password-env"])
def test_registry_secret_takes_the_password_in_three_ways(
    run: Run, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text("pass:word\n")
    monkeypatch.setenv("REGISTRY_PASSWORD", "pass:word")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"pass:word\n")))
    value = {"--password-file": [tmp_path / "password"], "--password-env": ["REGISTRY_PASSWORD"]}.get(way, [])
    code, out, _ = run("registry-secret", *SHARED_WORDS, way, *value, "-n", "my-services")
    assert code == 0
    secret = yaml.safe_load(out)
    assert secret["metadata"] == {"name": "registry-secret-cb67", "namespace": "my-services"}
    config = json.loads(b64decode(secret["data"][".dockerconfigjson"]))
    assert b64decode(config["auths"][f"https://{URL}"]["auth"]) == b"robot:pass:word"


def test_registry_secret_goes_to_a_file_that_only_the_owner_reads(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_PASSWORD", "hidden-word")
    file = tmp_path / "secret.yaml"
    code, out, err = run("registry-secret", *SHARED_WORDS, "--password-env", "REGISTRY_PASSWORD", "-o", file)
    assert (code, out) == (0, "")
    assert "hidden-word" not in err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert yaml.safe_load(file.read_text())["metadata"]["name"] == "registry-secret-cb67"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check"], "one folder is wanted, and none is named"),
        (["check", "a", "b"], "one folder is wanted, not 2: a b"),
        (["check", "nowhere"], "nowhere: no such folder"),
        (["check", "otsus-method", "--format", "html"], 'unknown format "html"'),
        (["rewrite-operators", "otsus-method"], "--registry is needed"),
        (["rewrite-operators", "nowhere", "--registry", URL], "nowhere: no such file or folder"),
        (["rewrite-operators", "otsus-method", "--registry", f"https://{URL}"], "has a scheme"),
        (["plan", "otsus-method/processing-containers"], "holds no chart that depends on dag-installer-chart"),
        (["registry-secret"], "the registry '' is empty"),
        (["registry-secret", "--url", URL], "--username is needed"),
        (["registry-secret", "--url", "https://u:pa55@x", "--name-only"], "the registry is none"),
        (["registry-secret", "--url", URL, "--password", "pa55"], "unknown flag: --password"),
        (["registry-secret", *SHARED_WORDS, "--password-env", "NO_SUCH"], "NO_SUCH"),
        (["registry-secret", *SHARED_WORDS, "--password-file", "nowhere"], "cannot read the file"),
        (["registry-secret", "extra"], "takes flags only"),
        (["packages"], 'unknown command "packages"'),
    ],
)
@pytest.mark.usefixtures("folder")
def test_bad_words_are_refused_with_what_to_do(run: Run, words: list[str], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert "pa55" not in err
