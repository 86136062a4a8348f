"""What kubectl makes of credentials: the cases, and how they were recorded.

Run as a program it asks the kubectl of this machine again and prints the lines of `fixtures/kubectl/secrets.jsonl`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

HUB = "https://index.docker.io/v1/"

USERS = (
    "u", "sp-id", "$oauthtoken", "robot$project+name", "_json_key", "org+robot", "gitlab+deploy-token-1",
    "tenancy/namespace/user", "a:b", "ünï", 'quo"te', "back\\slash", "<a&b>", "sp ace", "😀", "\u2028", "\udcff",
)  # fmt: skip
PASSWORDS = (
    "p", 'hunter2"', "\\", "<>&", "\u2028\u2029", "é😀漢", "tab\there", "two\nlines\n", "%s", "'single'", "\x01\x1f",
    "\x7f\x80\x9f", "\udcff\udcfe", "x" * 400, " blanks ", "#", "null", "12345", "=", "a:b:c", "{{ .Values.x }}",
    "${HOME}", "\ufeff", "\ufffd", "\ud7ff\ue000", '{\n  "type": "service_account",\n  "key": "-----BEGIN\\n"\n}\n',
    "\b\f\r", "/", "\u0085\u00a0",
)  # fmt: skip
EMAILS = ("a@b.c", " ", "<a@b.c>", "é@x", '"', "user+tag@example.com")
SERVERS = (
    "myacr.azurecr.io", "https://myregistry.example.com", "https://r.io/v1", "https://r.io/v1/", "localhost:5000",
    "http://10.0.0.1:5000/", "123456789012.dkr.ecr.us-east-1.amazonaws.com", "gcr.io/my-project", "*.gcr.io", "a b",
    "ü.example", '"', "<&>", " ", "R.IO", "docker.io", "registry with spaces/and/path?query=1#part",
)  # fmt: skip
PLACES = (
    ("a", "prod"), ("1.0", ""), ("true", ""), ("null", "true"), ("a.b-c", "kube-system"), ("0x10", "1e3"), ("y", "n"),
    ("A_b", "Prod x"), ("é", ""), ("~", ""), ("a" * 300, ""), ("12:34", ""),
)  # fmt: skip


def cases() -> list[dict[str, Any]]:
    """The command lines: names and values of flags."""
    plain = {"name": "regcred", "docker-username": "u", "docker-password": "p"}
    return [
        plain,
        *({**plain, "docker-username": user} for user in USERS),
        *({**plain, "docker-password": password} for password in PASSWORDS),
        *({**plain, "docker-email": email} for email in EMAILS),
        *({**plain, "docker-server": server} for server in SERVERS),
        *({**plain, "name": name, "namespace": namespace} for name, namespace in PLACES),
        {"name": "acr", "docker-server": "myacr.azurecr.io", "docker-username": "sp-id", "docker-password": "sp-pw",
         "docker-email": "a@b.c"},
        {**plain, "docker-email": ""},
        {**plain, "docker-server": ""},
        {**plain, "docker-username": ""},
        {**plain, "docker-password": ""},
        {"name": "regcred", "docker-password": "p"},
        {"name": "regcred", "docker-username": "u"},
        {"docker-username": "u", "docker-password": "p"},
        {**plain, "docker-password-stdin": "true"},
    ]  # fmt: skip


def ask(case: dict[str, str]) -> dict[str, Any]:
    """What kubectl prints for a case, its exit code, and the first line of its error."""
    flags = [f"--{name}={value}" for name, value in case.items() if name != "name" and (value or name != "namespace")]
    names = [case["name"]] if "name" in case else []
    command = ["kubectl", "create", "secret", "docker-registry", *flags, "--dry-run=client", "-o", "yaml", *names]
    done = subprocess.run(command, capture_output=True, timeout=60)
    error = done.stderr.decode("utf-8", "surrogateescape").partition("\n")[0]
    return {"case": case, "exit": done.returncode, "output": done.stdout.decode("utf-8"), "error": error}


if __name__ == "__main__":
    sys.stdout.writelines(json.dumps(ask(each)) + "\n" for each in cases())
