from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError
from chartkit.systems.task_api.places import images_of

FIXTURES = Path(__file__).parents[3] / "fixtures/task_api"


def test_the_image_of_a_task() -> None:
    (use,) = images_of(FIXTURES / "task.json")
    assert (use.text, use.place, use.resource.name) == ("kaapana/example:latest", "task", "example-task")
    assert str(use.position) == f"{FIXTURES}/task.json:3:13"
    assert use.span is not None
    assert use.file_text[slice(*use.span)] == use.text


def test_the_image_of_a_task_with_a_template(tmp_path: Path) -> None:
    path = tmp_path / "task.json"
    path.write_text('{"name": "t", "image": "{{ env.REGISTRY }}/x:1"}')
    (use,) = images_of(path, {"REGISTRY": "r.io"})
    assert use.reference is not None
    assert use.reference.canonical() == "r.io/x:1"


@pytest.mark.parametrize("path", [FIXTURES / "pipeline.py", FIXTURES])
def test_the_images_of_dags(path: Path) -> None:
    names = {"DEFAULT_REGISTRY": "r.io/k", "KAAPANA_BUILD_VERSION": "0.6.0"}
    uses = images_of(path, names=names)
    assert [use.reference.canonical() for use in uses if use.reference] == [
        "r.io/k/my-get-data:0.6.0",
        "r.io/k/my-processing:0.6.0",
        "r.io/k/my-upload:0.6.0",
    ]
    assert uses[0].position is not None
    assert uses[0].position.line == 10


def test_what_the_platform_fills_in_leaves_no_reference() -> None:
    use = images_of(FIXTURES / "pipeline.py")[0]
    assert use.reference is None
    assert use.text == "{DEFAULT_REGISTRY}/my-get-data:{KAAPANA_BUILD_VERSION}"
    assert use.span is not None
    assert use.file_text[slice(*use.span)] == use.text


@pytest.mark.parametrize(("name", "text"), [("x.json", "{}"), ("x.json", "[]"), ("x.py", "a = 1\n")])
def test_files_without_a_task_are_refused(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(InputError, match="no task"):
        images_of(path)
