from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartkit.cli.app import main
from chartkit.goyaml.load import load_all

Run = Callable[..., tuple[int, str, str]]

FIXTURES = Path(__file__).parents[3] / "fixtures/task_api"

_ENGINE = """\
#!{python} -S
import json, os, sys
folder = {folder!r}
words = sys.argv
words[0] = os.path.basename(words[0])
with open(folder + "/calls", "a") as calls:
    calls.write(json.dumps(words) + "\\n")
answer = folder + "/answer-" + words[1]
if os.path.exists(answer + ".code"):
    sys.stderr.write("the engine says no\\n")
    sys.exit(int(open(answer + ".code").read()))
if os.path.exists(answer):
    sys.stdout.buffer.write(open(answer, "rb").read())
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `chartkit task` beside copies of the fixtures, without any engine; gives exit code and both outputs."""
    shutil.copytree(FIXTURES, tmp_path / "work")
    for name in ("input1", "input2"):
        (tmp_path / "work/data" / name).mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    def run_task(*words: str) -> tuple[int, str, str]:
        code = main(["task", *words])
        out, err = capfd.readouterr()
        return code, out, err

    return run_task


class Engine:
    """A program that writes down how it is called, and answers what it is told to."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        path = folder / "bin" / name
        path.write_text(_ENGINE.format(python=sys.executable, folder=str(folder)))
        path.chmod(0o755)

    def answers(self, command: str, content: str | bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode()
        (self.folder / f"answer-{command}").write_bytes(data)

    def fails(self, command: str, code: int) -> None:
        (self.folder / f"answer-{command}.code").write_text(str(code))

    @property
    def calls(self) -> list[list[str]]:
        path = self.folder / "calls"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def engine(tmp_path: Path, run: Run) -> Engine:
    """A recording `docker` that starts the container `abc...`, which has ended well."""
    found = Engine(tmp_path, "docker")
    found.answers("run", "abcdef0123456789\n")
    found.answers("inspect", json.dumps({"Status": "exited", "ExitCode": 0, "OOMKilled": False}))
    return found


WITH = ("--processing-container", "example-container.json")


# -- validate --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("processing-container.json", "--schema", "pc"), 0, "valid as a ProcessingContainer of the dialect seed"),
        (("processing-container.json",), 0, "valid as a ProcessingContainer of the dialect seed"),
        (("task.json", "--schema", "task"), 0, "valid as a Task of the dialect seed"),
        (("task.json",), 0, "valid as a Task"),
        (("task.json", "--api", "0.6"), 1, "3 errors, 3 warnings"),
        (("task.json", "--schema", "pc"), 1, "templates is missing in the file"),
        (("processing-container.json", "--api", "0.6"), 0, "2 warnings"),
    ],
)
def test_validate(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    found, out, err = run("validate", *words)
    assert (found, err) == (code, "")
    assert said in out


def test_validate_names_the_place(run: Run) -> None:
    _, out, _ = run("validate", "task.json", "--api", "0.6", "--format", "json")
    found = json.loads(out)["findings"]
    assert [(each["rule"], each["line"], each["column"]) for each in found if each["severity"] == "error"] == [
        ("CK406", 6, 5),
        ("CK406", 7, 5),
        ("CK406", 10, 5),
    ]


def test_validate_as_sarif_knows_the_rules(run: Run) -> None:
    _, out, _ = run("validate", "task.json", "--api", "0.6", "--format", "sarif")
    rules = json.loads(out)["runs"][0]["tool"]["driver"]["rules"]
    assert "CK406" in {rule["id"] for rule in rules}


def test_validate_holds_a_task_against_its_template(run: Run) -> None:
    assert run("validate", "task.json", *WITH)[0] == 0
    task = json.loads(Path("task.json").read_text())
    task["inputs"][1]["name"] = "chanel2"
    Path("task.json").write_text(json.dumps(task))
    code, out, _ = run("validate", "task.json", *WITH, "--format", "json")
    assert code == 0
    assert [(each["rule"], each["message"]) for each in json.loads(out)["findings"]] == [
        ("CK402", "channel channel2 has no volume among the inputs, and is not mounted"),
        ("CK403", "volume chanel2 is none of the template's inputs, and is not mounted"),
    ]
    code, out, _ = run("validate", "task.json", "--processing-container", "processing-container.json")
    assert code == 1
    assert "error CK406: wait-and-write has no template example" in out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot read x.json: no such file or directory"),
        ("{", "x.json is no JSON"),
        ('{"a": "{{ env.NOWHERE }}"}', "has no attribute 'NOWHERE'"),
        ('{"a": "{% if %}"}', "is no template"),
        (
            '{"inputs": [{"input": {}}, {"volume_source": {}}], "taskTemplate": "x"}',
            "x.json mixes two dialects: input is of seed",
        ),
    ],
)
def test_bad_input_has_an_error_of_its_own(run: Run, text: str | None, message: str) -> None:
    if text is not None:
        Path("x.json").write_text(text)
    code, out, err = run("validate", "x.json")
    assert (code, out) == (2, "")
    assert message in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("validate",), "name one processing-container.json or task.json"),
        (("validate", "a", "b"), "name one"),
        (("validate", "task.json", "--api", "2"), 'unknown api "2"'),
        (("validate", "task.json", "--schema", "x"), 'unknown schema "x"'),
        (("validate", "task.json", "--custom", "x"), "NAME=VALUE is wanted"),
        (("run", "task.json", "--mode", "x"), 'unknown mode "x"'),
        (("run", "task.json", "--headroom", "0.5", *WITH), "a factor from 1 on"),
        (("run", "task.json", "--headroom", "x", *WITH), "a factor from 1 on"),
        (("run", "task.json", "--mode", "k8s", "--watch", *WITH), "--watch needs --mode docker"),
        (("run", "task.json", "--dry-run"), "the template example is in /processing-container.json"),
        (("run", "task.json", "--dry-run", "--processing-container", "processing-container.json"), "has no template"),
        (("run", "task.json", "--dry-run", "--env", "MODE=slow", *WITH), "MODE must be fast or exact, and is slow"),
        (("run", "task.json", "--engine", "runc", *WITH), 'unknown engine "runc"'),
        (("plan",), "name a DAG file"),
        (("plan", "task.json"), "is not Python|no KaapanaTaskOperator"),
        (("plan", "gone.py"), "gone.py"),
        (("logs",), "name one task_run-ID.json"),
        (("logs", "task.json"), "is no file of a task's run"),
        (("status", "gone.json"), "cannot read gone.json"),
        (("status", "task_run-1.pkl"), "is a pickle"),
        (("show", "gone.json"), "cannot read gone.json"),
        (("shwo",), "did you mean show?"),
    ],
)
def test_usage_that_makes_no_sense_is_told(run: Run, words: tuple[str, ...], message: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert any(each in err for each in message.split("|"))


# -- show --------------------------------------------------------------------------


def test_show_a_container(run: Run) -> None:
    code, out, _ = run("show", "processing-container.json")
    assert code == 0
    assert out == (
        "wait-and-write: Waits, and writes two files.\n\ntemplate default: Needs no input.\n"
        "  out  channel1    /home/channel1\n  out  channel2    /home/channel2\n"
        "  env  TIME_SLEEP  5               int; How many seconds it waits.\n"
        '  command  ["python3", "-u", "start.py"]\n'
    )


def test_show_what_a_task_comes_to(run: Run, tmp_path: Path) -> None:
    Path("data/input1/a.bin").write_bytes(b"x" * (30 * 1024 * 1024))
    Path("data/input1/b.txt").write_bytes(b"x" * 100)
    code, out, err = run("show", "task.json", *WITH)
    assert (code, err) == (0, "")
    assert out == (
        "example-task: template example of kaapana/example:latest\n"
        f"  in   channel1  /data/one      {tmp_path}/work/data/input1\n"
        f"  in   channel2  /data/two      {tmp_path}/work/data/input2\n"
        f"  out  results   /data/results  {tmp_path}/work/data/output\n"
        "  env  MODE      fast           from the template\n"
        "  env  DUMMY     5              from the task\n"
        '  command  ["add", "--all files"]\n'
        "  limits  memory=60Mi\n  limits  cpu=500m\n"
        "  scaling  channel1: 2*n of 31457280 bytes (sum) is 62914560 bytes of memory (limit)\n"
    )


def test_a_request_goes_before_the_task(run: Run) -> None:
    conf = {"conf": {"task_form": {"example-task": {"DUMMY": "8", "MORE": "9"}}}}
    Path("conf.json").write_text(json.dumps(conf))
    _, out, err = run("show", "task.json", *WITH, "--conf", "conf.json", "--env", "MORE=10", "--format", "json")
    assert [(each["name"], each["value"], each["from"]) for each in json.loads(out)["env"]] == [
        ("MODE", "fast", "template"),
        ("DUMMY", "8", "request"),
        ("MORE", "10", "request"),
    ]
    assert "would set none of them" in err


def test_a_request_may_lay_fields_over_the_task(run: Run) -> None:
    form = {"other": {"env": [{"name": "DUMMY", "value": "8"}], "image": "r.io/x:2", "odd": 1}}
    Path("conf.json").write_text(json.dumps({"task_form": form}))
    words = ("show", "task.json", *WITH, "--conf", "conf.json", "--task-id", "other", "--format", "json")
    _, out, err = run(*words)
    assert json.loads(out)["image"] == "r.io/x:2"
    assert "odd in task_form.other is no field of a task" in err


def test_channels_without_a_partner_are_told(run: Run) -> None:
    task = json.loads(Path("task.json").read_text())
    task["inputs"][1]["name"] = "chanel2"
    Path("task.json").write_text(json.dumps(task))
    code, _, err = run("show", "task.json", *WITH)
    assert code == 0
    assert err == (
        "task.json: warning CK402: channel2 has no volume in the task, and is not mounted\n"
        "task.json: warning CK403: chanel2 is no channel of the template, and is not mounted\n"
    )


def test_task_and_container_of_two_dialects_are_refused(run: Run) -> None:
    task = json.loads(Path("task.json").read_text())
    for each in (*task["inputs"], *task["outputs"]):
        each["volume_source"] = each.pop("input")
    Path("task.json").write_text(json.dumps(task))
    code, _, err = run("show", "task.json", *WITH)
    assert code == 2
    assert "task.json is of the dialect 0.6, example-container.json of seed" in err


# -- run --------------------------------------------------------------------------


def _command(folder: Path, engine: str = "docker") -> list[str]:
    return [
        *(engine, "run", "-d", "--memory", "52428800", "-e", "MODE=fast", "-e", "DUMMY=5"),
        *("-v", f"{folder}/work/data/input1:/data/one:ro", "-v", f"{folder}/work/data/input2:/data/two:ro"),
        *("-v", f"{folder}/work/data/output:/data/results:rw", "kaapana/example:latest", "add", "--all files"),
    ]


def test_a_dry_run_prints_the_command_and_needs_no_engine(run: Run, tmp_path: Path) -> None:
    from shlex import split

    code, out, err = run("run", "task.json", "--dry-run", *WITH)
    assert (code, err) == (0, "")
    assert split(out) == _command(tmp_path)
    assert split(run("run", "task.json", "--dry-run", "--engine", "podman", *WITH)[1])[0] == "podman"
    assert not Path("data/output").exists()


def test_without_an_engine_the_error_is_clear(run: Run) -> None:
    code, out, err = run("run", "task.json", *WITH)
    assert (code, out) == (2, "")
    assert "no container engine is installed: docker and podman are not in PATH" in err
    assert "--dry-run" in err
    assert "podman is not installed" in run("run", "task.json", "--engine", "podman", *WITH)[2]


def test_a_run_calls_the_engine_as_the_dry_run_says(run: Run, engine: Engine, tmp_path: Path) -> None:
    code, out, err = run("run", "task.json", *WITH)
    assert (code, out, err) == (0, "task_run-abcdef012345.json\n", "")
    assert engine.calls == [_command(tmp_path)]
    assert Path("data/output").is_dir()
    assert json.loads(Path("task_run-abcdef012345.json").read_text()) == {
        "id": "abcdef0123456789",
        "engine": "docker",
        "name": "example-task",
        "image": "kaapana/example:latest",
        "version": 1,
    }


def test_an_input_that_does_not_exist_is_told(run: Run, engine: Engine) -> None:
    shutil.rmtree("data/input2")
    code, _, err = run("run", "task.json", *WITH)
    assert (code, err) == (0, "warning: channel channel2: ./data/input2 does not exist\n")


def test_podman_is_taken_where_there_is_no_docker(run: Run, tmp_path: Path) -> None:
    found = Engine(tmp_path, "podman")
    found.answers("run", "0123\n")
    assert run("run", "task.json", *WITH)[0] == 0
    assert found.calls == [_command(tmp_path, "podman")]


@pytest.mark.parametrize(("output", "path"), [("out.json", "out.json"), ("runs", "runs/task_run-abcdef012345.json")])
def test_the_file_of_a_run_goes_where_it_is_wanted(run: Run, engine: Engine, output: str, path: str) -> None:
    Path("runs").mkdir()
    assert run("run", "task.json", *WITH, "--output", output)[1] == f"{path}\n"
    assert Path(path).is_file()


def test_an_engine_that_fails_leaves_no_file(run: Run, engine: Engine) -> None:
    engine.fails("run", 125)
    code, _, err = run("run", "task.json", *WITH)
    assert code == 2
    assert "docker run failed with exit code 125: the engine says no" in err
    assert not list(Path().glob("task_run-*"))


def _archive(text: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("processing-container.json")
        member.size = len(text.encode())
        archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def test_the_template_comes_out_of_the_image(run: Run, engine: Engine, tmp_path: Path) -> None:
    engine.answers("create", "made1\n")
    engine.answers("cp", _archive(Path("example-container.json").read_text()))
    assert run("run", "task.json")[0] == 0
    assert engine.calls == [
        ["docker", "create", "kaapana/example:latest", "true"],
        ["docker", "cp", "made1:/processing-container.json", "-"],
        ["docker", "rm", "made1"],
        _command(tmp_path),
    ]


def test_an_image_without_the_file_is_told_and_its_container_removed(run: Run, engine: Engine) -> None:
    engine.answers("create", "made1\n")
    engine.fails("cp", 1)
    code, _, err = run("run", "task.json")
    assert code == 2
    assert "kaapana/example:latest has no /processing-container.json that can be read" in err
    assert engine.calls[-1] == ["docker", "rm", "made1"]


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_an_archive_that_is_none_is_told(run: Run, engine: Engine, content: bytes) -> None:
    engine.answers("create", "made1\n")
    engine.answers("cp", content)
    code, _, err = run("show", "r.io/x:1")
    assert code == 2
    assert "/processing-container.json of r.io/x:1" in err


def test_show_the_container_of_an_image(run: Run, engine: Engine) -> None:
    engine.answers("create", "made1\n")
    engine.answers("cp", _archive(Path("example-container.json").read_text()))
    code, out, _ = run("show", "r.io/x:1")
    assert code == 0
    assert out.startswith("example: Adds up what lies in two channels.\n")


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ({"Status": "exited", "ExitCode": 0}, 0, "ended with exit code 0"),
        ({"Status": "exited", "ExitCode": 3}, 1, "ended with exit code 3"),
        ({"Status": "exited", "ExitCode": 1, "OOMKilled": True}, 1, "ended with exit code 137"),
    ],
)
def test_watching_follows_the_logs_to_the_end(
    run: Run, engine: Engine, state: dict[str, Any], code: int, said: str
) -> None:
    engine.answers("logs", "a line\n")
    engine.answers("inspect", json.dumps(state))
    found, out, err = run("run", "task.json", *WITH, "--watch")
    assert (found, out) == (code, "task_run-abcdef012345.json\na line\n")
    assert said in err
    assert engine.calls[1] == ["docker", "logs", "-f", "abcdef0123456789"]


def test_monitoring_memory_of_a_task_that_has_ended(run: Run, engine: Engine) -> None:
    engine.answers("logs", "a line\n")
    code, out, err = run("run", "task.json", *WITH, "--monitor-memory", "--watch")
    assert code == 0
    assert out.endswith("a line\n")
    assert "ended before it was measured" in err


def test_monitoring_memory_tells_the_most(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(tmp_path, "docker")
    engine.answers("run", "abcdef0123456789\n")
    # Four samples, after which the container has ended.
    path = tmp_path / "bin/docker"
    path.write_text(
        path.read_text()
        + "count = sum(json.loads(line)[1] == 'stats' for line in open(folder + '/calls'))\n"
        + "if words[1] == 'stats': print(['', '1.5MiB / 1GiB', '12MiB / 1GiB', '900KiB / 1GiB', '--'][count])\n"
        + "if words[1] == 'inspect': print(json.dumps({'Status': 'running' if count < 4 else 'exited'}))\n"
    )
    monkeypatch.setattr("chartkit.cli.task.run._PAUSE", 0)
    code, _, err = run("run", "task.json", *WITH, "--monitor-memory")
    assert code == 0
    assert "example-task used 12MiB of memory at most" in err
    assert ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", "abcdef0123456789"] in engine.calls


# -- logs and status --------------------------------------------------------------------------


@pytest.fixture
def started(run: Run, engine: Engine) -> str:
    """The file of a run."""
    run("run", "task.json", *WITH)
    return "task_run-abcdef012345.json"


@pytest.mark.parametrize(("flags", "words"), [((), ()), (("--watch",), ("-f",))])
def test_logs(run: Run, engine: Engine, started: str, flags: tuple[str, ...], words: tuple[str, ...]) -> None:
    engine.answers("logs", "one\ntwo\n")
    assert run("logs", started, *flags) == (0, "one\ntwo\n", "")
    assert engine.calls[-1] == ["docker", "logs", *words, "abcdef0123456789"]


def test_logs_of_a_container_that_is_gone(run: Run, engine: Engine, started: str) -> None:
    engine.fails("logs", 1)
    code, _, err = run("logs", started)
    assert code == 2
    assert "docker logs failed with exit code 1" in err


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ({"Status": "running"}, 0, "example-task: running\n"),
        ({"Status": "exited", "ExitCode": 0}, 0, "example-task: ended with exit code 0\n"),
        ({"Status": "exited", "ExitCode": 2}, 1, "example-task: ended with exit code 2\n"),
        (
            {"Status": "exited", "ExitCode": 137, "OOMKilled": True},
            1,
            "example-task: ended with exit code 137 (out of memory)\n",
        ),
    ],
)
def test_status(run: Run, engine: Engine, started: str, state: dict[str, Any], code: int, said: str) -> None:
    engine.answers("inspect", json.dumps(state))
    assert run("status", started) == (code, said, "")
    assert engine.calls[-1] == ["docker", "inspect", "--format", "{{json .State}}", "abcdef0123456789"]
    content = json.loads(run("status", started, "--format", "json")[1])
    assert content["running"] is (state["Status"] == "running")
    assert content["outOfMemory"] is bool(state.get("OOMKilled"))


@pytest.mark.parametrize("answer", ["", "no json", "[]"])
def test_a_state_that_is_none_is_told(run: Run, engine: Engine, started: str, answer: str) -> None:
    engine.answers("inspect", answer)
    code, _, err = run("status", started)
    assert code == 2
    assert "docker inspect" in err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "--privileged"}, "names no container"),
        ({"engine": "sh"}, "names no container"),
        ({"id": 3}, "id must be a text"),
        ({"version": 2}, "is no file of a task's run"),
    ],
)
def test_a_file_that_was_tampered_with_runs_nothing(
    run: Run, engine: Engine, started: str, change: dict[str, Any], message: str
) -> None:
    content = json.loads(Path(started).read_text())
    Path(started).write_text(json.dumps({**content, **change}))
    calls = len(engine.calls)
    code, _, err = run("logs", started)
    assert code == 2
    assert message in err
    assert len(engine.calls) == calls


# -- Kubernetes --------------------------------------------------------------------------


def _with_config(config: dict[str, Any]) -> None:
    task = json.loads(Path("task.json").read_text())
    Path("task.json").write_text(json.dumps({**task, "config": config}))


def test_a_pod_is_rendered_with_the_secret_of_its_registry(run: Run) -> None:
    _with_config(
        {
            "type": "k8s",
            "namespace": "jobs",
            "registryUrl": "https://registry.example.com",
            "registryUsername": "robot",
            "registryPassword": "secret",
            "imagePullSecrets": ["registry-secret"],
        }
    )
    code, out, err = run("run", "task.json", "--mode", "k8s", *WITH)
    assert (code, err) == (0, "")
    secret, pod = load_all(out)
    assert (secret["kind"], secret["metadata"]["name"]) == ("Secret", "example-task-secret")
    assert pod["spec"]["imagePullSecrets"] == [{"name": "example-task-secret"}, {"name": "registry-secret"}]
    assert pod["spec"]["containers"][0]["resources"]["limits"] == {"memory": "50Mi", "cpu": "500m"}


def test_a_partial_registry_is_told_and_makes_no_secret(run: Run) -> None:
    _with_config({"registryUrl": "https://registry.example.com"})
    code, out, err = run("run", "task.json", "--mode", "k8s", *WITH)
    assert code == 0
    assert "CK405" in err
    assert [each["kind"] for each in load_all(out)] == ["Pod"]


def test_headroom_is_that_of_the_platform(run: Run) -> None:
    _, out, _ = run("run", "task.json", "--mode", "k8s", "--headroom", "1.1", *WITH)
    assert load_all(out)[0]["spec"]["containers"][0]["resources"]["limits"]["memory"] == "55Mi"


def test_manifests_go_into_a_file(run: Run) -> None:
    assert run("run", "task.json", "--mode", "k8s", "--output", "pod.yaml", *WITH) == (0, "", "")
    assert Path("pod.yaml").read_text() == run("run", "task.json", "--mode", "k8s", *WITH)[1]


# -- plan --------------------------------------------------------------------------


def test_the_plan_of_a_dag_and_its_faults(run: Run) -> None:
    code, out, _ = run("plan", "pipeline.py", "--define", "DEFAULT_REGISTRY=r.io/k")
    assert code == 1
    assert "get-data: template download-from-url of r.io/k/my-get-data:{KAAPANA_BUILD_VERSION}\n" in out
    assert "pipeline.py:18:13: error CK404: task1 is no task that is defined in this file\n" in out
    assert out.endswith("3 tasks\n2 errors\n")


def _mend(text: str) -> str:
    return text.replace("task1", "fetch").replace("task2", "work").replace('"results"', '"outputs"')


def test_a_plan_that_is_right_shows_the_way_of_the_data(run: Run) -> None:
    Path("pipeline.py").write_text(_mend(Path("pipeline.py").read_text()))
    for name, identifier, inputs, outputs in (
        ("my-get-data", "download-from-url", [], ["downloads"]),
        ("my-processing", "my-algorithm", ["inputs"], ["outputs"]),
        ("my-upload", "send-to-minio", ["inputs"], []),
    ):
        template = {
            "identifier": identifier,
            "description": "",
            "inputs": [{"name": each, "mounted_path": f"/{each}"} for each in inputs],
            "outputs": [{"name": each, "mounted_path": f"/{each}"} for each in outputs],
            "env": [{"name": "X", "value": "1"}],
        }
        Path(f"{name}.json").write_text(json.dumps({"name": name, "description": "", "templates": [template]}))
    names = [f"--processing-container={name}={name}.json" for name in ("my-get-data", "my-processing", "my-upload")]
    Path("conf.json").write_text(json.dumps({"conf": {"task_form": {"upload-data": {"X": "2"}}}}))
    code, out, _ = run("plan", "pipeline.py", *names, "--conf", "conf.json", "--format", "json")
    assert code == 0
    content = json.loads(out)
    assert content["findings"] == []
    assert [(each["task_id"], each["after"], each["inputs"]) for each in content["tasks"]] == [
        ("get-data", [], []),
        (
            "process-data",
            ["get-data"],
            [{"name": "inputs", "mounted_path": "/inputs", "path": "{WORKFLOW_DIR}/{RUN_ID}/get-data/downloads"}],
        ),
        (
            "upload-data",
            ["process-data"],
            [{"name": "inputs", "mounted_path": "/inputs", "path": "{WORKFLOW_DIR}/{RUN_ID}/process-data/outputs"}],
        ),
    ]
    assert content["tasks"][2]["env"] == [{"name": "X", "value": "2", "from": "request"}]
    assert run("plan", "pipeline.py", *names)[0] == 0


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "markdown"])
def test_a_plan_in_the_formats_of_checks(run: Run, form: str) -> None:
    code, out, _ = run("plan", "pipeline.py", "--format", form)
    assert code == 1
    assert "CK404" in out


def test_a_template_in_a_file_is_filled_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Path("task.json").read_text().replace("kaapana/example:latest", "{{ env.REG }}/x:{{ custom.tag }}")
    Path("task.json").write_text(text)
    monkeypatch.setitem(os.environ, "REG", "r.io")
    _, out, _ = run("run", "task.json", "--dry-run", "--custom", "tag=7", *WITH)
    assert " r.io/x:7 " in out
