from __future__ import annotations

from typing import Any

from chartkit.goyaml.load import load
from chartkit.images.pull_pod import PullPod, apply_commands, manifest_text, run_command
from chartkit.reference import ImageReference


def pod_of(**fields: Any) -> PullPod:
    return PullPod(**{"name": "t", "image": ImageReference.parse("r.io/a:1"), "secret": "regcred", **fields})


def test_the_pod_pulls_always_with_the_secret_and_ends() -> None:
    document = load(manifest_text(pod_of()))
    spec = document["spec"]
    assert spec["imagePullSecrets"] == [{"name": "regcred"}]
    assert spec["restartPolicy"] == "Never"
    [container] = spec["containers"]
    assert (container["image"], container["imagePullPolicy"]) == ("r.io/a:1", "Always")
    assert container["command"] == ["true"]
    assert spec["activeDeadlineSeconds"] > 0
    assert document["metadata"] == {"name": "t"}


def test_the_pod_keeps_the_restricted_standard_of_kubernetes() -> None:
    spec = load(manifest_text(pod_of()))["spec"]
    [container] = spec["containers"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_a_command_and_a_namespace_are_taken_over() -> None:
    document = load(manifest_text(pod_of(namespace="prod", command=("/app", "--version"))))
    assert document["metadata"] == {"name": "t", "namespace": "prod"}
    assert document["spec"]["containers"][0]["command"] == ["/app", "--version"]


def test_the_commands_are_those_that_kubectl_takes() -> None:
    pod = pod_of(namespace="prod")
    assert apply_commands(pod, "pod.yaml")[0] == "kubectl apply -f pod.yaml"
    assert all("--namespace=prod" in command for command in apply_commands(pod, "pod.yaml")[1:])
    assert run_command(pod).startswith("kubectl run t --image=r.io/a:1 ")
    assert '"imagePullSecrets":[{"name":"regcred"}]' in run_command(pod)
