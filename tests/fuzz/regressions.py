"""Inputs that fuzzing found: what they broke is mended."""

from __future__ import annotations

from typing import Final

from targets import CANARY

_DIGITS: Final = b"1" * 15_000

REGRESSIONS: Final[dict[str, tuple[str, bytes]]] = {
    "a whole number of a template with thousands of digits": ("template", b"{{ list " + _DIGITS + b" }}"),
    "a value of --set with thousands of digits": ("set-flags", b"a=" + _DIGITS),
    "an index of --set with thousands of digits": ("set-flags", b"a[1][" + _DIGITS + b"]=b"),
    "a whole number of TOML with thousands of digits": ("json-toml", b"[a]\nb = " + _DIGITS + b"\n"),
    "a TOML key of thousands of parts": ("json-toml", b"a." * 15_000 + b"b=1"),
    "a key at the end of an edited file": ("edit", b"image: # c\n  tag:"),
    "a schema that names a draft that is no address": ("schema", b'{"$schema":"http://json-sche[raft-07/schema#"}'),
    "a schema reference with a lone surrogate": ("schema", b'{"items":{"$ref":"#/$d\\ud800/x"},"type":"object"}'),
    "blanks in a version constraint": ("versions", b">=1.2, <2" + b" " * 13_000),
    "an auth that is not ASCII": ("docker-config", '{"auths": {"quay.io": {"auth": "bXlvé=="}}}'.encode()),
    "a password beside an auth that is not ASCII": (
        "docker-config",
        f'{{"auths": {{"q.io": {{"auth": "é", "password": "{CANARY}"}}}}}}'.encode(),
    ),
    "a number of a docker config with thousands of digits": ("docker-config", b'{"auths": ' + _DIGITS + b"}"),
    "a redirect to no address": ("registry", b"307\nLocation: https://[cdn.example.com/x\n\n"),
    "a redirect to a port that is none": ("registry", b"307\nLocation: https://a:99999999/x\n\n"),
    "a length in superscript": ("registry", b"200\nContent-Length: \xb2\n\nabc"),
    "a wait in superscript": ("registry", b"429\nRetry-After: \xb2\n\n"),
    "a token server that is no address": ("registry", b'401\nWWW-Authenticate: Bearer realm="https://[x/"\n\n'),
    "a text like one endless image": (
        "reference",
        b"r.example.com:5000/a/b:1.2@sha2" + b".example.com:5/a:1@sha2" * 2000,
    ),
    "hyphens before what looks like an image": (
        "reference",
        b"r" + b"-" * 15_000 + b"try.example.com:5/a:1@sha256:" + b"0" * 64,
    ),
    "lists within lists of --set": ("set-flags", b"a" + b"[1]" * 15_000 + b"=b"),
    "arguments of a Dockerfile that do not end": ("dockerfile", b"FROM " + b"${a:-" * 11_000),
    "brackets of Jinja": ("task", b'{"name": "wait-' + b"{" * 3000 + b'"}'),
    "odd code of a template": ("template", b"{{ (nil) . }}{{ index 1.5 1 }}"),
}
"""By what they are: the target and the input."""
