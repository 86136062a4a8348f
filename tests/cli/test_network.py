from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chartkit.cli.flags import UsageError, Words
from chartkit.cli.network import NETWORK, open_client, read_attempts, read_jobs, read_keychain, read_platforms
from chartkit.errors import InputError

_COLD = """
import sys
from chartkit.cli.commands import load_command
for name in sys.argv[1:]:
    load_command(name)
print(*sorted({"urllib3", "http.client", "ssl", "socket", "asyncio", "chartkit.adapters.registry"} & set(sys.modules)))
"""


def test_numbers_have_their_defaults():
    assert (read_jobs(Words()), read_attempts(Words()), read_platforms(Words())) == (4, 4, ())


def test_no_repetition_is_one_attempt():
    assert read_attempts(Words({"retries": "0"})) == 1


@pytest.mark.parametrize(("flag", "read"), [("jobs", read_jobs), ("retries", read_attempts)])
def test_number_that_makes_no_sense_is_refused(flag, read):
    with pytest.raises(UsageError, match=f"--{flag} must be at least"):
        read(Words({flag: "-1"}))


def test_platforms_are_each_once():
    assert [str(each) for each in read_platforms(Words({"platform": ["arm64", "linux/aarch64"]}))] == ["linux/arm64"]


@pytest.mark.parametrize("named", ["", "/config.json"], ids=["folder", "file"])
def test_logins_come_from_the_place_that_is_named(named, tmp_path):
    (tmp_path / "config.json").write_text('{"auths": {"r.example": {"username": "u", "password": "p"}}}')
    found = read_keychain(Words({"docker-config": f"{tmp_path}{named}"})).credential("r.example")
    assert found is not None
    assert (found.username, found.password) == ("u", "p")


def test_logins_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        open_client(Words({"docker-config": str(tmp_path / "none.json")}))


def test_flags_have_help_and_no_two_have_one_name():
    assert all(flag.help for flag in NETWORK)
    assert len({flag.name for flag in NETWORK}) == len(NETWORK)


@pytest.mark.parametrize("commands", [["render", "template", "images"], ["exists", "mirror"]], ids=" ".join)
def test_commands_are_known_without_the_network(commands):
    done = subprocess.run(
        [sys.executable, "-c", _COLD, *commands],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "\n"), done.stderr
