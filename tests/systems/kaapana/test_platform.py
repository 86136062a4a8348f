"""What the platform puts before a chart's values, and what it takes from the name of an upload."""

from __future__ import annotations

import pytest

from chartkit.errors import InputError
from chartkit.systems.kaapana.platform import (
    Platform,
    Upload,
    install_values,
    installer_image,
    package_name,
    read_upload,
    set_string_flags,
)


@pytest.mark.parametrize(
    ("custom", "image"),
    [
        ("reg.example.com/team", "reg.example.com/team/dag-otsus-method:0.0.0"),
        ("", "docker.io/kaapana/dag-otsus-method:0.0.0"),
    ],
)
def test_installer_image_takes_the_custom_registry_where_it_is_not_empty(custom: str, image: str) -> None:
    assert installer_image("dag-otsus-method", "0.0.0", "docker.io/kaapana", custom) == image


def test_charts_own_texts_win_and_empty_ones_do_not() -> None:
    own = {"registry_url": "mine.example.com", "services_namespace": "", "replicas": 2, "flag": True, "image": "dag-x"}
    found = install_values(Platform(kaapana_build_version="0.6.0").values(), {"global": own, "other": {"a": "b"}})
    assert found == {
        "registry_url": "mine.example.com",
        "kaapana_build_version": "0.6.0",
        "services_namespace": "services",
        "admin_namespace": "admin",
        "main_node_name": "main-node",
        "image": "dag-x",
    }


@pytest.mark.parametrize("values", [{}, {"global": None}, {"global": "text"}])
def test_charts_without_global_values_get_the_platforms(values: dict[str, object]) -> None:
    assert install_values({"a": "b"}, values) == {"a": "b"}


def test_flags_lose_blanks_and_escape_what_set_takes_apart() -> None:
    assert set_string_flags({"a": "x, {y}", "b": "plain"}) == ["global.a=x\\,\\{y\\}", "global.b=plain"]


@pytest.mark.parametrize(
    ("file", "upload"),
    [
        ("otsus-method-workflow-0.0.0.tgz", Upload("otsus-method-workflow", "0.0.0")),
        ("a-1.0.0-beta.1.tgz", Upload("a-1.0.0", "beta.1")),
    ],
    ids=["the-guides", "splits-at-the-last-dash"],
)
def test_upload_is_split_at_its_last_dash(file: str, upload: Upload) -> None:
    assert read_upload(file) == upload


@pytest.mark.parametrize("file", ["otsus.tar.gz", "otsus-0.0.0.zip", "otsus.tgz", "-0.0.0.tgz", "otsus-.tgz"])
def test_upload_is_refused_that_the_platform_does_not_take(file: str) -> None:
    with pytest.raises(InputError, match="platform takes|NAME-VERSION"):
        read_upload(file)


def test_package_name_is_helms() -> None:
    assert package_name("otsus-method-workflow", "0.0.0") == "otsus-method-workflow-0.0.0.tgz"
