"""CK129: lists of pull secrets in a form that Kubernetes refuses or passes over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chartkit.checks.finding import Finding, Severity

Lint = Callable[..., tuple[Finding, ...]]


def found(lint: Lint, values: str, **more: object) -> list[Finding]:
    return [each for each in lint(values, **more) if each.rule == "CK129"]


@pytest.mark.parametrize(
    ("listed", "message", "severity"),
    [
        ("[{name: regcred}]", "", None),
        ("[{name: my.reg-cred0}, {name: b}]", "", None),
        ("[regcred]", "'regcred' must be written as {name: regcred}", Severity.ERROR),
        ("{name: regcred}", "it must be a list of {name: ...}, and is a map", Severity.ERROR),
        ("regcred", "it must be a list of {name: ...}, and is a text", Severity.ERROR),
        ("[5]", "an item must be {name: ...}, and is a number", Severity.ERROR),
        ("[[a]]", "an item must be {name: ...}, and is a list", Severity.ERROR),
        ("[null]", "an item must be {name: ...}, and is empty", Severity.ERROR),
        ("[{name: 5}]", "a name must be text in quotes, and is a number", Severity.ERROR),
        ("[{name: true}]", "a name must be text in quotes, and is a truth value", Severity.ERROR),
        ('[{name: "a\\nb\\n"}]', "the name has a line break, so that no Secret can have it: a, b", Severity.ERROR),
        ("[{name: ns/regcred}]", "'ns/regcred': a name has no namespace before it", Severity.ERROR),
        ("[{name: RegCred}]", "'RegCred' can be no name of a Secret", Severity.ERROR),
        ("[{name: ''}]", "an item has no name, and is passed over", Severity.WARNING),
        ("[{nam: x}]", "an item has no name, and is passed over", Severity.WARNING),
        ("[{name: a, namespace: b}]", "a pod takes Secrets of its own namespace only", Severity.WARNING),
        ("[{name: a, key: b}]", "key means nothing here, and is left out", Severity.WARNING),
    ],
)
def test_a_wrong_form_is_found_with_its_place(lint: Lint, listed: str, message: str, severity: Severity | None) -> None:
    findings = found(lint, f"image: {{tag: '1.0'}}\npullSecrets: {listed}\n")
    assert bool(findings) is bool(message)
    if message:
        assert findings[0].message.startswith(f"imagePullSecrets of Deployment/server: {message}")
        assert findings[0].severity is severity
        assert findings[0].key.startswith("pullSecrets")
        assert findings[0].location.startswith("user.yaml:2:")


def test_the_place_is_that_of_the_item(lint: Lint) -> None:
    (finding,) = found(lint, "image: {tag: '1.0'}\npullSecrets:\n- name: good\n- name: Bad\n")
    assert (finding.location, finding.key) == ("user.yaml:4:9", "pullSecrets[1].name")


def test_what_a_template_writes_is_shown_in_the_template(lint: Lint) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa}\nimagePullSecrets:\n- regcred\n"
    (finding,) = found(lint, "image: {tag: '1.0'}", templates={"sa.yaml": account})
    assert finding.location == "app/templates/sa.yaml:5:3"
    assert finding.message == "imagePullSecrets of ServiceAccount/sa: 'regcred' must be written as {name: regcred}"


def test_a_list_of_objects_and_other_kinds(lint: Lint) -> None:
    items = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n"
    items += "  spec: {imagePullSecrets: [a], containers: []}\n"
    custom = "apiVersion: example.com/v1\nkind: App\nmetadata: {name: a}\nspec: {imagePullSecrets: [a]}\n"
    (finding,) = found(lint, "image: {tag: '1.0'}", templates={"list.yaml": items, "custom.yaml": custom})
    assert finding.location == "app/templates/list.yaml:7:29"
