from __future__ import annotations

import gzip
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chartkit.adapters.registry import Connecting, UrllibTransport
from chartkit.errors import InputError
from chartkit.oci.failures import Interrupted, NoSuchHost, NotTls, Refused, TimedOut
from chartkit.oci.transport import CHUNK, Request, read_all

_SQUEEZED = gzip.compress(b"layer")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.title(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, body, self.client_address))
        status, headers, data = self.server.answers.get(self.path, (200, {}, b"hello"))
        if data is None:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.close_connection = len(data) < int(headers.get("Content-Length", 0))

    do_GET = do_HEAD = do_PUT = do_POST = do_any

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.daemon_threads = True
        made.seen, made.answers = [], {}
        made.url = f"http://127.0.0.1:{made.server_address[1]}"
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def get(url, **more):
    return Request("GET", url, **more)


def test_answer_is_read_with_its_status_and_headers(server):
    server.answers["/x"] = (404, {"X-Answer": "yes"}, b"gone")
    response = UrllibTransport().send(get(f"{server.url}/x", headers={"Accept": "a/b"}))
    assert (response.status, response.headers["x-answer"], read_all(response, 10)) == (404, "yes", b"gone")
    ((_, _, headers, _, _),) = server.seen
    assert (headers["Accept"], headers["User-Agent"].partition("/")[0]) == ("a/b", "chartkit")


def test_connection_is_used_again_whatever_was_asked(server):
    transport = UrllibTransport()
    for method in ("HEAD", "GET", "HEAD", "PUT", "GET"):
        transport.send(Request(method, server.url, {}, b"" if method == "PUT" else None)).close()
    assert len({address for *_, address in server.seen}) == 1


def test_redirects_are_left_to_the_caller(server):
    server.answers["/"] = (307, {"Location": "/other"}, b"")
    response = UrllibTransport().send(get(f"{server.url}/"))
    assert (response.status, response.headers["location"]) == (307, "/other")


def test_bytes_come_as_they_are_sent(server):
    server.answers["/layer"] = (200, {"Content-Encoding": "gzip"}, _SQUEEZED)
    assert read_all(UrllibTransport().send(get(f"{server.url}/layer")), 1000) == _SQUEEZED


def test_large_body_comes_in_pieces(server):
    server.answers["/large"] = (200, {}, b"x" * (3 * CHUNK + 5))
    pieces = list(UrllibTransport().send(get(f"{server.url}/large")).chunks())
    assert sum(map(len, pieces)) == 3 * CHUNK + 5
    assert max(map(len, pieces)) <= CHUNK


def test_stream_is_sent_with_its_length(server):
    request = Request("PUT", f"{server.url}/up", {"Content-Length": "6"}, lambda: iter([b"abc", b"def"]))
    assert UrllibTransport().send(request).status == 200
    _, _, headers, body, _ = server.seen[0]
    assert (body, headers["Content-Length"], "Transfer-Encoding" in headers) == (b"abcdef", "6", False)


def test_error_of_a_stream_is_its_own(server):
    def pieces():
        yield b"abc"
        raise InputError("the source failed")

    with pytest.raises(InputError, match="the source failed"):
        UrllibTransport().send(Request("PUT", f"{server.url}/up", {"Content-Length": "6"}, pieces))


def test_body_that_ends_too_early_is_noticed(server):
    server.answers["/short"] = (200, {"Content-Length": "10"}, b"half")
    response = UrllibTransport().send(get(f"{server.url}/short"))
    with pytest.raises(Interrupted, match=r"^127\.0\.0\.1:\d+: the connection broke: it ended before all was said$"):
        list(response.chunks())


def test_connection_that_ends_without_an_answer_is_told(server):
    server.answers["/"] = (200, {}, None)
    with pytest.raises(Interrupted, match="the connection broke: it ended without an answer"):
        UrllibTransport().send(get(f"{server.url}/"))


def test_silent_server_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(TimedOut, match=r"silent for 0\.2 s"):
            UrllibTransport(Connecting(read_timeout=0.2)).send(get(url))


@pytest.mark.parametrize(
    ("url", "failure", "words"),
    [
        ("http://127.0.0.1:1/", Refused, "127.0.0.1:1: connection refused"),
        ("http://registry.invalid/", NoSuchHost, "registry.invalid: no such host: the name does not resolve"),
        ("http:///v2/", NoSuchHost, ": this is no host"),
    ],
)
def test_server_that_cannot_be_reached_is_told(url, failure, words):
    with pytest.raises(failure) as caught:
        UrllibTransport().send(get(url))
    assert str(caught.value) == words


def test_plain_server_is_told_from_a_tls_failure(server):
    url = server.url.replace("http:", "https:")
    with pytest.raises(NotTls, match="plain HTTP where TLS was expected") as caught:
        UrllibTransport().send(get(f"{url}/"))
    assert caught.value.hint == f"--plain-http {url[8:]} speaks it, without TLS"


@pytest.mark.parametrize(
    ("content", "words"), [(None, "No such file or directory"), ("no certificate", "no certificate or crl found")]
)
def test_authorities_that_cannot_be_used_are_told(content, words, tmp_path):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=f"cannot use the certificates of .*ca.pem: .*{words}"):
        UrllibTransport(Connecting(ca_file=str(path)))


def test_proxy_of_the_environment_is_used_with_its_login(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url.replace("//", "//me:secret@"))
    transport = UrllibTransport()
    transport.send(get("http://registry.example.com/v2/")).close()
    _, path, headers, _, _ = server.seen[0]
    assert path == "http://registry.example.com/v2/"
    assert headers["Proxy-Authorization"] == "Basic bWU6c2VjcmV0"


@pytest.mark.parametrize("no_proxy", ["registry.invalid", "*"])
def test_proxy_is_passed_by_where_the_environment_says_so(no_proxy, server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.setenv("no_proxy", no_proxy)
    with pytest.raises(NoSuchHost):
        UrllibTransport().send(get("http://registry.invalid/v2/"))


def test_servers_of_this_machine_need_no_proxy(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert UrllibTransport().send(get(server.url)).status == 200


def test_proxy_that_cannot_be_reached_is_told_without_its_login(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://me:secret@127.0.0.1:1")
    with pytest.raises(Refused) as caught:
        UrllibTransport().send(get("http://registry.example.com/v2/"))
    assert str(caught.value) == "registry.example.com: connection refused (through the proxy of the environment)"
