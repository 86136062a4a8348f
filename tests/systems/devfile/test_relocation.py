from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.images.target import Layout, read_destination, read_mapping
from chartkit.images.use import Certainty
from chartkit.source import Source
from chartkit.systems.devfile.locations import collect
from chartkit.systems.devfile.relocation import BuildNames, Options, Relocation, mirror_list, needed_copies, relocate

FIXTURES = Path(__file__).parents[3] / "fixtures/devfiles"
STACKS = sorted(path.parent.name for path in FIXTURES.glob("*/devfile.yaml"))
TO = "registry.local:5000/airgap"

_HEAD = "schemaVersion: 2.2.2\nmetadata: {name: demo}\n"
_DIGEST = "sha256:" + "a" * 64


def _devfile(folder: Path, image: str, more: str = "") -> Path:
    path = folder / "devfile.yaml"
    path.write_text(f"{_HEAD}{more}components:\n- name: a\n  container:\n    image: {image}  # kept\n")
    return path


def _moved(path: Path, layout: Layout = Layout.LEAF, mapping: str = "", options: Options | None = None) -> Relocation:
    destination = read_destination(TO, layout, read_mapping(Source("map", mapping)) if mapping else ())
    return relocate(collect([path]).images, destination, options)


def _write(relocation: Relocation) -> None:
    for path, text in relocation.texts.items():
        path.write_bytes(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("stack", STACKS)
def test_only_the_images_of_a_real_stack_change_and_only_once(tmp_path: Path, stack: str, layout: Layout) -> None:
    folder = shutil.copytree(FIXTURES / stack, tmp_path / stack)
    before = {path: path.read_text() for path in folder.rglob("*") if path.is_file()}
    first = _moved(folder, layout)
    _write(first)
    for path, text in before.items():
        undone = path.read_text()
        for change in reversed([each for each in first.changes if each.image.path == path]):
            undone = undone.replace(change.written, change.image.expanded.written)
        assert undone == text
    again = _moved(folder, layout)
    assert not again.changes
    assert all(TO in image.expanded.text for image in collect([folder]).needed)


@pytest.mark.parametrize(
    ("layout", "written"),
    [
        (Layout.LEAF, f"{TO}/nodejs-16:latest"),
        (Layout.PATH, f"{TO}/ubi8/nodejs-16:latest"),
        (Layout.HASH, f"{TO}/nodejs-16-b0766cb6:latest"),
        (Layout.SOURCE, f"{TO}/registry.access.redhat.com/ubi8/nodejs-16:latest"),
    ],
)
def test_the_image_of_the_guide_in_every_layout(layout: Layout, written: str) -> None:
    (change,) = _moved(FIXTURES / "nodejs-16-latest", layout).changes
    assert change.written == written


@pytest.mark.parametrize(
    ("image", "more", "written"),
    [
        ("quay.io/x/app:1", "", f"{TO}/app:1"),
        ("'quay.io/x/app:1'", "", f"{TO}/app:1"),
        ('"quay.io/x/app:1"', "", f"{TO}/app:1"),
        ("ubi8/openjdk-11", "", f"{TO}/openjdk-11:latest"),
        ("nginx", "", f"{TO}/nginx:latest"),
        (f"bitnami/mongodb@{_DIGEST}", "", f"{TO}/mongodb@{_DIGEST}"),
        (f"q.io/x/y:1@{_DIGEST}", "", f"{TO}/y:1@{_DIGEST}"),
        ("icr.io/appcafe/ol:{{v}}-gradle", "variables: {v: 22.0.0.1}\n", f"{TO}/ol:{{{{v}}}}-gradle"),
        ("'icr.io/appcafe/ol{{t}}'", "variables: {t: ':1'}\n", f"{TO}/ol{{{{t}}}}"),
        ("&a quay.io/x/app:1", "", f"{TO}/app:1"),
    ],
)
def test_an_image_is_changed_where_it_stands(tmp_path: Path, image: str, more: str, written: str) -> None:
    path = _devfile(tmp_path, image, more)
    relocation = _moved(path)
    (change,) = relocation.changes
    assert change.written == written
    text = path.read_text()
    old = change.image.expanded.written
    assert relocation.texts[path] == text.replace(old, written)


def test_an_image_with_escapes_is_written_anew(tmp_path: Path) -> None:
    path = _devfile(tmp_path, '"quay.io\\u002Fx/app:1"')
    assert f'image: "{TO}/app:1"  # kept' in _moved(path).texts[path]


def test_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_bytes(_HEAD.encode() + b"# \xc3\xa9\r\ncomponents:\r\n- name: a\r\n  container: {image: q.io/a:1}\r\n")
    before = path.read_bytes()
    _write(_moved(path))
    assert path.read_bytes() == before.replace(b"q.io", TO.encode())


def test_odd_bytes_of_a_dockerfile_stay(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"# \xff\r\nFROM q.io/a:1\r\nLABEL a=\xfe")
    _write(_moved(path))
    assert path.read_bytes() == b"# \xff\r\nFROM " + TO.encode() + b"/a:1\r\nLABEL a=\xfe"


@pytest.mark.parametrize("image", ["'quay.io/{{org}}/app:1'", "'{{org}}'"])
def test_a_variable_in_a_name_needs_a_mapping(tmp_path: Path, image: str) -> None:
    path = _devfile(tmp_path, image, "variables: {org: team}\n")
    with pytest.raises(InputError, match="a variable is part of its name") as caught:
        _moved(path)
    assert str(caught.value.position) == f"{path}:7:13"
    assert "--map" in caught.value.hint


def test_a_mapping_says_where_a_name_with_a_variable_goes(tmp_path: Path) -> None:
    path = _devfile(tmp_path, "'quay.io/{{org}}/app:{{v}}'", "variables: {org: team, v: '1'}\n")
    (change,) = _moved(path, mapping="quay.io/team/app: other.local/web\n").changes
    assert change.written == "other.local/web:{{v}}"


def test_a_variable_without_a_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing says what v is"):
        _moved(_devfile(tmp_path, "'quay.io/x:{{v}}'"))


def test_all_that_stands_against_a_move_is_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _devfile(tmp_path / name, "'quay.io/x:{{v}}'")
    with pytest.raises(InputError) as caught:
        _moved(tmp_path)
    assert [line.partition(": ")[0] for line in str(caught.value).splitlines()] == [
        f"{tmp_path}/one/devfile.yaml:6:13",
        f"{tmp_path}/two/devfile.yaml:6:13",
    ]


def _two(folder: Path) -> Path:
    path = folder / "devfile.yaml"
    path.write_text(
        f"{_HEAD}components:\n- {{name: a, container: {{image: 'q.io/ubi8/openjdk-17:1'}}}}\n"
        "- {name: b, container: {image: 'q.io/ubi9/openjdk-17:1'}}\n"
    )
    return path


def test_images_that_would_become_one_are_both_named(tmp_path: Path) -> None:
    path = _two(tmp_path)
    with pytest.raises(InputError) as caught:
        _moved(path)
    assert str(caught.value) == (
        f"q.io/ubi8/openjdk-17:1 ({path}:4:33) and q.io/ubi9/openjdk-17:1 ({path}:5:33) would both become "
        f"{TO}/openjdk-17"
    )
    assert "--layout path" in caught.value.hint


@pytest.mark.parametrize("layout", [Layout.PATH, Layout.HASH, Layout.SOURCE])
def test_other_layouts_keep_them_apart(tmp_path: Path, layout: Layout) -> None:
    assert len({change.written for change in _moved(_two(tmp_path), layout).changes}) == 2


def test_a_mapping_keeps_them_apart(tmp_path: Path) -> None:
    assert len(_moved(_two(tmp_path), mapping="q.io/ubi9: registry.local:5000/ubi9\n").changes) == 2


def test_two_tags_of_one_image_are_no_clash(tmp_path: Path) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text(
        f"{_HEAD}components:\n- {{name: a, container: {{image: 'q.io/a:1'}}}}\n"
        "- {name: b, container: {image: 'q.io/a:2'}}\n"
    )
    assert len(_moved(path).changes) == 2


def test_names_of_builds_stay_by_themselves() -> None:
    relocation = _moved(FIXTURES / "java-springboot-2.2.0")
    assert "java-springboot-image" not in " ".join(change.written for change in relocation.changes)


def test_names_of_builds_follow_the_rule_of_the_devfile_library() -> None:
    relocation = _moved(FIXTURES / "java-wildfly-2.0.1", options=Options(BuildNames("quay.io/me/", "9")))
    built = [change for change in relocation.changes if change.target is None]
    assert [(change.image.path.name, change.written) for change in built] == [
        ("devfile.yaml", "quay.io/me/wildfly-start-getting-started:9"),
        ("deploy.yaml", "quay.io/me/wildfly-start-getting-started:9"),
    ]
    assert not any("getting-started" in str(source) for source, _ in relocation.copies)


@pytest.mark.parametrize(
    ("image_name", "used", "written"),
    [
        ("app", "app:other", "r.io/demo-app:2"),
        ("app", "quay.io/x/app:1", "r.io/demo-app:2"),
        ("some/app:1", "app", "r.io/demo-app:2"),
        ("docker.io/app", "app", "r.io/demo-app:2"),
        ("app", "quay.io/x/app2", f"{TO}/app2:latest"),
        ("quay.io/me/app:1", "quay.io/x/app:1", f"{TO}/app:1"),
    ],
)
def test_uses_of_builds_are_known_by_the_last_part(tmp_path: Path, image_name: str, used: str, written: str) -> None:
    path = tmp_path / "devfile.yaml"
    path.write_text(
        f"{_HEAD}components:\n- {{name: b, image: {{imageName: '{image_name}'}}}}\n"
        f"- {{name: c, container: {{image: '{used}'}}}}\n"
    )
    changes = _moved(path, options=Options(BuildNames("r.io", "2"))).changes
    assert changes[-1].written == written


def test_a_second_run_with_builds_changes_nothing(tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "go-2.6.0", tmp_path / "go")
    options = Options(BuildNames("quay.io/me", "9"))
    _write(_moved(folder, options=options))
    assert not _moved(folder, options=options).changes


def test_a_bad_name_for_builds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be built as Q U"):
        _moved(FIXTURES / "go-2.6.0", options=Options(BuildNames("Q U")))


def test_inlined_manifests_are_changed_in_place(tmp_path: Path) -> None:
    path = tmp_path / "devfile.yaml"
    text = (
        f"{_HEAD}components:\n- name: a\n  kubernetes:\n    inlined: |\n      # a comment\n      apiVersion: v1\n"
        "      kind: Pod\n      spec:\n        containers:\n        - name: c\n          image: quay.io/x/a:1 # why\n"
        '- name: b\n  openshift:\n    inlined: "apiVersion: v1\\nkind: Pod\\nspec: {containers: '
        '[{name: c, image: q.io/b}]}"\n'
    )
    path.write_text(text)
    moved = _moved(path).texts[path]
    assert moved == text.replace("quay.io/x/a:1", f"{TO}/a:1").replace("q.io/b", f"{TO}/b:latest")


@pytest.mark.parametrize(
    ("image", "changed"),
    [
        (">-\n      q.io/a:1", f">-\n      {TO}/a:1"),
        ("|-\n      q.io/a:1", f"|-\n      {TO}/a:1"),
        ("!!str 'q.io/a:1'", f"!!str '{TO}/a:1'"),
        ("'q.io/a:1' # not q.io/a:1", f"'{TO}/a:1' # not q.io/a:1"),
    ],
)
def test_an_image_may_be_written_in_any_style(tmp_path: Path, image: str, changed: str) -> None:
    path = _devfile(tmp_path, image)
    if image[:1] in ">|":
        path.write_text(path.read_text().replace("  # kept", ""))
    text = path.read_text()
    assert _moved(path).texts[path] == text.replace(image, changed)


def _inlined(folder: Path, inlined: str) -> Path:
    path = folder / "devfile.yaml"
    path.write_text(f"{_HEAD}components:\n- name: a\n  kubernetes:\n    inlined: {inlined}\n")
    return path


_LINES = ("apiVersion: v1", "kind: Pod", "spec:", "  containers:", "  - name: c", "    image: %s")


@pytest.mark.parametrize(
    ("image", "changed"),
    [
        ('"q.io\\u002fa:1"', f'"{TO}/a:1"'),
        (">-\n            q.io/a:1", f">-\n            {TO}/a:1"),
        ("q.io/a:1 # not q.io/a:1", f"{TO}/a:1 # not q.io/a:1"),
    ],
)
def test_an_image_in_an_inlined_manifest_may_be_written_in_any_style(tmp_path: Path, image: str, changed: str) -> None:
    body = "".join(f"\n      {line}" for line in _LINES)
    path = _inlined(tmp_path, f"|{body % image}")
    assert _moved(path).texts[path] == path.read_text().replace(image, changed)


def test_a_manifest_with_escapes_in_which_nobody_can_tell_the_place_is_refused(tmp_path: Path) -> None:
    body = "\\n".join(_LINES) % "q.io/a:1 # q.io/a:1"
    path = _inlined(tmp_path, f'"{body}"')
    with pytest.raises(InputError, match="cannot be changed where it stands") as caught:
        _moved(path)
    assert str(caught.value.position) == f"{path}:6:14"


def test_what_is_only_likely_an_image_is_left_and_told(tmp_path: Path) -> None:
    manifest = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: q.io/a:1, "
        "env: [{name: RELATED_IMAGE_X, value: 'q.io/b:1'}]}]}\n"
    )
    (tmp_path / "m.yaml").write_text(manifest)
    (tmp_path / "devfile.yaml").write_text(f"{_HEAD}components: [{{name: a, kubernetes: {{uri: m.yaml}}}}]\n")
    relocation = _moved(tmp_path)
    assert [change.written for change in relocation.changes] == [f"{TO}/a:1"]
    assert [text for _, text in relocation.left] == ["q.io/b:1 is left alone: it is only likely an image"]
    both = _moved(tmp_path, options=Options(certainty=Certainty.LIKELY))
    assert [change.written for change in both.changes] == [f"{TO}/a:1", f"{TO}/b:1"]


def test_a_base_image_that_the_build_decides_is_left_and_told(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("ARG BASE\nFROM $BASE\nFROM q.io/a:1\n")
    relocation = _moved(path)
    assert relocation.texts[path] == f"ARG BASE\nFROM $BASE\nFROM {TO}/a:1\n"
    assert "nothing says what BASE is" in relocation.left[0][1]


def test_an_image_in_an_argument_is_changed_there(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text('ARG BASE="q.io/a:1"\nFROM ${BASE} AS b\nFROM $BASE\nCOPY --from=b /x /y\n')
    assert _moved(path).texts[path] == f'ARG BASE="{TO}/a:1"\nFROM ${{BASE}} AS b\nFROM $BASE\nCOPY --from=b /x /y\n'


def test_two_devfiles_cannot_want_one_text_to_be_two(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "devfile.yaml").write_text(
            f"{_HEAD}variables: {{i: 'q.io/{name}:1'}}\ncomponents: [{{name: a, kubernetes: {{uri: ../m.yaml}}}}]\n"
        )
    (tmp_path / "m.yaml").write_text("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, image: '{{i}}'}]}\n")
    mapping = "q.io/one: r.io/one\nq.io/two: r.io/two\n"
    with pytest.raises(InputError, match="would have to become both"):
        _moved(tmp_path, mapping=mapping)


def test_digests_of_a_lock_are_written_behind_the_tag(tmp_path: Path) -> None:
    path = _devfile(tmp_path, "nginx")
    lock = {"docker.io/library/nginx:latest": _DIGEST}
    relocation = _moved(path, options=Options(digest_of=lambda image: lock.get(image.canonical(), "")))
    assert [change.written for change in relocation.changes] == [f"{TO}/nginx:latest@{_DIGEST}"]
    assert mirror_list(relocation.copies) == (
        f"docker.io/library/nginx:latest@{_DIGEST}\t{TO}/nginx:latest@{_DIGEST}\n"
    )


def test_copies_name_what_is_pulled_and_what_it_becomes() -> None:
    copies = list(needed_copies(collect([FIXTURES / "nodejs-mongodb"]).images, read_destination(TO, Layout.LEAF)))
    assert [str(source).partition("@")[0] for source, _ in copies] == [
        "quay.io/devfile/universal-developer-image",
        "docker.io/bitnami/mongodb",
    ]
    assert [source.digest for source, _ in copies] == [target.digest for _, target in copies]


def test_the_images_of_the_index_build_stay(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/Dockerfile.offline").write_text("FROM q.io/base:next\n")
    assert not _moved(tmp_path).changes
