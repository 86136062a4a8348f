from __future__ import annotations

import sys
from pathlib import Path

import pytest

from chartkit.adapters.process import ProcessRunner, filter_text, find_program
from chartkit.errors import InputError
from chartkit.oci.helper import Answer


def test_filter_text_passes_bytes_through() -> None:
    script = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().replace(b'a', b'b'))"
    assert filter_text([sys.executable, "-c", script], "a\udcffé") == "b\udcffé"


def test_filter_text_of_a_program_that_fails() -> None:
    with pytest.raises(InputError) as raised:
        filter_text([sys.executable, "-c", "import sys; sys.exit('oh no')"], "a")
    assert str(raised.value) == f"error while running command {sys.executable}. error output:\noh no\n: exit status 1"


def test_find_program_by_name_and_by_path() -> None:
    assert find_program(sys.executable) == sys.executable
    assert find_program("sh").endswith("/sh")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-such-program", "executable file not found in $PATH"),
        ("./nope", "stat ./nope: no such file or directory"),
        ("./plain", "permission denied"),
    ],
)
def test_find_program_of_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").write_text("")
    with pytest.raises(InputError) as raised:
        find_program(name)
    assert str(raised.value) == f'exec: "{name}": {reason}'


def test_the_runner_gives_all_that_a_program_says() -> None:
    script = "import sys; print(sys.stdin.read(), end=''); print('oh', file=sys.stderr, end=''); sys.exit(3)"
    assert ProcessRunner().run([sys.executable, "-c", script], "é\udcff") == Answer(3, "é\udcff", "oh")


def test_the_runner_does_not_wait_for_ever_and_does_not_tell_what_was_said() -> None:
    script = "import time; print('c4n4ry', flush=True); time.sleep(60)"
    with pytest.raises(InputError, match=r"did not end within 0\.5 seconds") as raised:
        ProcessRunner(patience=0.5).run([sys.executable, "-c", script], "")
    assert "c4n4ry" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_the_runner_tells_of_a_program_that_is_missing_or_cannot_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="executable file not found"):
        ProcessRunner().run(["chartkit-no-such-program"], "")
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    with pytest.raises(InputError, match="cannot run"):
        ProcessRunner().run([str(script)], "")
