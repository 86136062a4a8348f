from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.cli.app import main
from chartkit.goyaml.load import load


def test_the_pod_is_printed_and_the_commands_stand_beside_it(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["--image=quay.io/team/app:1", "--secret=regcred", "-n", "prod", "--name=t", "--command=/app"]
    assert main(["pull-secret", "test-pod", *words]) == 0
    out, err = capfd.readouterr()
    document = load(out)
    assert document["metadata"] == {"name": "t", "namespace": "prod"}
    assert document["spec"]["containers"][0]["command"] == ["/app"]
    assert "  kubectl apply -f -\n" in err
    assert "  kubectl run t --image=quay.io/team/app:1 --restart=Never" in err
    assert "kubectl create pod" not in err


def test_the_pod_is_written_into_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "pod.yaml"
    assert main(["pull-secret", "test-pod", "--image=nginx", "--secret=s", "-o", str(target)]) == 0
    out, err = capfd.readouterr()
    assert (out, load(target.read_text())["kind"]) == ("", "Pod")
    assert f"kubectl apply -f {target}" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "say which image to pull"),
        (("--image=nginx",), "say which Secret to prove"),
        (("--image=NGINX", "--secret=s"), "--image NGINX: "),
        (("--image=nginx", "--secret=A_b"), '"A_b" cannot be the name of an object'),
        (("--image=nginx", "--secret=s", "-n", "a.b"), '"a.b" cannot be the name of a namespace'),
        (("--image=nginx", "--secret=s", "nginx"), "test-pod takes flags only, not nginx"),
    ],
)
def test_bad_input_is_named(words: tuple[str, ...], message: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["pull-secret", "test-pod", *words]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert message in err
