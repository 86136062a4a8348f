from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.cli.output_dir import write_folder
from chartkit.errors import InputError
from chartkit.manifests.assemble import Assembled, AssembleOptions, assemble

_HOOK = "metadata: {annotations: {helm.sh/hook: test}}"


def _assembled() -> Assembled:
    files = {"tc/templates/a.yaml": f"a: 1\n---\nkind: Secret\n---\n{_HOOK}\n", "tc/templates/h.yaml": _HOOK}
    return assemble(files, crds=[("tc/crds/x.yaml", "x: 1\n")], options=AssembleOptions(include_crds=True))


def test_write_folder_puts_each_template_into_its_file(tmp_path: Path) -> None:
    folder = f"{tmp_path}/./out"
    assert write_folder(_assembled(), folder, "") == (
        f"wrote {folder}/tc/crds/x.yaml\n"
        f"wrote {folder}/tc/templates/a.yaml\n"
        f"wrote {folder}/tc/templates/a.yaml\n"
        f"wrote {folder}/tc/templates/a.yaml\n"
        f"wrote {folder}/tc/templates/h.yaml\n"
        "\n"
    )
    assert (tmp_path / "out/tc/crds/x.yaml").read_text() == "---\n# Source: tc/crds/x.yaml\nx: 1\n\n"
    assert (tmp_path / "out/tc/templates/a.yaml").read_text() == (
        "---\n# Source: tc/templates/a.yaml\nkind: Secret\n\n"
        "---\n# Source: tc/templates/a.yaml\na: 1\n\n"
        f"---\n# Source: tc/templates/a.yaml\n{_HOOK}\n\n"
    )


def test_write_folder_with_a_release_normalises_the_path_of_manifests_only(tmp_path: Path) -> None:
    folder = f"{tmp_path}/./out"
    report = write_folder(_assembled(), folder, "rel")
    assert f"wrote {folder}/tc/crds/x.yaml\n" in report
    assert f"wrote {tmp_path}/out/rel/tc/templates/h.yaml\n" in report


def test_write_folder_refuses_to_leave_the_folder(tmp_path: Path) -> None:
    assembled = assemble({"../../x/templates/a.yaml": "a: 1"})
    with pytest.raises(InputError, match="refusing to write"):
        write_folder(assembled, str(tmp_path / "out"), "")
    assert list(tmp_path.iterdir()) == []
