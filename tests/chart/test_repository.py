from __future__ import annotations

import pytest

from chartkit.chart.repository import (
    index_link,
    newest_first,
    read_index,
    read_repositories,
    resolve_link,
    same_address,
)
from chartkit.errors import InputError, LoadError

REPOSITORIES = """\
apiVersion: ""
generated: "0001-01-01T00:00:00Z"
repositories:
- {name: stable, url: https://charts.example.com, username: user, password: hunter2, caFile: ca.pem}
- {name: local, url: http://127.0.0.1:8080, insecure_skip_tls_verify: true}
"""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://charts.example.com", "https://charts.example.com/index.yaml"),
        ("https://charts.example.com/a/", "https://charts.example.com/a/index.yaml"),
        ("https://charts.example.com/a?token=x", "https://charts.example.com/a/index.yaml?token=x"),
    ],
)
def test_where_the_index_is(url: str, link: str) -> None:
    assert index_link(url) == link


@pytest.mark.parametrize(
    ("url", "link", "full"),
    [
        ("https://c.example.com/a", "web-1.tgz", "https://c.example.com/a/web-1.tgz"),
        ("https://c.example.com/a/", "charts/web-1.tgz", "https://c.example.com/a/charts/web-1.tgz"),
        ("https://c.example.com/a", "/web-1.tgz", "https://c.example.com/web-1.tgz"),
        ("https://c.example.com/a?t=1", "web-1.tgz", "https://c.example.com/a/web-1.tgz?t=1"),
        ("https://c.example.com/a", "https://d.example.com/web-1.tgz", "https://d.example.com/web-1.tgz"),
    ],
)
def test_links_may_be_relative_to_the_repository(url: str, link: str, full: str) -> None:
    assert resolve_link(url, link) == full


@pytest.mark.parametrize("text", ["a: [", "- 1", "entries: {}", "apiVersion: v1\nentries: []", "<html></html>"])
def test_what_is_no_index_is_refused(text: str) -> None:
    with pytest.raises(LoadError, match=r"charts\.example\.com"):
        read_index("https://charts.example.com", text.encode())


def test_versions_are_the_newest_first_and_numbers_are_compared_as_numbers() -> None:
    assert newest_first(["1.2.0", "1.10.0", "v2", "x", "1.10.0-rc.1", "1.0.0_b"]) == [
        "2.0.0", "1.10.0", "1.10.0-rc.1", "1.2.0", "1.0.0+b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example.com/x/", "https://a.example.com/x", True),
        ("https://A.example.com/x", "https://a.example.com/x", True),
        ("https://a.example.com/x", "https://a.example.com/y", False),
        ("http://a.example.com/x", "https://a.example.com/x", False),
        ("https://a.example.com:8443", "https://a.example.com", False),
    ],
)
def test_addresses_are_compared_without_what_does_not_matter(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) is same


def test_helms_own_list_of_repositories_is_read_and_shows_no_password() -> None:
    stable, local = read_repositories(REPOSITORIES, "repositories.yaml")
    assert (stable.name, stable.username, stable.password, stable.ca_file) == ("stable", "user", "hunter2", "ca.pem")
    assert local.insecure
    assert "hunter2" not in repr(stable)


@pytest.mark.parametrize("text", ["a: [", "- 1", "repositories: {}"])
def test_a_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"repositories\.yaml"):
        read_repositories(text, "repositories.yaml")
