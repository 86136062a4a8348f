from __future__ import annotations

import json
from base64 import b64encode

import pytest

from chartkit.errors import InputError
from chartkit.oci.secret_file import FoundSecret, read_secret_file
from chartkit.source import Source

CANARY = "c4n4ry-p4ss"
BAD = '{"auths":{"r.io":{"auth":"%%%"}}}'
GOOD = json.dumps({"auths": {"r.io": {"username": "u", "password": CANARY}}})
HEAD = "apiVersion: v1\nkind: Secret\nmetadata: {name: regcred, namespace: prod}\n"
TYPE = "type: kubernetes.io/dockerconfigjson\n"


LEGACY = json.dumps(json.loads(GOOD)["auths"])


def encode(text: str) -> str:
    return b64encode(text.encode()).decode()


def read(text: str) -> tuple[FoundSecret, ...]:
    return read_secret_file(Source("s.yaml", text))


def faults(text: str) -> list[tuple[str, str]]:
    return [(fault.message, str(fault.position)) for secret in read(text) for fault in secret.faults]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (f"{HEAD}{TYPE}data: {{.dockerconfigjson: {encode(GOOD)}}}\n", "Secret", "regcred"),
        (f"{HEAD}{TYPE}stringData: {{.dockerconfigjson: '{GOOD}'}}\n", "Secret", "regcred"),
        (
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"name": "regcred", "namespace": "prod"},
                    "type": "kubernetes.io/dockerconfigjson",
                    "data": {".dockerconfigjson": encode(GOOD)},
                }
            ),
            "Secret",
            "regcred",
        ),
        (
            f"{HEAD}type: kubernetes.io/dockercfg\ndata: {{.dockercfg: {encode(LEGACY)}}}\n",
            "Secret",
            "regcred",
        ),
        (GOOD, "config.json", ""),
        (LEGACY, ".dockercfg", ""),
        (json.dumps(json.loads(GOOD), indent="\t"), "config.json", ""),
    ],
)
def test_every_form_of_a_pull_secret_is_read(text: str, kind: str, name: str) -> None:
    [secret] = read(text)
    assert (secret.kind, secret.name, secret.faults) == (kind, name, ())
    assert secret.config.entries["r.io"].credential.password == CANARY
    assert CANARY not in repr(secret)


def test_all_documents_and_items_are_read_and_others_left_out() -> None:
    one = f"{HEAD}{TYPE}data: {{.dockerconfigjson: {encode(GOOD)}}}\n"
    other = "apiVersion: v1\nkind: Secret\nmetadata: {name: tls}\ntype: Opaque\ndata: {a: Yg==}\n"
    items = "".join(f"- {each}".replace("\n", "\n  ").rstrip(" ") for each in (one, other))
    text = f"# first\n{one}---\nkind: ConfigMap\n---\n{other}---\nkind: List\nitems:\n{items}"
    found = read(text)
    assert [str(each.position) for each in found] == ["s.yaml:2:1", "s.yaml:18:3"]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        (f"{HEAD}{TYPE}stringData:\n  .dockerconfigjson: '{BAD}'\n", "auth of r.io is not", "6:48"),
        (f"{HEAD}{TYPE}stringData:\n  .dockerconfigjson: {BAD}\n", "must be text", "6:22"),
        (
            f'{HEAD}{TYPE}stringData:\n  .dockerconfigjson: |\n    {{"auths":\n      {{"r.io":{{"auth":"%"}}}}}}\n',
            "auth of r.io is not the base64 of user:password",
            "8:23",
        ),
        (
            f"{HEAD}{TYPE}data:\n  .dockerconfigjson: {encode(BAD)}\n",
            "auth of r.io is not the base64 of user:password (line 1, column 26 behind the base64)",
            "6:22",
        ),
        (f"{HEAD}{TYPE}data:\n  .dockerconfigjson: '{GOOD}'\n", "is not base64; plain text belongs under", "6:22"),
        (f"{HEAD}{TYPE}data:\n  .dockerconfigjson: c4n4ry-p4ss\n", ".dockerconfigjson is not base64", "6:22"),
        (f"{HEAD}{TYPE}data:\n  .dockerconfigjson:\n", "must be text in base64", "6:21"),
        (f"{HEAD}{TYPE}data: {{config.json: e30=}}\n", "it has no key .dockerconfigjson", "5:7"),
        (f"{HEAD}{TYPE}data: {{.dockercfg: e30=}}\n", "it has no key .dockerconfigjson, but .dockercfg", "5:7"),
        (f"{HEAD}{TYPE}", "it has no key .dockerconfigjson", "4:7"),
        (f"{HEAD}type: Opaque\ndata: {{.dockerconfigjson: e30=}}\n", "its type is Opaque, and must be", "4:7"),
        (f"{HEAD}type: Opaque\ndata: {{config.json: e30=}}\n", "its type is Opaque, and must be", "4:7"),
        (f"{HEAD}data: {{.dockerconfigjson: e30=}}\n", "its type is Opaque, and must be", "2:7"),
        (f"{HEAD}{TYPE}data: {{.dockerconfigjson: e30=}}\n", "it has no auths", "5:27"),
        (BAD, "auth of r.io is not the base64 of user:password", "1:26"),
        (GOOD[:-1], "it is not JSON", f"1:{len(GOOD)}"),
        ("{}", "it has no auths", "1:1"),
        ('{"auths":{"r.io":{"identitytoken":"t"}}}', "a token alone", "1:11"),
    ],
)
def test_a_fault_has_its_place_in_the_file(text: str, message: str, place: str) -> None:
    [(told, where)] = faults(text)
    assert message in told
    assert where == f"s.yaml:{place}"
    assert CANARY not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no pull secret in s.yaml"),
        ("kind: Deployment\n", "there is no pull secret in s.yaml"),
        ("just words", "there is no pull secret in s.yaml"),
        (f"password: *{CANARY}\n", "s.yaml is not YAML"),
        (f'password: "{CANARY}\n', "s.yaml is not YAML"),
        (f"a: {CANARY}: b\n", "s.yaml is not YAML"),
    ],
)
def test_a_file_without_a_pull_secret_is_refused_and_not_shown(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(text)
    assert CANARY not in str(caught.value)
    assert caught.value.position is not None
    assert caught.value.position.source.is_secret
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_helper_is_no_fault_of_a_bare_configuration() -> None:
    [secret] = read('{"auths": {"r.io": {}}, "credsStore": "desktop"}')
    assert (secret.faults, secret.config.store) == ((), "desktop")
