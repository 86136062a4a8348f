from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from chartkit.errors import InputError
from chartkit.oci.credential import Credential
from chartkit.oci.credentials import (
    HUB_SERVER,
    ChainedKeychain,
    DockerKeychain,
    find_configs,
    host_of,
    load_keychain,
    read_config_file,
    server_of,
)
from chartkit.oci.docker_config import read_docker_config
from chartkit.oci.helper import Answer
from chartkit.source import Source


class Store:
    """Plays all helpers: each has the credentials of some servers."""

    def __init__(self, **helpers: Mapping[str, tuple[str, str]]) -> None:
        self.helpers = helpers
        self.asked: list[tuple[str, str]] = []

    def run(self, command: Sequence[str], text: str) -> Answer:
        name, action = command[0].removeprefix("docker-credential-"), command[1]
        self.asked.append((name, text))
        known = self.helpers[name]
        if action == "list":
            return Answer(0, json.dumps({server: user for server, (user, _) in known.items()}))
        if text not in known:
            return Answer(1, "credentials not found in native keychain\n")
        user, secret = known[text]
        return Answer(0, json.dumps({"ServerURL": text, "Username": user, "Secret": secret}))


def keychain(content: Any, store: Store | None = None) -> DockerKeychain:
    return DockerKeychain(read_docker_config(Source("config.json", json.dumps(content))), store or Store())


def login(user: str) -> dict[str, str]:
    return {"username": user, "password": "p"}


@pytest.mark.parametrize(
    ("servers", "registry", "repository", "user"),
    [
        (["r.io"], "r.io", "a/b", "r.io"),
        (["https://r.io"], "r.io", "a/b", "https://r.io"),
        (["http://r.io/"], "r.io", "a/b", "http://r.io/"),
        (["https://r.io/v1/"], "r.io", "a/b", "https://r.io/v1/"),
        (["https://r.io/v2/"], "r.io", "a/b", "https://r.io/v2/"),
        (["r.io:5000"], "r.io:5000", "a", "r.io:5000"),
        (["r.io:5000"], "r.io", "a", None),
        (["r.io"], "r.io:5000", "a", None),
        (["other.io"], "r.io", "a", None),
        ([HUB_SERVER], "docker.io", "library/nginx", HUB_SERVER),
        (["docker.io"], "docker.io", "library/nginx", "docker.io"),
        (["index.docker.io"], "docker.io", "x/y", "index.docker.io"),
        (["docker.io", HUB_SERVER], "docker.io", "", HUB_SERVER),
        (["quay.io", "quay.io/team"], "quay.io", "team/app", "quay.io/team"),
        (["quay.io/team", "quay.io"], "quay.io", "team2/app", "quay.io"),
        (["quay.io/team/app", "quay.io/team"], "quay.io", "team/app", "quay.io/team/app"),
        (["quay.io/team"], "quay.io", "other/app", "quay.io/team"),
    ],
)
def test_a_server_is_found_as_docker_and_podman_do(
    servers: list[str], registry: str, repository: str, user: str | None
) -> None:
    found = keychain({"auths": {server: login(server) for server in servers}}).credential(registry, repository)
    assert (found.username if found else None) == user


def test_a_helper_of_the_server_goes_before_the_store_and_the_file() -> None:
    store = Store(one={"r.io": ("one", "1")}, all={"r.io": ("all", "2"), "s.io": ("all", "3")})
    keys = keychain({"auths": {"r.io": login("file")}, "credHelpers": {"r.io": "one"}, "credsStore": "all"}, store)
    assert keys.credential("r.io") == Credential("one", "1")
    assert keys.credential("s.io") == Credential("all", "3")
    assert store.asked == [("one", "r.io"), ("all", "s.io")]


def test_a_helper_is_asked_once_for_a_server() -> None:
    store = Store(all={"r.io": ("u", "p")})
    keys = keychain({"credsStore": "all"}, store)
    assert keys.credential("r.io", "a") == keys.credential("r.io", "b")
    assert keys.credential("none.io") is keys.credential("none.io")
    assert store.asked == [("all", "r.io"), ("all", "none.io")]


def test_the_hub_has_its_old_name_in_helpers() -> None:
    store = Store(all={HUB_SERVER: ("u", "p")}, one={"docker.io": ("v", "q")})
    assert keychain({"credsStore": "all"}, store).credential("docker.io") == Credential("u", "p")
    assert keychain({"credHelpers": {"docker.io": "one"}}, store).credential("docker.io") == Credential("v", "q")


def test_what_a_helper_does_not_have_may_stand_in_the_file_with_its_address() -> None:
    store = Store(all={"r.io": ("u", "p")})
    content = {"auths": {"r.io": {"email": "e"}, "s.io": login("file")}, "credsStore": "all"}
    assert keychain(content, store).credential("r.io") == Credential("u", "p", email="e")
    assert keychain(content, store).credential("s.io") == Credential("file", "p")


def test_an_empty_entry_is_no_credential() -> None:
    assert keychain({"auths": {"r.io": {}}}).credential("r.io") is None


def test_a_faulty_entry_is_told_when_it_is_needed() -> None:
    keys = keychain({"auths": {"r.io": {"auth": "%"}, "s.io": login("u")}})
    assert keys.credential("s.io") == Credential("u", "p")
    with pytest.raises(InputError, match=r"auth of r\.io") as caught:
        keys.credential("r.io")
    assert caught.value.position is not None


def test_a_failing_helper_is_told_with_the_file_that_names_it() -> None:
    class Failing:
        def run(self, command: Sequence[str], text: str) -> Answer:
            return Answer(1, "the store is locked")

    keys = DockerKeychain(read_docker_config(Source("c.json", '{"credsStore": "x"}')), Failing())
    with pytest.raises(InputError, match="the store is locked") as caught:
        keys.credential("r.io")
    assert caught.value.hint == "c.json names this helper for r.io"


def test_all_servers_are_listed_with_those_that_only_helpers_know() -> None:
    store = Store(all={"s.io": ("u", "p")})
    keys = keychain({"auths": {"r.io": {}}, "credHelpers": {"h.io": "one"}, "credsStore": "all"}, store)
    assert keys.servers() == ("r.io", "h.io", "s.io")
    assert (keys.names("h.io"), keys.names("s.io")) == (True, False)


def test_the_first_keychain_that_has_a_credential_counts() -> None:
    chain = ChainedKeychain((keychain({"auths": {"a.io": login("1")}}), keychain({"auths": {"b.io": login("2")}})))
    found = [chain.credential(registry) for registry in ("a.io", "b.io", "c.io")]
    assert [each.username if each else None for each in found] == ["1", "2", None]


@pytest.mark.parametrize(
    ("server", "host", "name"),
    [
        (HUB_SERVER, "docker.io", HUB_SERVER),
        ("index.docker.io", "docker.io", HUB_SERVER),
        ("https://r.io:5000/v2/", "r.io:5000", "https://r.io:5000/v2/"),
        ("r.io/team", "r.io", "r.io/team"),
    ],
)
def test_servers_and_hosts(server: str, host: str, name: str) -> None:
    assert (host_of(server), server_of(server)) == (host, name)


def config(folder: Path, name: str, user: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps({"auths": {"r.io": login(user)}}))
    return str(folder / name)


def names(environment: Mapping[str, str]) -> list[str]:
    return [source.name for source in find_configs(environment)]


def test_the_files_of_docker_and_podman_are_found_in_order(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    assert names(home) == []
    expected = [
        config(tmp_path / ".docker", "config.json", "a"),
        config(tmp_path / "run" / "containers", "auth.json", "b"),
        config(tmp_path / ".config" / "containers", "auth.json", "c"),
        config(tmp_path, ".dockercfg", "d"),
    ]
    assert names(home) == expected
    assert names({**home, "DOCKER_CONFIG": str(tmp_path / "run")}) == []
    assert names({**home, "DOCKER_CONFIG": str(tmp_path / ".docker")}) == expected[:1]
    assert names({**home, "REGISTRY_AUTH_FILE": expected[1]}) == expected[1:2]
    inline = {**home, "DOCKER_AUTH_CONFIG": "{}"}
    assert names(inline) == ["$DOCKER_AUTH_CONFIG", *expected]


def test_the_keychain_of_the_machine_takes_the_first_file_that_knows(tmp_path: Path) -> None:
    config(tmp_path / ".docker", "config.json", "a")
    (tmp_path / ".dockercfg").write_text(json.dumps({"s.io": login("old")}))
    found = load_keychain(Store(), {"HOME": str(tmp_path)})
    users = [found.credential(registry) for registry in ("r.io", "s.io", "t.io")]
    assert [each.username if each else None for each in users] == ["a", "old", None]


def test_a_file_that_is_named_and_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file") as caught:
        list(find_configs({"REGISTRY_AUTH_FILE": str(tmp_path / "none.json")}))
    assert caught.value.hint == "REGISTRY_AUTH_FILE names it"
    with pytest.raises(InputError, match="there is no file"):
        read_config_file(tmp_path / "none.json")


def test_a_folder_stands_for_its_config_json(tmp_path: Path) -> None:
    config(tmp_path, "config.json", "a")
    assert list(read_config_file(tmp_path).entries) == ["r.io"]


def test_a_file_that_is_not_json_is_told_with_its_place_but_not_its_text(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"auths": {"r.io": {"password": "c4n4ry"x"}}}')
    with pytest.raises(InputError, match="it is not JSON") as caught:
        load_keychain(Store(), {"DOCKER_CONFIG": str(tmp_path)})
    assert caught.value.position is not None
    assert caught.value.position.source.is_secret
    assert "c4n4ry" not in repr(caught.value) + repr(caught.value.position)
