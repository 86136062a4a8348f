"""Passwords that are planted wherever one can be, and looked for in everything that comes out."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from chartkit.checks.masking import masked, passwords_in
from chartkit.cli.app import main
from chartkit.cli.pull_secret.shield import shielded
from chartkit.errors import InputError
from chartkit.source import Position, Source

CANARY = "c4n4ry-p4ss"
ENCODED = b64encode(f"u:{CANARY}".encode()).decode()
HIDDEN = re.compile(r"c4n4ry|" + re.escape(ENCODED.rstrip("=")[2:]))

Run = Callable[..., tuple[int, str]]

CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/values.yaml": "credentials: {password: ''}\n",
    "c/values.schema.json": """\
{"properties": {"credentials": {"properties": {"password": {"pattern": "^[a-z0-9-]*$"}}}}}
""",
    "c/templates/s.yaml": """\
{{- $password := .Values.credentials.password }}
{{- if hasPrefix "fail" $password }}{{ fail (printf "bad password %s" $password) }}{{ end }}
apiVersion: v1
kind: Secret
metadata: {name: s}
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: '{"auths": {"r.io": {"username": "u", "password": "{{ $password }}"}}}'
""",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a chart that prints its password when it fails."""
    for name, text in CHART.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the folder; gives its exit code, and all that it said on both streams."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    def command(*words: str) -> tuple[int, str]:
        code = main(["pull-secret", *words])
        out, err = capfd.readouterr()
        return code, err + out

    return command


def environment(folder: Path) -> dict[str, str]:
    """What a program of its own needs to run from a folder."""
    here = {"HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[3])}
    return {**os.environ, **here}


FAULTY = {
    "not-json": f'{{"auths": {{"r.io": {{"password": "{CANARY}"x"}}}}}}',
    "number": '{"auths": {"r.io": {"password": 40404040}}}',
    "bad-auth": f'{{"auths": {{"r.io": {{"auth": "{CANARY}"}}}}}}',
    "mismatch": f'{{"auths": {{"r.io": {{"auth": "{ENCODED}", "password": "other", "username": "x"}}}}}}',
    "token": f'{{"auths": {{"r.io": {{"identitytoken": "{CANARY}"}}}}}}',
    "no-user": f'{{"auths": {{"r.io": {{"password": "{CANARY}"}}}}}}',
    "list": f'["{CANARY}"]',
    "anchor": f"kind: Secret\nstringData:\n  .dockerconfigjson: *{CANARY}\n",
    "open-quote": f'kind: Secret\nstringData:\n  .dockerconfigjson: "{CANARY}\n',
    "plain": f"kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: {CANARY}\n",
    "inside": f"kind: Secret\ntype: Opaque\nstringData:\n  .dockerconfigjson: '{{{CANARY}}}'\n",
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize(
    "words",
    [
        ("inspect", "config.json"),
        ("inspect", "config.json", "--format=json"),
        ("render", "--from-docker-config=config.json"),
    ],
    ids=("text", "json", "render"),
)
def test_no_fault_of_a_file_shows_a_password(run: Run, folder: Path, name: str, words: tuple[str, ...]) -> None:
    (folder / "config.json").write_text(FAULTY[name])
    code, said = run(*words)
    assert code in (1, 2)
    assert not HIDDEN.search(said)
    assert "40404040" not in said
    assert not list(folder.glob("chartkit-*.log"))


@pytest.mark.parametrize(
    "values",
    [
        f"credentials: {{password: *{CANARY}}}\n",
        f'credentials: {{password: "{CANARY}\n',
        f"credentials:\n  password: {CANARY}: x\n",
        f"credentials: {{password: {CANARY}-WITH-CAPITALS}}\n",
        f"credentials: {{password: fail-{CANARY}}}\n",
        f"credentials: {{password: 'a-{CANARY}\"'}}\n",
        f"credentials: [{CANARY}]\n",
        f"credentials: {CANARY}\n",
    ],
)
def test_no_failure_of_a_chart_shows_a_password(run: Run, folder: Path, values: str) -> None:
    (folder / "v.yaml").write_text(values)
    code, said = run("render", "c", "v.yaml")
    assert code == 2
    assert said.startswith("Error: ")
    assert not HIDDEN.search(said)


@pytest.mark.parametrize("flag", ["--set=credentials.password=fail-{}", "--set=credentials.password=x,{}", "--set={}"])
def test_no_failure_of_a_flag_shows_a_password(run: Run, flag: str) -> None:
    code, said = run("render", "c", flag.format(CANARY))
    assert code == 2
    assert not HIDDEN.search(said)


def test_a_password_is_in_no_list_of_processes_and_no_file(folder: Path) -> None:
    """The helper writes down what it can see of itself and of the program that runs it."""
    script = folder / "docker-credential-spy"
    script.write_text(
        "#!/bin/sh\n"
        f'tr "\\0" " " < /proc/$PPID/cmdline > {folder}/seen\n'
        f'echo "$0 $@" >> {folder}/seen\n'
        f'echo \'{{"ServerURL":"r.io","Username":"u","Secret":"{CANARY}"}}\'\n'
    )
    script.chmod(0o755)
    (folder / "config.json").write_text('{"credHelpers": {"r.io": "spy"}}')
    command = [sys.executable, "-m", "chartkit", "pull-secret", "render", "--from-docker-config=config.json"]
    here = {**environment(folder), "P": CANARY, "PATH": f"{folder}:/usr/bin:/bin"}
    done = subprocess.run(
        [*command, "--username=u", "--password-env=P"],
        cwd=folder, env=here, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "docker-credential-spy get" in (folder / "seen").read_text()
    script.unlink()
    # What is written is the Secret on standard output, and nothing else.
    assert not HIDDEN.search(done.stderr)
    assert not [path for path in folder.rglob("*") if path.is_file() and CANARY in path.read_text()]


def screen(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """The exit code, and what a person sees at a terminal."""
    above, below = pty.openpty()
    here = {**environment(folder), "P": CANARY}
    command = [sys.executable, "-m", "chartkit", "pull-secret", "render", *words]
    with subprocess.Popen(
        command, stdin=below, stdout=below, stderr=below, cwd=folder, env=here, start_new_session=True
    ) as process:
        os.close(below)
        seen = b""
        while b"Password" not in seen and typed:
            seen += os.read(above, 4096)
        os.write(above, typed.encode())
        try:
            while chunk := os.read(above, 4096):
                seen += chunk
        except OSError:
            pass  # Linux says so when the other end is closed.
        os.close(above)
        return process.wait(timeout=60), seen.decode()


def test_on_a_screen_the_password_is_masked(folder: Path) -> None:
    code, seen = screen(folder, "-u", "u", "--password-env=P")
    assert code == 0
    assert '"password":"********"' in seen
    assert "passwords are masked on a screen" in seen
    assert not HIDDEN.search(seen)


def test_on_a_screen_it_is_shown_on_request(folder: Path) -> None:
    _, seen = screen(folder, "-u", "u", "--password-env=P", "--string-data", "--show-secrets")
    assert f'"password":"{CANARY}"' in seen


def test_a_password_that_is_typed_in_is_not_shown(folder: Path) -> None:
    target = folder / "s.yaml"
    code, seen = screen(folder, "-u", "u", "--string-data", "-o", str(target), typed=f"{CANARY}\n")
    assert code == 0
    assert "Password for u at https://index.docker.io/v1/: " in seen
    assert not HIDDEN.search(seen)
    assert f'"password":"{CANARY}"' in target.read_text()


def test_a_password_on_standard_input_is_not_shown_when_that_is_a_terminal(folder: Path) -> None:
    target = folder / "s.yaml"
    code, seen = screen(folder, "-u", "u", "--password-stdin", "--string-data", "-o", str(target), typed=f"{CANARY}\n")
    assert code == 0
    assert not HIDDEN.search(seen)
    assert f'"password":"{CANARY}"' in target.read_text()


def test_an_empty_answer_is_no_password(folder: Path) -> None:
    code, seen = screen(folder, "-u", "u", typed="\n")
    assert code == 2
    assert "no password was given" in seen


def test_passwords_are_found_in_values_by_their_keys() -> None:
    database = {"password": "a", "existingSecret": "b", "port": 5}
    values = {"db": database, "tokens": {"apiToken": 7.0}, "list": [{"token": "c"}]}
    assert set(passwords_in(values)) == {"a", "7.0", "7", "c"}


@pytest.mark.parametrize(
    ("text", "known", "shown"),
    [
        ("bad c4n4ry-p4ss!", {CANARY}, "bad ********!"),
        ("a bad apple, a", {"a"}, "******** bad apple, ********"),
        ("longest first: abcdef abc.", {"abc", "abcdef"}, "longest first: ******** ********."),
        ("a.b c", {"a.b"}, "******** c"),
    ],
)
def test_passwords_are_masked_in_texts(text: str, known: set[str], shown: str) -> None:
    assert masked(text, known) == shown


def test_a_failure_loses_its_source_line_and_its_cause() -> None:
    position = Position(Source("v.yaml", f"password: {CANARY}"), 3)
    failure = InputError(f"what is {CANARY}?", position=position, hint=f"not {CANARY}")
    failure.__context__ = ValueError(CANARY)
    with pytest.raises(InputError) as caught, shielded({CANARY}):
        raise failure
    error = caught.value
    assert (str(error), error.hint) == ("what is ********?", "not ********")
    assert error.__suppress_context__
    assert error.position is not None
    assert error.position.source.is_secret
