from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from chartkit.chart.files import File
from chartkit.chart.loader import chart_from_files, load_chart
from chartkit.errors import LoadError
from chartkit.profile import HELM_3_17, HELM_4_3

NAMED = "apiVersion: v2\nname: tc\nversion: 0.1.0\n"


def folder(root: Path, **files: str) -> Path:
    for name, text in {"Chart.yaml": NAMED, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def files(**texts: str) -> list[File]:
    return [File(name, text.encode()) for name, text in {"Chart.yaml": NAMED, **texts}.items()]


def test_folder_is_sorted_into_its_parts(tmp_path: Path) -> None:
    folder(
        tmp_path,
        **{
            "values.yaml": "\ufeffa: 1\n",
            "values.schema.json": "{}",
            "templates/t.yaml": "x",
            "templates/.hidden": "x",
            "crds/c.yaml": "c",
            "README.md": "r",
            "Chart.lock": "digest: d\n",
            "requirements.yaml": "",
            "charts/README.prov": "p",
            "charts/s1/Chart.yaml": "name: s1\nversion: 1.0.0\n",
            ".helmignore": "*.bak\n",
            "old.bak": "",
        },
    )
    chart = load_chart(tmp_path)
    assert chart.values == {"a": 1.0}
    assert chart.schema == b"{}"
    assert chart.lock is not None
    assert [file.name for file in chart.templates] == ["templates/t.yaml"]
    assert [file.name for file in chart.files] == [".helmignore", "README.md", "charts/README.prov", "crds/c.yaml"]
    assert [file.name for file in chart.crds] == ["crds/c.yaml"]
    assert [part.full_path for part in chart.walk()] == ["tc", "tc/charts/s1"]
    assert [part.is_root for part in chart.walk()] == [True, False]


def test_requirements_are_files_in_charts_of_the_first_version_only() -> None:
    texts = {"requirements.yaml": "dependencies: [{name: s1, version: 1.x}]"}
    old = chart_from_files(files(**texts, **{"Chart.yaml": "name: tc\nversion: 1.0.0\n"}))
    new = chart_from_files(files(**texts))
    assert [file.name for file in old.files] == ["requirements.yaml"]
    assert new.files == ()
    assert [item.name for item in old.metadata.dependencies] == ["s1"]
    assert len(new.warnings) == 1


def test_several_documents_of_values_count_in_helm_4() -> None:
    texts = files(**{"values.yaml": "a: {x: 1}\n---\na: {z: 2}\n"})
    assert chart_from_files(texts, profile=HELM_4_3).values == {"a": {"x": 1.0, "z": 2.0}}
    assert chart_from_files(texts, profile=HELM_3_17).values == {"a": {"x": 1.0}}


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ({"charts/README.md": "x"}, "error unpacking subchart README.md in tc: Chart.yaml file is missing"),
        ({"charts/n/values.yaml": "a: 1"}, "error unpacking subchart n in tc: Chart.yaml file is missing"),
        ({"charts/x.tgz/a": "a"}, "error unpacking subchart tar in tc: expected x.tgz, got x.tgz/a"),
        ({"charts/x.tgz": "nope"}, "error unpacking subchart x.tgz in tc: unexpected EOF"),
        (
            {"values.yaml": "a: ["},
            "cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: "
            "yaml: line 1: did not find expected node content",
        ),
        (
            {"values.yaml": "a: 1\n--- x\n"},
            "cannot load values.yaml: error reading yaml document: invalid Yaml document separator: x",
        ),
        (
            {"Chart.lock": "generated: x"},
            "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: parsing time "
            '"x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_broken_chart_is_refused_in_helms_words(texts: dict[str, str], error: str) -> None:
    with pytest.raises(LoadError) as caught:
        chart_from_files(files(**texts))
    assert str(caught.value) == error


def test_broken_values_are_told_with_their_position(tmp_path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        load_chart(folder(tmp_path, **{"values.yaml": "a: 1\nb: [x\n"}))
    assert caught.value.position is not None
    assert caught.value.position.source.name.endswith("values.yaml")


@pytest.mark.parametrize("name", ["_x", ".x"])
def test_hidden_subchart_is_skipped(name: str) -> None:
    assert chart_from_files(files(**{f"charts/{name}/y": "z"})).dependencies == ()


def test_library_has_only_its_partials_as_templates() -> None:
    chart = chart_from_files(
        files(**{"Chart.yaml": NAMED + "type: library\n", "templates/_h.tpl": "", "templates/t.yaml": ""})
    )
    assert [file.name for file in chart.active_templates] == ["templates/_h.tpl"]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("./nosuch", 'path "./nosuch" not found'),
        ("/nosuch/x", 'path "/nosuch/x" not found'),
        ("nosuch", "non-absolute URLs should be in form of repo_name/path_to_chart, got: nosuch"),
        ("a/b", "repo a not found"),
    ],
)
def test_missing_chart_is_told_in_helms_words(path: str, error: str) -> None:
    with pytest.raises(LoadError) as caught:
        load_chart(path)
    assert str(caught.value) == error


def test_folder_without_chart_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="unable to detect chart at .*: no such file or directory"):
        load_chart(tmp_path)
    with pytest.raises(LoadError, match=r"^Chart.yaml file is missing$"):
        load_chart(tmp_path, profile=HELM_3_17)


def test_unknown_api_version_is_refused_by_helm_4(tmp_path: Path) -> None:
    folder(tmp_path, **{"Chart.yaml": NAMED.replace("v2", "v9")})
    assert load_chart(tmp_path, profile=HELM_3_17).name == "tc"
    with pytest.raises(LoadError, match="unsupported chart version"):
        load_chart(tmp_path)


def test_link_inside_the_chart_is_followed(tmp_path: Path) -> None:
    folder(tmp_path, **{"real.txt": "x", "d/e.txt": "z"})
    (tmp_path / "link.txt").symlink_to("real.txt")
    (tmp_path / "w").symlink_to("d")
    chart = load_chart(tmp_path, follow_outside_links=False)
    assert [file.name for file in chart.files] == ["d/e.txt", "link.txt", "real.txt", "w/e.txt"]


def test_link_out_of_the_chart_can_be_refused(tmp_path: Path) -> None:
    chart = folder(tmp_path / "c")
    (tmp_path / "secret").write_text("s")
    (chart / "templates").mkdir()
    (chart / "templates/leak.yaml").symlink_to("../../secret")
    with pytest.raises(LoadError, match=r"the link templates/leak.yaml leads out of the chart"):
        load_chart(chart, follow_outside_links=False)
    assert load_chart(chart, follow_outside_links=True).templates[0].data == b"s"


def test_broken_link_is_refused(tmp_path: Path) -> None:
    (folder(tmp_path) / "x").symlink_to("nosuch")
    with pytest.raises(LoadError, match="error evaluating symlink .*: no such file or directory"):
        load_chart(tmp_path)


def test_link_in_circles_is_refused(tmp_path: Path) -> None:
    (folder(tmp_path) / "x").symlink_to(".")
    with pytest.raises(LoadError, match="the link x leads to a folder around it"):
        load_chart(tmp_path)


def test_archive_in_the_charts_folder_is_unpacked(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in {"s/Chart.yaml": b"name: s\nversion: 1.0.0\n", "s/templates/t.yaml": b"a"}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    (folder(tmp_path, **{"charts/.keep/x": ""}) / "charts/s-1.0.0.tgz").write_bytes(stream.getvalue())
    (child,) = load_chart(tmp_path).dependencies
    assert (child.full_path, child.location) == ("tc/charts/s", "charts/s-1.0.0.tgz")


def test_undecodable_bytes_survive() -> None:
    chart = chart_from_files([*files(), File("bin", b"\xff\xfea")])
    assert chart.files[0].text.encode("utf-8", "surrogateescape") == b"\xff\xfea"


def test_digest_changes_with_any_file() -> None:
    one = chart_from_files(files(**{"a": "1", "b": "2"}))
    same = chart_from_files([*files(**{"b": "2"}), File("a", b"1")])
    other = chart_from_files(files(**{"a": "12", "b": ""}))
    assert one.digest == same.digest != other.digest
