"""Every parser that meets bytes of others, and good inputs of it to be spoilt.

See `attempts` for what may come of an input, and what may not.
"""

# ruff: noqa: E501 - the lines are inputs, which are best seen whole

from __future__ import annotations

import gzip
import io
import json
import tarfile
from typing import Final

from attempts import (
    _METADATA,
    CANARY,
    FIXTURES,
    Target,
    _archive,
    _bundle,
    _challenge,
    _command_line,
    _config,
    _data_texts,
    _devfile,
    _docker_config,
    _dockerfile,
    _edit,
    _flags,
    _helper,
    _ignore,
    _layout,
    _lock,
    _manifest,
    _manifests,
    _mapping,
    _members,
    _metadata,
    _platforms,
    _python,
    _reference,
    _regexp,
    _registry,
    _repository_index,
    _schema,
    _secret,
    _system_values,
    _task,
    _template,
    _text,
    _versions,
    _yaml,
)

__all__ = ["CANARY", "TARGETS", "Target"]


def _seed(*names: str) -> tuple[bytes, ...]:
    return tuple((FIXTURES / name).read_bytes() for name in names)


def _tar(*members: tuple[str, bytes, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data, kind in members:
            member = tarfile.TarInfo(name)
            member.size, member.type = (len(data) if kind == tarfile.REGTYPE else 0), kind
            member.linkname = _text(data) if kind != tarfile.REGTYPE else ""
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def _words(text: str) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in text.split(" ") if word) + (b" ", b"\n", b"\xff", b"\0", b"\xc3\xa9")


_GOOD_TAR: Final = _tar(
    ("tc/Chart.yaml", _METADATA, tarfile.REGTYPE),
    ("tc/templates/t.yaml", b"{{ .Values }}", tarfile.REGTYPE),
    ("tc/charts/sub/Chart.yaml", _METADATA, tarfile.REGTYPE),
)
_BAD_TAR: Final = _tar(
    ("tc/Chart.yaml", _METADATA, tarfile.REGTYPE),
    ("tc/../../evil", b"x", tarfile.REGTYPE),
    ("/etc/passwd", b"x", tarfile.REGTYPE),
    ("tc/link", b"/etc/passwd", tarfile.SYMTYPE),
    ("tc/hard", b"../../etc/passwd", tarfile.LNKTYPE),
    ("tc/device", b"", tarfile.CHRTYPE),
)
_JSON_WORDS: Final = _words('{ } [ ] : , " null true 1 -1 1e999 "a" \\u0000 \\ud800 {} [] 1.5')
_YAML_WORDS: Final = _words(
    "a: b: - [ ] { } , : & * *a &a !!str !!binary | > |- >+ --- ... # ' \" ? << ~ null 1 0x1 .inf {} [] % @ ` \t : :"
) + (b"\n  ", b"\n- ", b"\n---\n")
_TEMPLATE_WORDS: Final = _words(
    "{{ }} {{- -}} .Values.a .Values . $ $x := = | ( ) \" ` ' if else end range with define template block include tpl "
    "printf toYaml fromYaml index dict list set merge 1 -1 1e9 nil true , break continue .Files.Get /* */ regexMatch "
    "{{end}} {{if(1)}} {{range(1000)}} until toJson quote nindent repeat substr semver toDate lookup fail required"
)
_AUTHS: Final = json.dumps(
    {
        "auths": {"myregistry.example.com": {"username": "u", "password": CANARY, "email": "e"}},
        "credHelpers": {"gcr.io": "gcloud"},
        "credsStore": "x",
    }
).encode()
_MANIFEST: Final = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "sha256:" + "0" * 64, "size": 2},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": "sha256:" + "1" * 64, "size": 3}],
    }
).encode()
_INDEX: Final = json.dumps(
    {
        "schemaVersion": 2,
        "manifests": [
            {
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": "sha256:" + "0" * 64,
                "size": 2,
                "platform": {"os": "linux", "architecture": "amd64"},
                "annotations": {"org.opencontainers.image.ref.name": "a"},
            }
        ],
    }
).encode()
_POD: Final = (
    b"apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: a, image: quay.io/a/b:1}\n"
    b"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: |\n    image: a/b:1\n"
)
_SECRET: Final = (
    b"apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n"
    b"  .dockerconfigjson: '" + _AUTHS + b"'\n"
)
_CHALLENGED: Final = (
    b'401\nWWW-Authenticate: Bearer realm="https://auth.example.com/token",service="r",scope="a"\n\n'
    b'{"errors":[{"code":"UNAUTHORIZED","message":"log in"}]}\x1e200\n\n{"token":"t","expires_in":60}\x1e'
    b"200\nContent-Type: application/vnd.oci.image.manifest.v1+json\n\n" + _MANIFEST
)
_SERVED: Final = (
    b'401\nWWW-Authenticate: Basic realm="x"\n\n\x1e200\n\n' + _MANIFEST,
    _CHALLENGED,
    b'200\nLink: </v2/team/app/tags/list?last=b>; rel="next"\n\n{"tags":["a","b"]}',
    b"307\nLocation: https://cdn.example.com/x\n\n\x1e200\nContent-Length: 3\n\nabc",
    b"429\nRetry-After: 5\n\n\x1e503\n\n<html>\x1e404\n\n" + b'{"errors":[{"code":"NAME_UNKNOWN"}]}',
    b"202\nLocation: /v2/team/app/blobs/uploads/1?_state=x\nRange: 0-2\nOCI-Chunk-Min-Length: 9\n\n",
)

TARGETS: Final = {
    target.name: target
    for target in (
        Target(
            "template",
            _template,
            (
                b"{{ .Values.a }}\x1ea: 1\n",
                b"{{ range $i, $e := list 1 2 }}{{ $i }}{{ else }}x{{ end }}\x1e",
                b'{{ define "x" }}{{ . }}{{ end }}{{ include "x" . | nindent 2 }}\x1ea: {b: c}\n',
                b'{{- with .Values.a }}{{ tpl "{{ . }}" . }}{{- end }}\x1ea: [1, 2]\n',
            ),
            _TEMPLATE_WORDS,
        ),
        Target(
            "metadata",
            _metadata,
            (
                _METADATA + b"type: application\nkubeVersion: '>=1.20'\ndependencies:\n- {name: a, version: ^1, "
                b"repository: 'https://x', condition: a.enabled, tags: [t], import-values: [x]}\n\x1e"
                b"dependencies:\n- {name: a, alias: b}\n\x1edigest: sha256:1\ngenerated: '2020-01-01T00:00:00Z'\n\x1e*.txt\n",
            ),
            _YAML_WORDS,
        ),
        Target("archive", _archive, (gzip.compress(_GOOD_TAR, 1, mtime=0), gzip.compress(_BAD_TAR, 1, mtime=0))),
        Target("members", _members, (_GOOD_TAR, _BAD_TAR)),
        Target("helmignore", _ignore, (b"*.txt\n!a/\n/x[a-z]?\\*\n# c\n",), _words("* ? [ ] - ^ ! / \\ ** # a")),
        Target(
            "yaml",
            _yaml,
            (b"a: &x {b: [1, 'c']}\nd: *x\n<<: *x\ne: |+\n  f\n\n", b"- 1\n- {a: b}\n---\nx: !!binary aGk=\n", _POD),
            _YAML_WORDS,
        ),
        Target("edit", _edit, (b"# top\nimage: # c\n  tag: '1' # d\n  x: &a 1\na: [1, {b: c}]\n", _POD), _YAML_WORDS),
        Target(
            "set-flags",
            _flags,
            (b"a.b[0].c=1,d={x,y}", b'a={"b":[1,null]}', b"a\\.b=c\\,d", b"a[1][2]=null"),
            _words("a b . , = [ ] { } \\ 0 1 65536 99999999999 null true -1 \" '"),
        ),
        Target(
            "schema",
            _schema,
            (
                b'{"type":"object","properties":{"a":{"type":"string","pattern":"^a+$"},"c":{"items":{"$ref":"#/$defs/x"}}},'
                b'"$defs":{"x":{"enum":[1]}},"required":["zz"],"additionalProperties":false}',
                b'{"$schema":"http://json-schema.org/draft-07/schema#","if":{"minProperties":1},"then":{"not":{}},"allOf":[{}]}',
            ),
            (
                *_JSON_WORDS,
                *_words(
                    '"type" "$ref" "#" "pattern" "properties" "items" "$id" "$schema" "anyOf" "format" "object" '
                    '"patternProperties" "dependentRequired" "const" "multipleOf" "minimum" "uniqueItems" "$dynamicRef" "(a+)+$"'
                ),
            ),
        ),
        Target(
            "reference",
            _reference,
            (b"myregistry.example.com:5000/a/b:1.2@sha256:" + b"0" * 64, b"nginx", b"a/b"),
            _words("a / : @ . - _ __ sha256: A [::1] 0 localhost 00000000000000000000000000000000"),
        ),
        Target(
            "versions",
            _versions,
            (b"1.2.3-rc.1+b", b">=1.2, <2 || ~3.x", b"1.0 - 2.0"),
            _words("1 2 0 . - + x X * ^ ~ < > = ! || , v a 99999999999999999999"),
        ),
        Target(
            "regexp",
            _regexp,
            (b"(a+)+$\x1eaaaaaaaaaaaaaaaaaaaab", rb"^[a-z\d]{2,5}(?i:x|\pL)*?\b", b"(?P<n>a|b)"),
            _words(
                r"( ) [ ] { } * + ? | ^ $ . \ (?: (?i) (?P<n> a b \pL \d \Q \E {1,3} {1000} [^ - :alpha: [[:alpha:]]"
            ),
        ),
        Target(
            "json-toml",
            _data_texts,
            (b'{"a":[1,2.5,"\\u00e9"]}', b"[a]\nb = 1979-05-27T07:32:00Z\n[[c]]\nd = '''x'''\n"),
            (*_JSON_WORDS, *_words("= [[ ]] \"\"\" ''' # 0x1 inf nan 1979-05-27 07:32:00")),
        ),
        Target(
            "command-line",
            _command_line,
            (b"-f\x1ea\x1e--set=a=b\x1e--no-hooks=false\x1e-n=x\x1e--timeout\x1e5m",),
            _words("- -- = -f --set --timeout --seed --helm 5m 1h x true") + (b"\x1e",),
        ),
        Target(
            "docker-config",
            _docker_config,
            (_AUTHS, *_seed("docker/config.json")),
            (*_JSON_WORDS, *_words('"auths" "auth" "username" "password" "credsStore" "credHelpers" "identitytoken"')),
            secret=True,
        ),
        Target(
            "secret",
            _secret,
            (_SECRET,),
            (*_YAML_WORDS, *_words("data stringData kind Secret List items")),
            secret=True,
        ),
        Target("helper", _helper, (b'{"Username":"u","Secret":"' + CANARY.encode() + b'"}', b'{"h":"u"}'), _JSON_WORDS),
        Target(
            "registry",
            _registry,
            _SERVED,
            (
                *_JSON_WORDS,
                *_words(
                    "200 201 202 307 401 404 429 503 Link: Location: Range: WWW-Authenticate: Bearer Basic "
                    "realm= Retry-After: Docker-Content-Digest: Content-Type: Content-Length: http://[ https:// // ?"
                ),
                b"\x1e",
            ),
        ),
        Target(
            "manifest",
            _manifest,
            (_MANIFEST, _INDEX),
            (*_JSON_WORDS, *_words('"manifests" "layers" "config" "digest" "size" "platform" "mediaType" sha256:')),
        ),
        Target("platform", _platforms, (b"linux/amd64", b"linux/arm/v7", b"arm64"), _words("linux / arm v7 amd64")),
        Target(
            "challenge",
            _challenge,
            (b'Bearer realm="https://a",scope="b,c", Basic realm=x',),
            _words('Bearer Basic realm = " , \\ Negotiate a'),
        ),
        Target(
            "repository-index",
            _repository_index,
            (
                b"apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, urls: [a-1.0.0.tgz], digest: x}\n",
                b"repositories:\n- {name: a, url: 'https://x', username: u, password: " + CANARY.encode() + b"}\n",
            ),
            _YAML_WORDS,
        ),
        Target("layout", _layout, (_INDEX,), _JSON_WORDS),
        Target(
            "lock",
            _lock,
            (
                b"chartkitLock: 1\nchart: {name: a, version: 1.0.0, digest: x}\nimages:\n- {image: 'a:1', digest: 'sha256:"
                + b"0" * 64
                + b"'}\n",
                b"apiVersion: v0\nkind: ImagesLock\nmetadata: {generatedAt: x}\nchart: {name: a, version: 1.0.0}\nimages:\n"
                b"- {name: a, image: 'a:1', chart: b, digests: [{digest: 'sha256:"
                + b"0" * 64
                + b"', arch: linux/amd64}]}\n",
                b"apiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\nimages:\n- {image: 'a@sha256:"
                + b"0" * 64
                + b"'}\n",
            ),
            _YAML_WORDS,
        ),
        Target(
            "bundle",
            _bundle,
            (
                b'{"chartkitBundle":1,"chart":"a.tgz","values":["b"],"release":"r","namespace":"n","helm":"4.3"}',
                _tar(
                    ("bundle.json", b"{}", tarfile.REGTYPE),
                    ("images/index.json", _INDEX, tarfile.REGTYPE),
                    ("images/oci-layout", b'{"imageLayoutVersion":"1.0.0"}', tarfile.REGTYPE),
                ),
            ),
            _JSON_WORDS,
        ),
        Target("mapping", _mapping, (b"quay.io: mirror.example.com/q\nquay.io/a/b: x/y\n",), _YAML_WORDS),
        Target(
            "config",
            _config,
            (
                b"chart: charts/a\nhelm: 4.3\ntargets:\n- name: x\n  values: [a.yaml]\n  expect: b\nrules: {CK101: off}\n",
                b'[tool.chartkit]\nchart = "a"\n[[tool.chartkit.targets]]\nname = "x"\n',
            ),
            (*_YAML_WORDS, *_words("[tool.chartkit] = [[ ]] targets rules limits expect")),
        ),
        Target(
            "manifests",
            _manifests,
            (_POD, _SECRET, b"kind: List\napiVersion: v1\nitems: [{kind: Pod, apiVersion: v1}]\n"),
            (*_YAML_WORDS, *_words("image: containers: kind: Pod spec: apiVersion: env: value: args:")),
        ),
        Target(
            "devfile",
            _devfile,
            (
                *_seed("devfiles/nodejs-2.2.1/devfile.yaml"),
                *_seed("devfiles/ollama/devfile.yaml"),
                b"name: x\nversions:\n- {version: 1.0.0, default: true}\n",
            ),
            (*_YAML_WORDS, *_words("schemaVersion: components: container: image: {{v}} variables: parent: uri:")),
        ),
        Target(
            "dockerfile",
            _dockerfile,
            (
                b'# syntax=docker/dockerfile:1\nARG A=b\nFROM --platform=$B a:${A:-c} AS x\nLABEL IMAGE="y" \\\n  v=1\nFROM x\n'
                b"COPY --from=z/w:1 a b\n# escape=`\nRUN <<E\nFROM q\nE\n",
            ),
            _words("FROM ARG LABEL COPY --from= AS $ ${ } :- \\ \" ' # <<E = ` scratch"),
        ),
        Target(
            "task",
            _task,
            _seed("task_api/task.json", "task_api/processing-container.json"),
            (
                *_JSON_WORDS,
                *_words('{{ }} {% %} env custom "taskTemplate" "templates" "image" "scale_rule" for range(9)'),
            ),
        ),
        Target(
            "python",
            _python,
            (
                *_seed("task_api/pipeline.py"),
                b"from x import Op\nclass A(KaapanaBaseOperator):\n  def __init__(self):\n    super().__init__(dag=d, "
                b'image=f"{DEFAULT_REGISTRY}/a:{V}", cmd="b")\n',
            ),
            _words('( ) [ ] { } f" " \' = + class def super image= import \\ : # \n  DEFAULT_REGISTRY lambda'),
        ),
        Target(
            "system-values",
            _system_values,
            (*_seed("drycc/gcr.yaml", "drycc/ecr.yaml"), b"global: {a: b, complete_registry_url: x}\n"),
            (*_YAML_WORDS, *_words("global: registry: gcs: key_json: secret")),
        ),
    )
}
"""All targets, by their names."""
