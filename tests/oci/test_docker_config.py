from __future__ import annotations

import json
from base64 import b64encode

import pytest

from chartkit.errors import InputError
from chartkit.oci.credential import Credential
from chartkit.oci.docker_config import DockerConfig, decode_auth, kubelet_faults, read_docker_config
from chartkit.source import Source

CANARY = "c4n4ry-p4ss"


def encode(text: str) -> str:
    return b64encode(text.encode()).decode()


def read(text: str, *, is_legacy: bool | None = None) -> DockerConfig:
    return read_docker_config(Source("config.json", text), is_legacy=is_legacy)


def test_all_fields_of_an_entry_are_read() -> None:
    config = read(
        json.dumps(
            {
                "auths": {
                    "a.io": {"auth": encode("u:p:q"), "email": "e"},
                    "b.io": {"username": "u", "password": "p"},
                    "c.io": {"identitytoken": "t"},
                    "d.io": {"registrytoken": "r"},
                    "e.io": {},
                },
                "credHelpers": {"f.io": "gcloud"},
                "credsStore": "desktop",
                "HttpHeaders": {"x": "y"},
            }
        )
    )
    assert [entry.credential for entry in config.entries.values()] == [
        Credential("u", "p:q", email="e"),
        Credential("u", "p"),
        Credential(identity_token="t"),
        Credential(registry_token="r"),
        Credential(),
    ]
    assert [entry.is_empty for entry in config.entries.values()] == [False, False, False, False, True]
    assert (config.helpers, config.store, config.faults) == ({"f.io": "gcloud"}, "desktop", ())


def test_capitals_in_names_of_fields_do_not_matter_as_in_go() -> None:
    config = read('{"Auths": {"a.io": {"Username": "u", "PASSWORD": "p"}}, "credhelpers": {"b.io": "x"}}')
    assert config.entries["a.io"].credential == Credential("u", "p")
    assert config.helpers == {"b.io": "x"}


@pytest.mark.parametrize(
    ("auth", "decoded"),
    [
        (encode("u:p"), ("u", "p")),
        (encode("u:p").rstrip("="), ("u", "p")),
        (encode("user:pass"), ("user", "pass")),
        (encode("user:pass").rstrip("="), ("user", "pass")),
        (encode("u:p\0\0"), ("u", "p")),
        (encode("u:"), ("u", "")),
        (encode(":p"), ("", "p")),
        (encode("ü:é:"), ("ü", "é:")),
        (f" {encode('u:p')}\n", ("u", "p")),
        (f"{encode('u:p')[:2]}\r\n{encode('u:p')[2:]}", ("u", "p")),
        (encode("nocolon"), None),
        ("%%%", None),
        ("dTpw-_==", None),
        ("/////w==", None),
        ("", None),
    ],
)
def test_auth_is_decoded_with_and_without_padding(auth: str, decoded: tuple[str, str] | None) -> None:
    assert decode_auth(auth) == decoded


@pytest.mark.parametrize(
    ("text", "message", "place", "is_fatal"),
    [
        ("", "it is not JSON", "1:1", True),
        (f'{{"auths":{{"r":{{"password":"{CANARY}"b"}}}}}}', "it is not JSON", "1:40", True),
        (f'{{"auths":{{"r":{{"password":"\\{CANARY}"}}}}}}', "it is not JSON", "1:28", True),
        (f'{{"auths":{{"r":{{"password":"{CANARY}\n"}}}}}}', "it is not JSON", "1:39", True),
        ("[" * 100_000, "it nests too deeply", "1:1", True),
        ('["a"]', "it must be a map, and is a list", "1:1", True),
        (f'"{CANARY}"', "it must be a map, and is text", "1:1", True),
        ('{"auths": [1]}', "auths must be a map, and is a list", "1:11", True),
        ('{"auths": {"r": "u:p"}}', "auths of r must be a map, and is text", "1:17", True),
        ('{"auths": {"r": null}}', "auths of r must be a map, and is null", "1:17", True),
        (
            '{"auths": {"r": {"password": 12345}}}',
            "password of r must be text in quotes, and is a number",
            "1:30",
            True,
        ),
        ('{"auths": {"r": {"auth": true}}}', "auth of r must be text in quotes, and is a truth value", "1:26", True),
        (
            f'{{"auths": {{"r":\n {{"auth": "{CANARY}"}}}}}}',
            "auth of r is not the base64 of user:password",
            "2:11",
            True,
        ),
        (
            f'{{"auths": {{"r": {{"auth": "{encode("u:p")}", "password": "{CANARY}"}}}}}}',
            "auth of r says something else than its username and password",
            "1:26",
            False,
        ),
        ('{"auths": {}, "credHelpers": {"r": 1}}', "credHelpers of r must be the name of a helper", "1:36", False),
        ('{"auths": {}, "credHelpers": "x"}', "credHelpers must be a map, and is text", "1:30", True),
        ('{"auths": {}, "credsStore": {}}', "credsStore must be the name of a helper", "1:29", False),
    ],
)
def test_a_fault_has_its_place_and_no_secret(text: str, message: str, place: str, is_fatal: bool) -> None:
    [fault] = read(text).faults
    assert message in fault.message
    assert str(fault.position) == f"config.json:{place}"
    assert fault.is_fatal is is_fatal
    assert CANARY not in fault.message
    assert CANARY not in repr(fault)


def test_an_auth_that_repeats_username_and_password_is_fine() -> None:
    entry = {"username": "u", "password": "p", "auth": encode("u:p")}
    assert read(json.dumps({"auths": {"r": entry}})).faults == ()
    assert read(json.dumps({"auths": {"r": {"username": "u", "auth": encode("u:p")}}})).faults == ()


@pytest.mark.parametrize(
    ("text", "servers"),
    [
        ('{"r.io": {"auth": "dTpw"}}', ["r.io"]),
        ('{"auths": {"r.io": {"auth": "dTpw"}}}', ["r.io"]),
        ('{"credsStore": "x"}', []),
        ('{"detachKeys": "x", "r.io": {"auth": "dTpw"}}', []),
        ("{}", []),
    ],
)
def test_a_dockercfg_is_recognised(text: str, servers: list[str]) -> None:
    assert list(read(text).entries) == servers


def test_a_dockercfg_can_be_asked_for() -> None:
    assert list(read('{"auths": {"auth": "dTpw"}}', is_legacy=True).entries) == ["auths"]


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ({"auths": {"r": {"auth": "dTpw"}}}, []),
        ({"auths": {"r": {"username": "u"}}}, []),
        ({"auths": {}}, ["it has no auths"]),
        ({"auths": {"r": {}}}, ["auths of r has no credentials"]),
        ({"auths": {"r": {"email": "e"}}}, ["auths of r has no credentials"]),
        (
            {"auths": {"r": {}}, "credsStore": "x"},
            ["auths of r has no credentials, and the kubelet runs no credential helper"],
        ),
        ({"auths": {"r": {"identitytoken": "t"}}}, ["auths of r has a token alone, which the kubelet does not read"]),
        ({"auths": {"r": {"password": "p"}}}, ["auths of r has a password and no user"]),
        ({"auths": {"r": {"auth": "%"}}}, []),
    ],
)
def test_the_kubelet_cannot_use_entries_without_user_and_password(content: object, messages: list[str]) -> None:
    assert [fault.message for fault in kubelet_faults(read(json.dumps(content)))] == messages


def test_a_fault_of_one_server_leaves_the_others_usable() -> None:
    config = read('{"auths": {"a.io": {"auth": "%"}, "b.io": {"auth": "dTpw"}}}')
    config.check()
    config.check("b.io")
    with pytest.raises(InputError, match=r"auth of a\.io is not"):
        config.check("a.io")


def test_nothing_of_a_configuration_shows_itself() -> None:
    entry = {"auth": encode(f"u:{CANARY}"), "identitytoken": CANARY, "registrytoken": CANARY}
    text = repr(read(json.dumps({"auths": {"r": entry}})))
    assert CANARY not in text
    assert encode(f"u:{CANARY}") not in text
