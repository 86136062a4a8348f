from __future__ import annotations

from base64 import b64decode
from json import loads
from pathlib import Path
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.goyaml.load import load
from chartkit.images.pull_secret import manifest_text
from chartkit.systems.task_api.docker import exit_code, run_command
from chartkit.systems.task_api.kubernetes import pod, pod_name, registry_secret
from chartkit.systems.task_api.merge import Channel, Instance, Setting
from chartkit.systems.task_api.models import Config, Resources, Variable

BASE = Path("/base")


def _instance(**more: Any) -> Instance:
    known: dict[str, Any] = {
        "name": "My Task",
        "image": "r.io/x:1",
        "template": "t",
        "env": (Setting(Variable("A", "1 2"), "task"), Setting(Variable("B", ""), "template")),
        "inputs": (Channel("In_1", "/in", "./data"),),
        "outputs": (Channel("out", "/out", "/abs/out"),),
        "command": ("run", "x y"),
        "resources": Resources(),
        "config": Config(),
    }
    return Instance(**{**known, **more})


def test_the_command_line_of_an_engine() -> None:
    config = Config("docker", {"a": "b", "c": ""})
    command = run_command(_instance(config=config), "podman", Resources({"memory": "1Ki"}), BASE)
    assert command == (
        *("podman", "run", "-d", "--memory", "1024", "--label", "a=b", "--label", "c="),
        *("-e", "A=1 2", "-e", "B=", "-v", "/base/data:/in:ro", "-v", "/abs/out:/out:rw"),
        *("r.io/x:1", "run", "x y"),
    )


def test_without_a_command_the_image_decides() -> None:
    assert run_command(_instance(command=None), "docker", Resources(), BASE)[-1] == "r.io/x:1"


@pytest.mark.parametrize(("memory", "is_limited"), [("9", False), ("10", True), ("500m", False)])
def test_a_limit_of_a_few_bytes_is_none(memory: str, is_limited: bool) -> None:
    command = run_command(_instance(), "docker", Resources({"memory": memory}), BASE)
    assert ("--memory" in command) is is_limited


def test_an_output_that_is_an_input_already_is_passed_over() -> None:
    instance = _instance(outputs=(Channel("out", "/out", "data"), Channel("more", "/more", "x")))
    mounts = [word for word in run_command(instance, "docker", Resources(), BASE) if word.startswith("/base")]
    assert mounts == ["/base/data:/in:ro", "/base/x:/more:rw"]


@pytest.mark.parametrize(("host", "mounted"), [("a:b", "/in"), ("a", "/i:n"), ("a", "in")])
def test_a_path_that_cannot_be_mounted_is_refused(host: str, mounted: str) -> None:
    with pytest.raises(InputError, match="channel c: .* cannot be mounted"):
        run_command(_instance(inputs=(Channel("c", mounted, host),)), "docker", Resources(), BASE)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"Status": "running", "ExitCode": 0}, None),
        ({"Status": "created"}, None),
        ({"Status": "exited", "ExitCode": 0, "OOMKilled": False}, 0),
        ({"Status": "exited", "ExitCode": 3, "OOMKilled": False}, 3),
        ({"Status": "exited", "ExitCode": 1, "OOMKilled": True}, 137),
        ({"Status": "dead", "ExitCode": 2}, 2),
        ({}, None),
    ],
)
def test_the_exit_code_of_a_container(state: dict[str, Any], code: int | None) -> None:
    assert exit_code(state) == code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("My Task", "my-task"),
        ("example-task", "example-task"),
        ("--a_b.c--", "a-b.c"),
        ("a" * 80, "a" * 62),
        ("a" * 61 + "-" + "b", "a" * 61),
        ("Ä1", "1"),
    ],
)
def test_the_name_of_a_pod(name: str, expected: str) -> None:
    assert pod_name(name) == expected


def test_a_name_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(InputError, match="no pod can be named"):
        pod_name("___")


def test_the_pod_of_a_task() -> None:
    config = Config("k8s", {"l": "1"}, {"an": "2"}, "jobs", ("https://r.io", "u", "p"), ("registry-secret",))
    found = pod(_instance(config=config), Resources({"memory": "1Gi"}), BASE)
    assert found == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "my-task", "namespace": "jobs", "labels": {"l": "1"}, "annotations": {"an": "2"}},
        "spec": {
            "restartPolicy": "Never",
            "imagePullSecrets": [{"name": "my-task-secret"}, {"name": "registry-secret"}],
            "containers": [
                {
                    "name": "main",
                    "image": "r.io/x:1",
                    "command": ["run", "x y"],
                    "env": [{"name": "A", "value": "1 2"}, {"name": "B", "value": ""}],
                    "resources": {"limits": {"memory": "1Gi"}},
                    "volumeMounts": [
                        {"name": "vol-in-1", "mountPath": "/in", "readOnly": True},
                        {"name": "vol-out", "mountPath": "/out"},
                    ],
                }
            ],
            "volumes": [
                {"name": "vol-in-1", "hostPath": {"path": "/base/data"}},
                {"name": "vol-out", "hostPath": {"path": "/abs/out"}},
            ],
        },
    }


def test_a_plain_pod_has_nothing_empty() -> None:
    found = pod(_instance(env=(), inputs=(), outputs=(), command=None), Resources(), BASE)
    assert found["spec"] == {"restartPolicy": "Never", "containers": [{"name": "main", "image": "r.io/x:1"}]}
    assert found["metadata"] == {"name": "my-task"}


def test_what_the_config_adds_comes_last() -> None:
    extra = {
        "env_vars": ({"name": "Z", "value": "9"},),
        "volumes": ({"name": "v", "emptyDir": {}},),
        "volume_mounts": ({"name": "v", "mountPath": "/v"},),
    }
    spec = pod(_instance(config=Config("k8s", extra=extra)), Resources(), BASE)["spec"]
    assert spec["containers"][0]["env"][-1] == {"name": "Z", "value": "9"}
    assert spec["containers"][0]["volumeMounts"][-1]["name"] == "v"
    assert spec["volumes"][-1] == {"name": "v", "emptyDir": {}}


def test_a_path_of_the_container_is_mounted_once() -> None:
    spec = pod(_instance(outputs=(Channel("out", "/in", "o"),)), Resources(), BASE)["spec"]
    assert [each["name"] for each in spec["volumes"]] == ["vol-in-1"]


def test_channels_that_would_be_one_volume_are_refused() -> None:
    with pytest.raises(InputError, match="two channels would be the volume vol-a-b"):
        pod(_instance(inputs=(Channel("a b", "/1", "x"), Channel("a_b", "/2", "y"))), Resources(), BASE)


def test_the_secret_of_a_registry() -> None:
    config = Config("k8s", namespace="jobs", registry=("https://registry.example.com", "robot", 'p"w'))
    secret = registry_secret(_instance(config=config))
    assert secret is not None
    manifest = load(manifest_text(secret))
    assert (manifest["metadata"]["name"], manifest["metadata"]["namespace"]) == ("my-task-secret", "jobs")
    assert manifest["type"] == "kubernetes.io/dockerconfigjson"
    entry = loads(b64decode(manifest["data"][".dockerconfigjson"]))["auths"]["https://registry.example.com"]
    assert b64decode(entry.pop("auth")) == b'robot:p"w'
    assert entry == {"username": "robot", "password": 'p"w'}


@pytest.mark.parametrize("registry", [("", "", ""), ("u", "", ""), ("u", "n", ""), ("", "n", "p"), ("u", "", "p")])
def test_without_all_three_there_is_no_secret(registry: tuple[str, str, str]) -> None:
    instance = _instance(config=Config("k8s", registry=registry))
    assert registry_secret(instance) is None
    assert "imagePullSecrets" not in pod(instance, Resources(), BASE)["spec"]
