"""Every rule about workflow extensions finds its fault at its place, and a right extension has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartkit.errors import InputError, LoadError
from chartkit.systems.kaapana.check import NewRegistry, check_workflow
from chartkit.systems.kaapana.extension import read_extension
from chartkit.systems.kaapana.platform import Platform
from chartkit.systems.kaapana.registry import secret_name
from chartkit.systems.kaapana.rewrite import rewrite_folder
from chartkit.systems.kaapana.rules import RULES

ROOT = Path(__file__).parents[3]
DEFECT = ROOT / "fixtures" / "kaapana" / "prefetch-defect"
URL = "reg.example.com/team"
VALUES = "extension/otsus-method-workflow/values.yaml"
REQUIREMENTS = "extension/otsus-method-workflow/requirements.yaml"
OPERATOR = "extension/docker/files/OtsusMethodOperator.py"
INSTALLER_FILE = "extension/docker/Dockerfile"

Found = list[tuple[str, str, str]]


def check(folder: Path, *urls: str) -> Found:
    """Each finding's rule, place below the folder, and message."""
    extension = read_extension(folder)
    said: Found = []
    for workflow in extension.workflows:
        _, remarks = check_workflow(extension, workflow, Platform(), [NewRegistry(url) for url in urls])
        for rule, remark in remarks:
            position = remark.position
            name = Path(position.source.name) if position else None
            inside = name.relative_to(folder) if name and name.is_relative_to(folder) else name
            said.append((rule.id, f"{inside}:{position.line}:{position.column}" if position else "", remark.message))
    return said


def ids(found: Found) -> list[str]:
    return sorted({rule for rule, _, _ in found})


def of(found: Found, rule: str) -> list[tuple[str, str]]:
    return [(place, message) for each, place, message in found if each == rule]


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def right(extension: Path) -> Path:
    """The example after the guide's steps, with what the guide forgets put right too."""
    for each in rewrite_folder(extension, URL):
        each.file.path.write_bytes(each.data.replace(b'["registry-secret"]', b'["registry-secret-cb67"]'))
    return extension


def test_guides_example_lacks_the_registry_and_its_secret_in_both_operators(extension: Path) -> None:
    found = check(extension)
    assert ids(found) == ["CK304", "CK305", "CK311"]
    assert of(found, "CK311")[0] == (
        f"{OPERATOR}:20:21",
        "{DEFAULT_REGISTRY}/otsus-method:{KAAPANA_BUILD_VERSION} is not from reg.example.com/team",
    )
    assert len(of(found, "CK311")) == len(of(found, "CK304")) == 2


def test_example_after_the_guides_steps_keeps_the_gaps_of_the_platform(right: Path) -> None:
    found = check(right, URL)
    assert ids(found) == ["CK305", "CK306"]
    assert of(found, "CK305") == [
        (f"{REQUIREMENTS}:1:1", "dependencies stand in requirements.yaml, though Chart.yaml is of apiVersion v2")
    ]
    assert of(found, "CK306")[0][1].endswith("the platform's installer takes it for reg.example.com/otsus-method")


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://reg.example.com/team", "has a scheme"),
        ("reg.example.com/team/", "ends with a slash"),
        ("reg.example.com/my team", "has blanks"),
    ],
)
def test_ck302_url_that_cannot_stand_before_an_image(right: Path, url: str, fault: str) -> None:
    edit(right, VALUES, f'"{URL}"', f'"{url}"')
    assert (f"{VALUES}:5:24", f"global.custom_registry_url {fault}: {url}") in of(check(right), "CK302")


@pytest.mark.parametrize("typed", ["https://reg.example.com/team", "reg.example.com/team/", "Reg.example.com/team"])
def test_ck302_new_registry_with_another_text_makes_another_secret(right: Path, typed: str) -> None:
    places = of(check(right, typed), "CK302")
    message = (
        f"the chart names the secret registry-secret-cb67 for {URL}, New Registry {secret_name(typed)} for {typed}"
    )
    assert (f"{VALUES}:5:24", message) in places


def test_ck302_new_registry_in_the_folder_counts(right: Path) -> None:
    chart = right / "registry"
    chart.mkdir()
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: custom-registry-chart\nversion: 0.0.0\n")
    (chart / "values.yaml").write_text("global:\n  custom_registry_url: reg.example.com/team/\n")
    places = [place for place, _ in of(check(right), "CK302")]
    assert places == ["registry/values.yaml:2:24", f"{VALUES}:5:24"]


def test_ck302_is_silent_where_one_new_registry_fits(right: Path) -> None:
    assert of(check(right, "other.example.com", URL), "CK302") == []


def test_ck303_two_registries_with_one_name(right: Path) -> None:
    wanted = secret_name(URL)
    twin = next(url for number in range(10**6) if secret_name(url := f"reg.example.com/t{number}") == wanted)
    assert of(check(right, URL, twin), "CK303") == [(f"{VALUES}:5:24", f"{URL} and {twin} both have {wanted}")]


@pytest.mark.parametrize(
    ("new", "place", "named"),
    [
        ('image_pull_secrets=["registry-secret"]', f"{OPERATOR}:21:32", "registry-secret"),
        ("retries=1", f"{OPERATOR}:20:21", "registry-secret, by default"),
        ("image_pull_secrets=SECRETS", f"{OPERATOR}:21:32", "registry-secret, by default"),
    ],
    ids=["the-platforms", "none", "unknown"],
)
def test_ck304_operator_without_the_registrys_secret(right: Path, new: str, place: str, named: str) -> None:
    edit(right, OPERATOR, 'image_pull_secrets=["registry-secret-cb67"]', new)
    image = f"{URL}/otsus-method:{{KAAPANA_BUILD_VERSION}}"
    message = f"{image} needs registry-secret-cb67, and the operator names {named}"
    assert of(check(right), "CK304") == [(place, message)]


@pytest.mark.parametrize(
    ("url", "written", "fault"),
    [
        ("localhost:32000", 'image=f"localhost:32000/x:{V}"', "does not see it: the host has a port"),
        ("r.io", 'image=f"r.io/a/b/x:{V}"', "does not see it: its path has several levels"),
        ("r.io", f'image="r.io/x@sha256:{"a" * 64}"', "does not see it: it has a digest"),
        ("r.io", 'image = f"r.io/x:{V}"', "does not see it, as blanks stand around ="),
        ("r.io", 'image=f"r.io/a/x:{V}"', "takes it for r.io/x"),
        ("r.io", 'image=f"r.io/x:{V}"', ""),
    ],
    ids=["port", "two-levels", "digest", "blanks", "path", "right"],
)
def test_ck306_image_that_the_installers_pattern_reads_wrongly(right: Path, url: str, written: str, fault: str) -> None:
    edit(right, VALUES, URL, url)
    (right / "extension/docker/files/OtsusNotebookOperator.py").unlink()
    edit(right, OPERATOR, f'image=f"{URL}/otsus-method:{{KAAPANA_BUILD_VERSION}}"', written)
    messages = [message.partition("the platform's installer ")[2] for _, message in of(check(right), "CK306")]
    assert messages == ([fault] if fault else [])


def test_ck307_braces_behind_the_image_of_a_prefetch() -> None:
    place, message = of(check(DEFECT), "CK307")[0]
    assert message == "the image is 'reg.example.com/team/dag-otsus-method:0.0.0  }}'"
    assert place.endswith("charts/dag-installer-chart/templates/get.yaml:18:22")


@pytest.mark.parametrize("image", ["otsus-method", ""])
def test_ck308_installer_whose_name_does_not_begin_with_dag(right: Path, image: str) -> None:
    edit(right, VALUES, 'image: "dag-otsus-method"', f'image: "{image}"')
    if not image:
        # Without a name the chart does not render at all.
        edit(right, REQUIREMENTS, "../../../../../charts/dag-installer-chart/", "elsewhere")
    assert of(check(right), "CK308") == [
        (f"{VALUES}:3:10", f"global.image is {image or 'not set'}, which does not begin with dag-")
    ]


def test_ck309_dockerfile_with_another_label(right: Path) -> None:
    edit(right, INSTALLER_FILE, 'IMAGE="dag-otsus-method"', 'IMAGE="dag-otsus"')
    assert of(check(right), "CK309") == [
        (f"{INSTALLER_FILE}:4:13", "LABEL IMAGE is dag-otsus, and global.image is dag-otsus-method")
    ]


def test_ck309_no_dockerfile_for_the_installer(right: Path) -> None:
    (right / INSTALLER_FILE).unlink()
    assert of(check(right), "CK309") == [(f"{VALUES}:3:10", "no Dockerfile has LABEL IMAGE=dag-otsus-method")]


@pytest.mark.parametrize(("wanted", "is_found"), [("0.6.0", True), (">=1", True), ("0.x.x", False), ("0.0.0", False)])
def test_ck310_installer_of_another_version_than_asked_for(right: Path, wanted: str, is_found: bool) -> None:
    edit(right, REQUIREMENTS, "version: 0.0.0", f"version: '{wanted}'")
    message = f"the installer's image gets the tag 0.0.0, and version {wanted} of dag-installer-chart is asked for"
    assert of(check(right), "CK310") == ([(f"{REQUIREMENTS}:4:14", message)] if is_found else [])


def test_ck310_template_that_writes_another_tag(right: Path) -> None:
    template = right.parents[2] / "charts/dag-installer-chart/templates/_installer.tpl"
    template.write_text(template.read_text().replace(".Chart.Version -}}", '"0.6.0" -}}'))
    assert [message for _, message in of(check(right), "CK310")] == [
        "the installer's image gets the tag 0.6.0, not the version 0.0.0 of dag-installer-chart"
    ]


def test_ck311_image_from_a_third_registry_is_a_warning(right: Path) -> None:
    edit(right, OPERATOR, f'f"{URL}/otsus-method', 'f"quay.io/x/otsus-method')
    extension = read_extension(right)
    _, remarks = check_workflow(extension, extension.workflows[0], Platform())
    (remark,) = [remark for rule, remark in remarks if rule.id == "CK311"]
    assert remark.severity is not None
    assert str(remark.severity) == "warning"


def test_ck312_path_of_the_dependency_is_not_there(right: Path) -> None:
    edit(right, REQUIREMENTS, "charts/dag-installer-chart/", "charts/nowhere/")
    ((place, message),) = of(check(right), "CK312")
    assert place == f"{REQUIREMENTS}:5:17"
    assert message.endswith("charts/nowhere is not there")


def test_ck312_dependency_from_a_repository_that_was_not_fetched(right: Path) -> None:
    edit(right, REQUIREMENTS, "file://../../../../../charts/dag-installer-chart/", "https://charts.example.com")
    assert of(check(right), "CK312") == [(f"{REQUIREMENTS}:5:17", "dag-installer-chart is not in charts/")]


def test_ck313_version_with_a_dash(right: Path) -> None:
    edit(right, "extension/otsus-method-workflow/Chart.yaml", "version: 0.0.0", "version: 0.0.0-rc1")
    assert [message for _, message in of(check(right), "CK313")] == [
        "the platform takes otsus-method-workflow-0.0.0-rc1.tgz for version rc1 of otsus-method-workflow-0.0.0"
    ]


def test_ck313_object_in_the_admin_namespace(right: Path) -> None:
    edit(right, VALUES, "global:", 'global:\n  services_namespace: "admin"')
    assert [message for _, message in of(check(right), "CK313")] == [
        "Job dag-otsus-method is in the namespace admin",
        "Job remove-dag-otsus-method is in the namespace admin",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("custom_registry_url", "custom_registry_ur", "5:23",
         "nothing reads global.custom_registry_ur: is custom_registry_url meant?"),
        ('action: "copy"', 'action: "copy"\n  pull_policy: "Always"', "5:16",
         "nothing reads global.pull_policy: is pull_policy_images meant?"),
        (f'"{URL}"', "5000", "5:24",
         "global.custom_registry_url is no text, and the platform passes on texts only"),
    ],
    ids=["misspelt", "shortened", "number"],
)  # fmt: skip
def test_ck314_key_that_nothing_reads(right: Path, old: str, new: str, place: str, message: str) -> None:
    edit(right, VALUES, old, new)
    assert of(check(right), "CK314") == [(f"{VALUES}:{place}", message)]


def test_chart_without_a_custom_registry_says_nothing_of_operators(extension: Path) -> None:
    edit(extension, VALUES, f'"{URL}"', '""')
    assert ids(check(extension)) == ["CK305"]


def test_our_own_chart_is_right() -> None:
    assert ids(check(ROOT / "charts" / "otsus-method-workflow")) == ["CK305"]


def test_rules_are_sorted_and_have_pages() -> None:
    assert [rule.id for rule in RULES] == sorted({rule.id for rule in RULES})
    assert all(rule.page.endswith(".") and rule.fix for rule in RULES)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (VALUES, "global: [\n", "cannot load values.yaml"),
        (REQUIREMENTS, "dependencies: [{name: dag-installer-chart\n", "cannot load requirements.yaml"),
        ("extension/otsus-method-workflow/Chart.yaml", "name: x\n", "chart.metadata.version is required"),
    ],
    ids=["values", "requirements", "chart"],
)
def test_malformed_chart_is_refused(right: Path, name: str, text: str, message: str) -> None:
    (right / name).write_text(text)
    with pytest.raises(LoadError, match=message):
        read_extension(right)


def test_other_charts_beside_need_not_be_sound(right: Path) -> None:
    (right / "other").mkdir()
    (right / "other" / "Chart.yaml").write_text("name: [\n")
    assert ids(check(right)) == ["CK305", "CK306"]


def test_folder_without_a_workflow_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no chart that depends on dag-installer-chart"):
        read_extension(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_extension(tmp_path / "nowhere")
