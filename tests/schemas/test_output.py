"""The schemas of what commands print as JSON: real outputs fit them, and they describe every field."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from chartkit.cli.app import main
from chartkit.cli.command import Command, Group
from chartkit.cli.commands import COMMANDS, find_command, load_command

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "chartkit" / "schemas" / "output"
MIXED = "fixtures/orkes/mixed-public-and-private.yaml"
ACR = "fixtures/orkes/acr.yaml"
DEVFILE = "fixtures/devfiles/nodejs-16-latest"
CONTAINER = "fixtures/task_api/example-container.json"
OTSUS = "fixtures/kaapana/otsus-method"
GONE = "127.0.0.1:1/team/app:1"

OUTPUTS = {
    "images": [
        f"images {MIXED} --format json",
        f"images {MIXED} --format json --keys --policy --unrendered --check-commands",
        "images fixtures/orkes/e10-upper-case.yaml --format json",
        f"images {DEVFILE}/devfile.yaml --format json",
    ],
    "explain": [
        f"explain {MIXED} --format json",
        f"explain {MIXED} --image server --part registry --format json",
        "explain fixtures/orkes/e10-upper-case.yaml --format json",
        "explain fixtures/orkes/e07-misspelt-key.yaml --unread --format json",
        f"explain {DEVFILE}/devfile.yaml --format json",
    ],
    "explain-key": [
        f"explain {MIXED} --key global.image.tag --format json",
        f"explain {MIXED} --key server.replicas --format json",
        f"explain {MIXED} --key server.ingress.className --format json",
    ],
    "diff": [
        f"diff {ACR} fixtures/orkes/gcr.yaml --format json",
        "diff fixtures/orkes/different-tags.yaml fixtures/orkes/production.yaml --format json",
        "diff fixtures/orkes/development-registry.yaml fixtures/orkes/production-registry.yaml --format json",
    ],
    "findings": [
        f"verify-images {MIXED} --expect registry.example.com --format json",
        "verify-images --matrix fixtures/orkes/p*.yaml --expect registry.example.com --format json",
        f"lint {ACR} --format json",
        "lint fixtures/orkes/e10-upper-case.yaml --format json",
        f"kaapana check {OTSUS} --format json",
        "task validate fixtures/task_api/task.json --format json",
        f"devfile check --offline {DEVFILE} --format json",
        "drycc check fixtures/drycc/bad-scheme.yaml --format json",
    ],
    "pull-secret-verify": [
        f"pull-secret verify {MIXED} --format json",
        "pull-secret verify fixtures/orkes/docker-hub-credentials.yaml --format json",
    ],
    "pull-secret-list": [
        f"pull-secret list {MIXED} --format json",
        "pull-secret list fixtures/orkes/method-3-several-registries.yaml --format json",
    ],
    "pull-secret-inspect": [
        "pull-secret inspect fixtures/docker/config.json --format json",
        f"pull-secret inspect fixtures/docker/config.json {ACR} --format json",
    ],
    "exists": [f"exists --image {GONE} --image Not/Valid --retries 0 --format json"],
    "lock-check": [f"lock --check {ACR} -o LOCK --json"],
    "relocate": [
        f"relocate {MIXED} --to mirror.local/apps --format json",
        "relocate --chart CHART --to mirror.local/apps --format json",
        "relocate --chart CHART --to mirror.local/apps --with-post-renderer --format json",
    ],
    "mirror": [f"mirror {MIXED} --to mirror.local/apps"],
    "registries": [
        f"registries {MIXED} --format json",
        "registries --host quay.io,public.ecr.aws,gcr.io,harbor.example.com,123.dkr.ecr.us-east-1.amazonaws.com "
        "--format json",
    ],
    "doctor": ["doctor --format json"],
    "kaapana-plan": [f"kaapana plan {OTSUS} --platform-version 0.6.0 --format json"],
    "devfile-images": [f"devfile images {DEVFILE} fixtures/devfiles/go-2.6.0 --format json"],
    "devfile-relocate": [f"devfile relocate {DEVFILE} --to mirror.local/apps --check --format json"],
    "devfile-plan": [f"devfile plan {DEVFILE} --to mirror.local/apps --format json"],
    "drycc-plan": [
        f"drycc plan fixtures/drycc/{name}.yaml --format json"
        for name in ("acr", "ecr", "gcr", "on-cluster", "today-off-cluster", "today-on-cluster")
    ],
    "task-show": [
        f"task show {CONTAINER} --format json",
        f"task show fixtures/task_api/task.json --processing-container {CONTAINER} --format json",
    ],
    "task-plan": ["task plan DAG --processing-container CONTAINER --format json"],
    "task-status": ["task status RUN --format json"],
    "report": [
        f"report {MIXED} --format json --compare {ACR}",
        "report fixtures/orkes/docker-hub-credentials.yaml --format json --expect registry.example.com",
    ],
}
DAG = """
with DAG("d") as dag:
    a = KaapanaTaskOperator(task_id="a", image="r.example.com/a:1", taskTemplate="example")
    b = KaapanaTaskOperator(task_id="b", image="r.example.com/b:1", taskTemplate="example",
        env=[{"name": "A", "value": "1"}],
        iochannel_maps=[IOMapping(upstream_operator=a, upstream_output_channel="results", input_channel="channel1")])
    a >> b
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: busybox:1}]}\n"
STATE = {"Status": "exited", "Running": False, "ExitCode": 137, "OOMKilled": True}
ENGINE = f"#!/bin/sh\necho '{json.dumps(STATE)}'\n"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """What the words in capitals stand for."""
    chart = tmp_path / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (chart / "templates" / "pod.yaml").write_text(POD)
    (tmp_path / "dag.py").write_text(DAG)
    (tmp_path / "processing-container.json").write_text((ROOT / CONTAINER).read_text())
    run = {"id": "0123456789abcdef", "engine": "docker", "name": "t", "image": "r.example.com/a:1", "version": 1}
    (tmp_path / "task_run-0.json").write_text(json.dumps(run))
    (tmp_path / "bin").mkdir()
    engine = tmp_path / "bin" / "docker"
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    copy = tmp_path / "repository" / "kaapana" / "workflows" / "otsus-method"
    shutil.copytree(ROOT / OTSUS, copy)
    shutil.copytree(ROOT / "charts" / "dag-installer-chart", tmp_path / "repository" / "charts" / "dag-installer-chart")
    monkeypatch.chdir(ROOT)
    return {
        "LOCK": str(tmp_path / "images.lock"),
        "CHART": str(chart),
        "DAG": str(tmp_path / "dag.py"),
        "CONTAINER": str(tmp_path / "processing-container.json"),
        "RUN": str(tmp_path / "task_run-0.json"),
        OTSUS: str(copy),
    }


def _strict(schema):
    """The schema with no room for fields that it does not describe."""
    if isinstance(schema, dict):
        closed = {key: _strict(value) for key, value in schema.items()}
        if "properties" in schema and "additionalProperties" not in schema:
            closed["additionalProperties"] = False
        return closed
    return [_strict(item) for item in schema] if isinstance(schema, list) else schema


def _schema(name):
    return json.loads((SCHEMAS / f"{name}-1.schema.json").read_text(encoding="utf-8"))


def _cases():
    for name, lines in OUTPUTS.items():
        for number, line in enumerate(lines):
            yield pytest.param(name, line, id=f"{name}-{number}")


@pytest.mark.parametrize(("name", "line"), list(_cases()))
def test_real_output_fits_its_schema(name, line, places, capfd):
    if name == "lock-check":
        assert main(["lock", "fixtures/orkes/gcr.yaml", "--offline", "-o", places["LOCK"]]) == 0
        capfd.readouterr()
    assert main([places.get(word, word) for word in line.split()]) in (0, 1, 3)
    printed = json.loads(capfd.readouterr().out)
    faults = [
        f"{fault.json_path}: {fault.message}"
        for fault in Draft202012Validator(_strict(_schema(name))).iter_errors(printed)
    ]
    assert faults == []


def test_every_schema_is_one_and_is_tried():
    names = {path.name.removesuffix("-1.schema.json") for path in SCHEMAS.glob("*.json")}
    assert names == set(OUTPUTS)
    for name in names:
        schema = _schema(name)
        Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"urn:chartkit:output:{name}:1"


def _commands():
    for name in COMMANDS:
        found = load_command(name)
        members = [find_command([name, word])[0] for word in found.commands] if isinstance(found, Group) else [found]
        yield from (each for each in members if isinstance(each, Command))


def _prints_json(command):
    return any(flag.name == "json" and flag.kind == "switch" for flag in command.flags) or any(
        flag.name == "format" and "json" in flag.help.lower() for flag in command.flags
    )


def test_every_command_that_prints_json_has_a_schema():
    titles = " ".join(_schema(name)["title"] for name in OUTPUTS)
    missing = [each.name for each in _commands() if _prints_json(each) and each.name not in titles]
    assert missing == []
