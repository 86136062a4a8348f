from __future__ import annotations

import hashlib
import json

import pytest
from served import Keys, Served, answer

from chartkit.errors import RegistryError
from chartkit.oci.client import RegistryClient
from chartkit.oci.credential import Credential
from chartkit.oci.exchange import Patience
from chartkit.oci.failures import (
    Denied,
    ExpiredToken,
    Interrupted,
    InvalidContent,
    LoginNeeded,
    NotTls,
    RateLimited,
    Refused,
    ServerFault,
    UnknownManifest,
    UnknownRepository,
    WrongPassword,
)
from chartkit.oci.manifest import OCI_INDEX, OCI_MANIFEST, Descriptor, Manifest
from chartkit.oci.shelf import Repository

HOST = "registry.example.com"
APP = Repository(HOST, "team/app")
BODY = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}).encode()
DIGEST = f"sha256:{hashlib.sha256(BODY).hexdigest()}"
DATA = b"0123456789"
BLOB = Descriptor("x", f"sha256:{hashlib.sha256(DATA).hexdigest()}", len(DATA))
ROBOT = Credential("robot", "pass:word")
OPEN = answer(200)


def client_of(*answers, credential=None, attempts=3, **more):
    served = Served(list(answers))
    patience = Patience(attempts=attempts, pause=lambda _: None)
    return RegistryClient(served, Keys(credential), patience=patience, **more), served


def asked(served):
    return [f"{request.method} {request.url.removeprefix(f'https://{HOST}')}" for request in served.seen]


def challenge(text):
    return answer(401, www_authenticate=text)


def test_registry_is_asked_for_its_ways_once():
    client, served = client_of(OPEN, answer(200, BODY), answer(200, BODY))
    for _ in range(2):
        assert client.manifest(APP, "1.0").digest == DIGEST
    assert asked(served) == ["GET /v2/", *["GET /v2/team/app/manifests/1.0"] * 2]


def test_docker_hub_has_its_api_elsewhere():
    client, served = client_of(OPEN, answer(200, BODY))
    client.manifest(Repository("docker.io", "library/nginx"), "1.27")
    assert served.seen[1].url == "https://registry-1.docker.io/v2/library/nginx/manifests/1.27"


@pytest.mark.parametrize("named", ["registry.example.com", "registry.example.com:5000"])
def test_plain_http_is_spoken_where_it_is_asked_for(named):
    client, served = client_of(OPEN, plain_http=[named])
    client.ping("registry.example.com:5000")
    assert served.seen[0].url == "http://registry.example.com:5000/v2/"


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1:5000", "[::1]:5000"])
def test_registry_on_this_machine_may_speak_plain_http(host):
    client, served = client_of(NotTls("no"), OPEN)
    client.ping(host)
    assert [request.url for request in served.seen] == [f"https://{host}/v2/", f"http://{host}/v2/"]


def test_other_registries_may_not():
    client, _ = client_of(NotTls("plain HTTP where TLS was expected"))
    with pytest.raises(NotTls):
        client.ping(HOST)


def test_dead_registry_is_not_asked_again():
    client, served = client_of(*[Refused("connection refused")] * 3)
    for _ in range(5):
        with pytest.raises(Refused):
            client.manifest(APP, "1.0")
    assert len(served.seen) == 3


@pytest.mark.parametrize(("status", "failure"), [(500, ServerFault), (429, RateLimited)])
def test_registry_that_fails_from_the_start_is_told(status, failure):
    with pytest.raises(failure):
        client_of(*[answer(status)] * 3)[0].ping(HOST)


def test_digest_comes_from_the_head_alone():
    client, served = client_of(OPEN, answer(200, docker_content_digest=DIGEST, content_type=f"{OCI_INDEX}; x"))
    found = client.find_manifest(APP, "1.0")
    assert (found.digest, found.media_type) == (DIGEST, OCI_INDEX)
    assert OCI_MANIFEST in served.seen[1].headers["Accept"]


@pytest.mark.parametrize("first", [answer(200), answer(405), answer(200, docker_content_digest="md5:1")])
def test_manifest_is_read_where_the_head_does_not_help(first):
    client, served = client_of(OPEN, first, answer(200, BODY))
    assert client.find_manifest(APP, "1.0").digest == DIGEST
    assert len(served.seen) == 3


def test_registry_that_answers_with_another_digest_is_caught():
    other = "sha256:" + "1" * 64
    client, _ = client_of(OPEN, answer(200, docker_content_digest=other))
    with pytest.raises(InvalidContent, match="the registry answers with"):
        client.find_manifest(APP, DIGEST)


@pytest.mark.parametrize(
    ("name", "headers"), [(("sha256:" + "1" * 64), {}), ("1.0", {"docker_content_digest": "sha256:" + "1" * 64})]
)
def test_manifest_that_is_not_the_promised_one_is_caught(name, headers):
    client, _ = client_of(OPEN, answer(200, BODY, **headers))
    with pytest.raises(InvalidContent, match="it was changed on the way"):
        client.manifest(APP, name)


def test_endless_manifest_is_refused():
    client, _ = client_of(OPEN, answer(200, b"x" * (5 * 1024 * 1024)))
    with pytest.raises(RegistryError, match="longer than 4194304 bytes"):
        client.manifest(APP, "1.0")


def error(code, message="said"):
    return {"errors": [{"code": code, "message": message}]}


@pytest.mark.parametrize(
    ("answers", "failure", "words"),
    [
        ([answer(404, error("NAME_UNKNOWN"))], UnknownRepository, "not found: said"),
        ([answer(404), answer(404)], UnknownRepository, "there is no repository team/app"),
        ([answer(404), answer(200, {"tags": None})], UnknownRepository, "the repository team/app has no tags"),
        ([answer(404), answer(200, {"tags": ["2"]})], UnknownManifest, "has no tag 1.0"),
        ([answer(404, error("MANIFEST_UNKNOWN")), answer(403)], UnknownManifest, "not found: said"),
        ([answer(403, error("DENIED"))], Denied, "denied: said"),
        ([answer(403, error("DENIED", "Your token has expired"))], ExpiredToken, "Your token has expired"),
        ([answer(429, error("TOOMANYREQUESTS"))] * 3, RateLimited, "wants fewer requests: said"),
        ([answer(502, b"<html>")] * 3, ServerFault, "failed with status 502"),
        ([answer(418)], RegistryError, "answers with status 418"),
    ],
)
def test_refusals_are_told_apart(answers, failure, words):
    client, _ = client_of(OPEN, *answers)
    with pytest.raises(failure, match=words) as caught:
        client.manifest(APP, "1.0")
    assert type(caught.value) is failure
    assert str(caught.value).startswith(f"{HOST}/team/app:1.0: ")


def test_tags_come_page_by_page():
    link = '</v2/team/app/tags/list?last=b&n=2>; rel="next"'
    client, served = client_of(OPEN, answer(200, {"tags": ["a", "b"]}, link=link), answer(200, {"tags": ["c"]}))
    assert client.tags(APP) == ["a", "b", "c"]
    assert asked(served)[2] == "GET /v2/team/app/tags/list?last=b&n=2"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}"])
def test_list_that_is_none_is_refused(body):
    with pytest.raises(ServerFault, match="no list of tags"):
        client_of(OPEN, answer(200, body))[0].tags(APP)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(200, content_length="10"), True),
        (answer(200), True),
        (answer(200, content_length="9"), False),
        (answer(404), False),
    ],
)
def test_blob_is_there_if_its_size_is_right(given, expected):
    assert client_of(OPEN, given)[0].has_blob(APP, BLOB) is expected


class Breaking:
    """An answer whose connection breaks after some bytes."""

    def __init__(self, status, data):
        self.status, self.headers, self._data = status, {}, data

    def chunks(self):
        yield self._data
        raise Interrupted("the connection broke")

    def close(self):
        pass


def test_broken_blob_is_read_on():
    client, served = client_of(OPEN, Breaking(200, DATA[:4]), Breaking(206, DATA[4:7]), answer(206, DATA[7:]))
    assert b"".join(client.read_blob(APP, BLOB)) == DATA
    assert [request.headers.get("Range") for request in served.seen[1:]] == [None, "bytes=4-", "bytes=7-"]


def test_broken_blob_is_read_again_where_ranges_are_not_known():
    client, _ = client_of(OPEN, Breaking(200, DATA[:4]), answer(200, DATA))
    assert b"".join(client.read_blob(APP, BLOB)) == DATA


def test_blob_that_brings_nothing_any_more_is_given_up():
    client, served = client_of(OPEN, Breaking(200, DATA[:4]), *[Breaking(206, b"")] * 3)
    with pytest.raises(Interrupted):
        list(client.read_blob(APP, BLOB))
    assert len(served.seen) == 5


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([answer(200, b"012345678X")], "it was changed on the way"),
        ([answer(200, DATA + b"more")], "longer than the 10 bytes"),
        ([answer(200, DATA[:5]), answer(416)], "the registry has only 5 of its 10 bytes"),
    ],
)
def test_wrong_blob_never_comes_whole(answers, words):
    came = []
    with pytest.raises(InvalidContent, match=words):
        came.extend(client_of(OPEN, *answers)[0].read_blob(APP, BLOB))
    assert len(b"".join(came)) < len(DATA)


def test_blob_is_uploaded_in_one_stream():
    place = answer(202, location="/v2/team/app/blobs/uploads/1?state=x")
    client, served = client_of(OPEN, place, answer(201))
    client.upload_blob(APP, BLOB, lambda: [DATA[:6], DATA[6:]])
    assert asked(served)[1:] == [
        "POST /v2/team/app/blobs/uploads/",
        f"PUT /v2/team/app/blobs/uploads/1?state=x&digest={BLOB.digest.replace(':', '%3A')}",
    ]
    assert (served.seen[2].body, served.seen[2].headers["Content-Length"]) == (DATA, "10")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://registry.example.com/up/1", True),
        ("http://registry.example.com/up/1", True),
        ("https://storage.example.com/up/1", False),
    ],
    ids=["own", "own-taken-for-plain", "elsewhere"],
)
def test_login_of_an_upload_goes_to_the_registry_only(location, expected):
    basic = challenge('Basic realm="x"')
    client, served = client_of(basic, answer(202, location=location), answer(201), credential=ROBOT)
    client.upload_blob(APP, BLOB, lambda: [DATA])
    assert ("Authorization" in served.seen[2].headers) is expected
    assert served.seen[2].url.startswith("https:")


@pytest.mark.parametrize(
    ("given", "expected"),
    [(answer(201), None), (answer(202, location="/up/2"), f"https://{HOST}/up/2")],
    ids=["mounted", "to-upload"],
)
def test_blob_is_taken_over_or_may_be_uploaded(given, expected):
    client, served = client_of(OPEN, given)
    assert client.mount_blob(APP, BLOB.digest, "team/base") == expected
    query = f"mount={BLOB.digest.replace(':', '%3A')}&from=team%2Fbase"
    assert asked(served)[1] == f"POST /v2/team/app/blobs/uploads/?{query}"


def test_token_for_taking_over_is_for_both_repositories():
    bearer = challenge('Bearer realm="https://auth.example.com/t"')
    client, served = client_of(bearer, answer(200, {"token": "abc"}), answer(201))
    client.mount_blob(APP, BLOB.digest, "team/base")
    scopes = "scope=repository%3Ateam%2Fapp%3Apull%2Cpush&scope=repository%3Ateam%2Fbase%3Apull"
    assert served.seen[1].url == f"https://auth.example.com/t?{scopes}"


def test_manifest_is_stored_with_its_kind_and_bytes():
    client, served = client_of(OPEN, answer(201, docker_content_digest=DIGEST))
    client.put_manifest(APP, Manifest(BODY), "1.0")
    request = served.seen[1]
    assert (request.method, request.headers["Content-Type"], request.body) == ("PUT", OCI_INDEX, BODY)


def test_manifest_that_is_stored_as_another_is_caught():
    client, _ = client_of(OPEN, answer(201, docker_content_digest="sha256:" + "1" * 64))
    with pytest.raises(InvalidContent, match=f"stored {DIGEST} as"):
        client.put_manifest(APP, Manifest(BODY), "1.0")


def test_token_that_got_old_is_replaced():
    bearer = 'Bearer realm="https://auth.example.com/t"'
    tokens = [answer(200, {"token": name}) for name in "ab"]
    client, served = client_of(
        challenge(bearer), tokens[0], challenge(f'{bearer},error="invalid_token"'), tokens[1], answer(200, BODY)
    )
    assert client.manifest(APP, "1.0").digest == DIGEST
    assert served.seen[-1].headers["Authorization"] == "Bearer b"


def test_scope_that_the_registry_names_is_asked_for_too():
    bearer = 'Bearer realm="https://auth.example.com/t"'
    named = challenge(f'{bearer},scope="repository:proxy/team/app:pull"')
    tokens = [answer(200, {"token": name}) for name in "ab"]
    client, served = client_of(challenge(bearer), tokens[0], named, tokens[1], answer(200, BODY))
    client.manifest(APP, "1.0")
    assert served.seen[3].url.endswith("&scope=repository%3Aproxy%2Fteam%2Fapp%3Apull")


def test_login_of_an_unknown_kind_is_told():
    client, _ = client_of(challenge("Negotiate"), challenge("Negotiate"), credential=ROBOT)
    with pytest.raises(Denied, match="a login of a kind that is not known here"):
        client.manifest(APP, "1.0")


def test_repository_that_must_be_made_first_is_told():
    client, _ = client_of(OPEN, answer(404, error("NAME_UNKNOWN", "The repository does not exist")))
    with pytest.raises(UnknownRepository, match="not found: The repository does not exist") as caught:
        client.upload_blob(APP, BLOB, lambda: [DATA])
    assert "want a repository to be made" in caught.value.hint


def test_upload_without_a_place_is_told():
    with pytest.raises(ServerFault, match="does not say where to"):
        client_of(OPEN, answer(202))[0].upload_blob(APP, BLOB, lambda: [DATA])


def test_challenge_that_comes_late_is_met():
    client, served = client_of(OPEN, challenge('Basic realm="x"'), answer(200, BODY), credential=ROBOT)
    client.manifest(APP, "1.0")
    assert served.seen[2].headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("first", "credential", "more", "failure"),
    [
        ('Basic realm="x"', None, [], LoginNeeded),
        ('Basic realm="x"', ROBOT, [], WrongPassword),
        ('Bearer realm="https://auth.example.com/t"', ROBOT, [answer(200, {"token": "a"})] * 2, Denied),
        ('Bearer realm="https://auth.example.com/t"', None, [answer(200, {"token": "a"})] * 2, LoginNeeded),
    ],
)
def test_login_that_does_not_help_is_understood(first, credential, more, failure):
    def served(request):
        if "auth" in request.url:
            return more[0]
        return challenge(first)

    client = RegistryClient(Served(served), Keys(credential), patience=Patience(attempts=1))
    with pytest.raises(failure):
        client.manifest(APP, "1.0")


def test_blob_is_sent_in_chunks_where_large_bodies_are_refused():
    data = b"x" * (2 * 1024 * 1024 + 7)
    blob = Descriptor("x", f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
    places = [answer(202, location=f"/up/{number}?state=s") for number in range(5)]
    client, served = client_of(OPEN, places[0], answer(413), places[1], *places[2:5], answer(201))
    client.upload_blob(APP, blob, lambda: [data[:100], data[100:]])
    digest = blob.digest.replace(":", "%3A")
    assert asked(served)[1:] == [
        "POST /v2/team/app/blobs/uploads/",
        f"PUT /up/0?state=s&digest={digest}",
        "POST /v2/team/app/blobs/uploads/",
        "PATCH /up/1?state=s",
        "PATCH /up/2?state=s",
        "PATCH /up/3?state=s",
        f"PUT /up/4?state=s&digest={digest}",
    ]
    ranges = [request.headers["Content-Range"] for request in served.seen if request.method == "PATCH"]
    assert ranges == ["0-1048575", "1048576-2097151", "2097152-2097158"]
    assert b"".join(request.body for request in served.seen if request.method == "PATCH") == data


def test_chunks_out_of_step_may_be_tried_again():
    client, _ = client_of(
        OPEN, *[answer(202, location="/up")] * 1, answer(413), answer(202, location="/up"), answer(416)
    )
    with pytest.raises(Interrupted, match="lost count of the chunks"):
        client.upload_blob(APP, BLOB, lambda: [DATA])
