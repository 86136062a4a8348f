from __future__ import annotations

import base64

import pytest

from chartkit.errors import InputError, TemplateError
from chartkit.images.kustomize import images_block
from chartkit.images.rewrite import find_in_text, rewrite_images
from chartkit.images.target import read_destination
from chartkit.images.use import Certainty
from chartkit.reference import ImageReference

_DIGEST = "sha256:" + "a" * 64
_MIRROR = read_destination("mirror.local:5000/apps")


def _rewrite(text: str, **more):
    return rewrite_images(text, _MIRROR, lambda use: use.certainty >= Certainty.LIKELY, **more)


def _pod(*lines: str) -> str:
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n" + "".join(f"  {x}\n" for x in lines)


def _config(body: str, kind: str = "ConfigMap") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: c}}\ndata:\n{body}"


def _custom(body: str) -> str:
    return f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: t}}\nspec:\n{body}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("- image: nginx", "- image: mirror.local:5000/apps/nginx", id="plain"),
        pytest.param("- image: nginx:1.27 # c", "- image: mirror.local:5000/apps/nginx:1.27 # c", id="comment"),
        pytest.param('- image: "nginx:1.27"', '- image: "mirror.local:5000/apps/nginx:1.27"', id="double"),
        pytest.param("- image:   'quay.io/a/b:1'", "- image:   'mirror.local:5000/apps/a/b:1'", id="single"),
        pytest.param(f"- image: a/b@{_DIGEST}", f"- image: mirror.local:5000/apps/a/b@{_DIGEST}", id="digest"),
        pytest.param(
            f"- image: a/b:1@{_DIGEST}", f"- image: mirror.local:5000/apps/a/b:1@{_DIGEST}", id="tag-and-digest"
        ),
        pytest.param("- {name: a, image: a/b:1}", "- {name: a, image: mirror.local:5000/apps/a/b:1}", id="flow"),
        pytest.param(
            '- {"name":"a","image":"a/b:1"}', '- {"name":"a","image":"mirror.local:5000/apps/a/b:1"}', id="json"
        ),
        pytest.param('- image: "\\u0061/b:1"', '- image: "mirror.local:5000/apps/a/b:1"', id="escapes"),
        pytest.param("- image: >-\n      a/b:1", "- image: mirror.local:5000/apps/a/b:1", id="folded-block"),
        pytest.param(
            "- image: &i a/b:1\n  - image: *i", "- image: &i mirror.local:5000/apps/a/b:1\n  - image: *i", id="alias"
        ),
        pytest.param(
            "- image: x\n    args: [--sidecar-image=a/b:v1.0]",
            "- image: mirror.local:5000/apps/x\n    args: [--sidecar-image=mirror.local:5000/apps/a/b:v1.0]",
            id="argument",
        ),
        pytest.param(
            "- image: x\n    env: [{name: RELATED_IMAGE_A, value: 'a/b:v1'}]",
            "- image: mirror.local:5000/apps/x\n"
            "    env: [{name: RELATED_IMAGE_A, value: 'mirror.local:5000/apps/a/b:v1'}]",
            id="variable",
        ),
    ],
)
def test_image_of_a_pod_moves_and_nothing_else(old, new):
    assert _rewrite(_pod(old)).text == _pod(new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "  a.yaml: |\n    # c\n    image: a/b:1   # d\n",
            "  a.yaml: |\n    # c\n    image: mirror.local:5000/apps/a/b:1   # d\n",
            id="block",
        ),
        pytest.param(
            '  a.json: \'{"image": "a/b:1"}\'\n',
            '  a.json: \'{"image": "mirror.local:5000/apps/a/b:1"}\'\n',
            id="json-in-quotes",
        ),
        pytest.param(
            '  a.json: "{\\"image\\": \\"a/b:1\\"}"\n',
            '  a.json: "{\\"image\\": \\"mirror.local:5000/apps/a/b:1\\"}"\n',
            id="json-escaped",
        ),
        pytest.param(
            '  a.yaml: "x: 1\\nimage: a/b:1\\n"\n',
            '  a.yaml: "x: 1\\nimage: mirror.local:5000/apps/a/b:1\\n"\n',
            id="yaml-escaped",
        ),
        pytest.param(
            "  a.yaml: |\n    b: |\n      image: a/b:1\n",
            "  a.yaml: |\n    b: |\n      image: mirror.local:5000/apps/a/b:1\n",
            id="two-levels",
        ),
        pytest.param(
            "  a.yaml: |\n    image: a/b:1\n    ---\n    image: c/d:2\n",
            "  a.yaml: |\n    image: mirror.local:5000/apps/a/b:1\n    ---\n    image: mirror.local:5000/apps/c/d:2\n",
            id="two-documents",
        ),
        pytest.param(
            "  run.sh: |\n    x --engine-image quay.io/a/b:v1 -y\n",
            "  run.sh: |\n    x --engine-image mirror.local:5000/apps/a/b:v1 -y\n",
            id="script",
        ),
    ],
)
def test_image_in_a_text_moves_and_nothing_else(old, new):
    assert _rewrite(_config(old)).text == _config(new)


def test_image_in_a_secret_moves_inside_its_encoding():
    def secret(image: str) -> str:
        data = base64.b64encode(f"x: 1 # c\nimage: {image}\n".encode()).decode()
        return _config(f"  a.yaml: {data}\n  b: aGk=\n", "Secret")

    assert _rewrite(secret("a/b:1")).text == secret("mirror.local:5000/apps/a/b:1")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "  image: {registry: quay.io, repository: a/b, tag: 1.10}\n",
            '  image: {registry: "mirror.local:5000", repository: apps/a/b, tag: 1.10}\n',
            id="registry-and-repository",
        ),
        pytest.param(
            '  image:\n    repository: "quay.io/a/b"\n    tag: v1\n',
            '  image:\n    repository: "mirror.local:5000/apps/a/b"\n    tag: v1\n',
            id="repository-alone",
        ),
        pytest.param(
            "  repository: quay.io/a\n  image: b\n  version: v1.2.3\n  imagePullPolicy: Always\n",
            "  repository: mirror.local:5000/apps/a\n  image: b\n  version: v1.2.3\n  imagePullPolicy: Always\n",
            id="two-parts-of-a-name",
        ),
    ],
)
def test_image_in_parts_moves_part_by_part(old, new):
    result = _rewrite(_custom(old)).text
    # Quotes are put where they need not be, but never left out where they must.
    assert result.replace('"', "") == _custom(new).replace('"', "")
    assert [use.reference.name for use in find_in_text(result)] == ["mirror.local:5000/apps/a/b"]


def test_stream_keeps_everything_between_the_images():
    text = (
        "# head\n---\n# Source: a/templates/x.yaml\n" + _pod("- image: a/b:1") + "\n\n--- # odd\n\n"
        "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: win}\r\n---\n# nothing\n---\n"
        + _pod("- image: c/d:2")
        + "..."
    )
    expected = text.replace("a/b:1", "mirror.local:5000/apps/a/b:1").replace("c/d:2", "mirror.local:5000/apps/c/d:2")
    assert _rewrite(text).text == expected


def test_image_that_is_there_already_stays():
    text = _pod("- image: mirror.local:5000/apps/a/b:1")
    assert _rewrite(text).text == text
    assert _rewrite(text).moved == ()


def test_definitions_of_resources_are_no_images():
    text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: 'a/b:1'}\n"
    assert _rewrite(text).text == text


def test_what_is_no_reference_is_told_and_stays():
    text = _pod("- image: a b", "- image: ''", "- image: x")
    result = _rewrite(text)
    assert result.text == text.replace("image: x", "image: mirror.local:5000/apps/x")
    assert [(use.text, reason) for use, reason in result.left] == [("a b", "invalid reference format")]


def test_only_what_is_meant_moves():
    text = _pod("- image: a/b:1") + "---\n" + _config("  x.yaml: 'image: c/d:2'\n")
    result = rewrite_images(text, _MIRROR, lambda use: use.certainty is Certainty.CERTAIN)
    assert result.text == text.replace("a/b:1", "mirror.local:5000/apps/a/b:1")


def test_pinned_image_gets_its_digest():
    pins = {"a/b:1": _DIGEST}
    text = _pod("- image: a/b:1", "- image: c/d:2", f"- image: e/f@{_DIGEST}")
    result = _rewrite(text, pin=lambda reference: pins.get(reference.text, ""))
    assert f"- image: mirror.local:5000/apps/a/b:1@{_DIGEST}\n" in result.text
    assert "- image: mirror.local:5000/apps/c/d:2\n" in result.text
    assert f"- image: mirror.local:5000/apps/e/f@{_DIGEST}\n" in result.text


def test_image_in_parts_has_no_place_for_a_digest():
    text = _custom("  image: {repository: quay.io/a/b, tag: v1}\n")
    result = _rewrite(text, pin=lambda reference: _DIGEST)
    assert result.text == text
    assert [reason for _, reason in result.left] == ["it is written in parts, and has no place for a digest"]


def test_two_images_of_one_new_name_are_refused():
    with pytest.raises(InputError, match="docker.io/a/b and quay.io/a/b would both become mirror.local:5000/apps/a/b"):
        _rewrite(_pod("- image: a/b:1", "- image: quay.io/a/b:1"))


@pytest.mark.parametrize(
    ("text", "position"),
    [("a: 1\n---\nb: [\n", "manifests:3:"), ("- a\n", "manifests:1:1"), ("a\n", "manifests:1:1")],
    ids=["no-yaml", "list", "text"],
)
def test_stream_that_is_no_manifests_is_refused_with_its_place(text, position):
    with pytest.raises(TemplateError) as caught:
        _rewrite(text)
    assert str(caught.value.position).startswith(position)


def test_alias_that_no_image_is_keeps_its_value():
    text = _pod("- image: &i a/b:1\n    workingDir: *i")
    assert _rewrite(text).text == _pod("- image: &i mirror.local:5000/apps/a/b:1\n    workingDir: a/b:1")


def test_kustomize_block_has_each_name_once():
    text = _pod("- image: nginx:1", "- image: nginx:2", "- image: docker.io/library/redis", f"- image: q/r@{_DIGEST}")
    assert images_block(_rewrite(text).moved) == [
        {"name": "docker.io/library/redis", "newName": "mirror.local:5000/apps/redis"},
        {"name": "nginx", "newName": "mirror.local:5000/apps/nginx"},
        {"name": "q/r", "newName": "mirror.local:5000/apps/q/r"},
    ]


def test_kustomize_block_has_digests_where_all_tags_of_a_name_get_the_same():
    text = _pod("- image: nginx:1", "- image: redis:1", "- image: redis:2")
    found = images_block(_rewrite(text, pin=lambda reference: "" if reference.tag == "2" else _DIGEST).moved)
    assert [entry.get("digest") for entry in found] == [_DIGEST, None]


def test_registry_with_brackets_is_quoted():
    text = _pod("- image: nginx:1")
    result = rewrite_images(text, read_destination("[::1]:5000/x"), lambda use: True)
    assert result.text == _pod('- image: "[::1]:5000/x/nginx:1"') or "'[::1]:5000/x/nginx:1'" in result.text
    assert [use.reference for use in find_in_text(result.text)] == [ImageReference.parse("[::1]:5000/x/nginx:1")]
