"""Sprig's X.509 certificates."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from chartkit.ambient import Ambient
from chartkit.goquote import quote
from chartkit.gotemplate.gofmt import sprint_value
from chartkit.gotypes import Function, FunctionError, GoObject, wrap_int64
from chartkit.sprig import der
from chartkit.sprig.addresses import InvalidAddress, parse_address
from chartkit.sprig.keys import BadKey, is_seeded, make_rsa, read_key, read_pem, write_key, write_pem
from chartkit.sprig.timespan import HOUR, SECOND

_RSA_SIZE: Final = 2048
_COMMON_NAME: Final = der.identifier("2.5.4.3")
_KEY_USAGE: Final = "2.5.29.15"
_EXTENDED_KEY_USAGE: Final = "2.5.29.37"
_BASIC_CONSTRAINTS: Final = "2.5.29.19"
_SUBJECT_KEY: Final = "2.5.29.14"
_AUTHORITY_KEY: Final = "2.5.29.35"
_ALTERNATIVE_NAME: Final = "2.5.29.17"
_SERVER_AUTH: Final = der.identifier("1.3.6.1.5.5.7.3.1")
_CLIENT_AUTH: Final = der.identifier("1.3.6.1.5.5.7.3.2")
_RSA_SHA256: Final = der.sequence(der.identifier("1.2.840.113549.1.1.11"), der.NULL)
_ED25519: Final = der.sequence(der.identifier("1.3.101.112"))
_ECDSA: Final = {
    256: der.sequence(der.identifier("1.2.840.10045.4.3.2")),
    384: der.sequence(der.identifier("1.2.840.10045.4.3.3")),
    512: der.sequence(der.identifier("1.2.840.10045.4.3.4")),
}
_DNS_TAG: Final = 0x82
_IP_TAG: Final = 0x87


class Certificate(GoObject):
    """Sprig's certificate: the PEM texts of a certificate and of its private key."""

    __slots__ = ("Cert", "Key")
    go_type: ClassVar[str] = "sprig.certificate"
    go_fields: ClassVar[tuple[str, ...]] = ("Cert", "Key")

    def __init__(self, cert: str, key: str) -> None:
        self.Cert = cert
        self.Key = key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and (self.Cert, self.Key) == (other.Cert, other.Key)

    def __hash__(self) -> int:
        return hash((self.Cert, self.Key))


@dataclass(frozen=True, slots=True)
class _Request:
    """What a certificate is to say."""

    common_name: str
    addresses: tuple[bytes, ...]
    names: tuple[str, ...]
    days: int
    authority: bool = False


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who signs: the DER of its name, its key, and the identifier of its key, empty for none."""

    name: bytes
    key: Any
    key_id: bytes = b""


def _request(name: str, addresses: Sequence[Any] | None, names: Sequence[Any] | None, days: int) -> _Request:
    packed = tuple(_address(value) for value in addresses or ())
    for value in names or ():
        if not isinstance(value, str):
            raise FunctionError(f"error processing alternate dns name: {sprint_value(value)} is not a string")
    return _Request(name, packed, tuple(names or ()), days)


def _address(value: Any) -> bytes:
    """The bytes of an address as certificates hold it: 4 for IPv4, also where it is written as IPv6."""
    if not isinstance(value, str):
        raise FunctionError(f"error parsing ip: {sprint_value(value)} is not a string")
    try:
        packed = parse_address(value)
    except InvalidAddress:
        packed = b""
    if not packed or "%" in value:
        raise FunctionError(f"error parsing ip: {value}")
    return packed[12:] if packed[:12] == bytes(10) + b"\xff\xff" else packed


def _name(common_name: str) -> bytes:
    if not common_name:
        return der.sequence()
    if any("\ud800" <= char <= "\udfff" for char in common_name):
        raise FunctionError("error creating certificate: asn1: string not valid UTF-8")
    return der.sequence(der.wrap(0x31, der.sequence(_COMMON_NAME, der.text(common_name))))


def _extension(dotted: str, content: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.identifier(dotted), der.BOOLEAN_TRUE if critical else b"", der.octets(content))


def _alternative_names(request: _Request) -> bytes:
    for name in request.names:
        if not name.isascii():
            raise FunctionError(f"error creating certificate: x509: {quote(name)} cannot be encoded as an IA5String")
    names = [der.wrap(_DNS_TAG, name.encode()) for name in request.names]
    return der.sequence(*names, *(der.wrap(_IP_TAG, address) for address in request.addresses))


def _extensions(request: _Request, key_id: bytes, signer_id: bytes) -> bytes:
    """The extensions in Go's order."""
    usage = bytes([0xA4 if request.authority else 0xA0])
    constraints = der.sequence(der.BOOLEAN_TRUE) if request.authority else der.sequence()
    out = [
        _extension(_KEY_USAGE, der.bits(usage, 2 if request.authority else 5), critical=True),
        _extension(_EXTENDED_KEY_USAGE, der.sequence(_SERVER_AUTH, _CLIENT_AUTH)),
        _extension(_BASIC_CONSTRAINTS, constraints, critical=True),
    ]
    if request.authority:
        out.append(_extension(_SUBJECT_KEY, der.octets(key_id)))
    if signer_id:
        out.append(_extension(_AUTHORITY_KEY, der.sequence(der.wrap(0x80, signer_id))))
    if request.names or request.addresses:
        critical = not request.common_name
        out.append(_extension(_ALTERNATIVE_NAME, _alternative_names(request), critical=critical))
    return der.wrap(0xA3, der.sequence(*out))


def _key_id(ambient: Ambient, key: Any) -> bytes:
    """The identifier of a public key: the start of a hash over its bits."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    encoding, form = Encoding.Raw, PublicFormat.Raw
    if isinstance(key, rsa.RSAPrivateKey):
        encoding, form = Encoding.DER, PublicFormat.PKCS1
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        encoding, form = Encoding.X962, PublicFormat.UncompressedPoint
    # Go changed the hash between the two major versions of Helm.
    digest = hashlib.sha1 if ambient.profile.major == 3 else hashlib.sha256
    return digest(key.public_key().public_bytes(encoding, form)).digest()[:20]


def _public_info(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return bytes(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _signing(ambient: Ambient, key: Any) -> tuple[bytes, Callable[[bytes], bytes]]:
    """The name of the signature's algorithm, and the way to sign."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa

    if isinstance(key, dsa.DSAPrivateKey):
        raise FunctionError(
            "error creating certificate: x509: certificate private key does not implement crypto.Signer"
        )
    if isinstance(key, rsa.RSAPrivateKey):
        return _RSA_SHA256, lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = 256 if key.curve.key_size <= 256 else 384 if key.curve.key_size <= 384 else 512
        digest = {256: hashes.SHA256(), 384: hashes.SHA384(), 512: hashes.SHA512()}[size]
        scheme = ec.ECDSA(digest, deterministic_signing=is_seeded(ambient.random))
        return _ECDSA[size], lambda data: key.sign(data, scheme)
    return _ED25519, lambda data: bytes(key.sign(data))


def _create(ambient: Ambient, request: _Request, key: Any, signer: _Signer) -> Certificate:
    """Make a certificate for a key."""
    from cryptography.hazmat.primitives.asymmetric import dsa

    algorithm, sign = _signing(ambient, signer.key)
    if isinstance(key, dsa.DSAPrivateKey):
        raise FunctionError("error creating certificate: x509: unsupported public key type: *dsa.PublicKey")
    public = _public_info(key)
    subject = _name(request.common_name)
    key_id = _key_id(ambient, key) if request.authority else b""
    start = ambient.now_ns()
    # Go's multiplication overflows for spans beyond 292 years.
    end = start + wrap_int64(24 * HOUR * request.days)
    body = der.sequence(
        der.wrap(0xA0, der.integer(2)),
        der.integer(ambient.random.getrandbits(128)),
        algorithm,
        signer.name,
        der.sequence(der.moment(start // SECOND), der.moment(end // SECOND)),
        subject,
        public,
        _extensions(request, key_id, b"" if signer.name == subject else signer.key_id),
    )
    content = der.sequence(body, algorithm, der.bits(sign(body)))
    return Certificate(write_pem("CERTIFICATE", content), write_key(key))


def _self_signed(ambient: Ambient, request: _Request, key: Any) -> Certificate:
    return _create(ambient, request, key, _Signer(_name(request.common_name), key))


def _read_signer(authority: Certificate) -> _Signer:
    block = read_pem(authority.Cert)
    if block is None:
        raise FunctionError("unable to decode certificate")
    parsed = _parse_certificate(block.content, "decodedSignerCert")
    try:
        key = read_key(authority.Key)
    except BadKey as error:
        raise FunctionError(f"error parsing private key: {error}") from None
    if hasattr(key, "sign") and _public_info(key) != _certified_info(parsed):
        raise FunctionError("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey")
    return _Signer(parsed.subject.public_bytes(), key, _certified_key_id(parsed))


def _parse_certificate(content: bytes, name: str) -> Any:
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(content)
    except ValueError:
        raise FunctionError(f"error parsing certificate: {name}.Bytes: x509: malformed certificate") from None


def _certified_info(parsed: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return bytes(parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _certified_key_id(parsed: Any) -> bytes:
    from cryptography import x509

    try:
        return bytes(parsed.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest)
    except x509.ExtensionNotFound:
        return b""


def _read_given_key(text: str) -> Any:
    try:
        return read_key(text)
    except BadKey as error:
        raise FunctionError(f"parsing private key: {error}") from None


def gen_ca(ambient: Ambient, name: str, days: int) -> Certificate:
    """A certificate authority with a new key."""
    ambient.uses.add("genCA")
    return _self_signed(ambient, _Request(name, (), (), days, authority=True), make_rsa(ambient, _RSA_SIZE))


def gen_ca_with_key(ambient: Ambient, name: str, days: int, key: str) -> Certificate:
    """A certificate authority with a given key."""
    ambient.uses.add("genCAWithKey")
    return _self_signed(ambient, _Request(name, (), (), days, authority=True), _read_given_key(key))


def gen_self_signed(ambient: Ambient, name: str, ips: Any, names: Any, days: int) -> Certificate:
    """A certificate that signs itself, with a new key."""
    ambient.uses.add("genSelfSignedCert")
    return _self_signed(ambient, _request(name, ips, names, days), make_rsa(ambient, _RSA_SIZE))


def gen_self_signed_with_key(ambient: Ambient, name: str, ips: Any, names: Any, days: int, key: str) -> Certificate:
    """A certificate that signs itself, with a given key."""
    ambient.uses.add("genSelfSignedCertWithKey")
    private = _read_given_key(key)
    return _self_signed(ambient, _request(name, ips, names, days), private)


def gen_signed(ambient: Ambient, name: str, ips: Any, names: Any, days: int, authority: Certificate) -> Certificate:
    """A certificate with a new key, signed by an authority."""
    ambient.uses.add("genSignedCert")
    signer = _read_signer(authority)
    request = _request(name, ips, names, days)
    return _create(ambient, request, make_rsa(ambient, _RSA_SIZE), signer)


def gen_signed_with_key(ambient: Ambient, *arguments: Any) -> Certificate:
    """A certificate with a given key, signed by an authority."""
    ambient.uses.add("genSignedCertWithKey")
    name, ips, names, days, authority, key = arguments
    private = _read_given_key(key)
    signer = _read_signer(authority)
    return _create(ambient, _request(name, ips, names, days), private, signer)


def build_custom(cert: str, key: str) -> Certificate:
    """A certificate out of a certificate and a key, both PEM in base64."""
    cert_text = _decode(cert, "certificate")
    key_text = _decode(key, "private key")
    block = read_pem(cert_text)
    if block is None:
        raise FunctionError("unable to decode certificate")
    _parse_certificate(block.content, "decodedCert")
    try:
        read_key(key_text)
    except BadKey as error:
        raise FunctionError(f"error parsing private key: {error}") from None
    return Certificate(cert_text, key_text)


def _decode(text: str, name: str) -> str:
    data = text.replace("\r", "").replace("\n", "").encode("utf-8", "surrogateescape")
    try:
        return base64.b64decode(data, validate=True).decode("utf-8", "surrogateescape")
    except binascii.Error:
        raise FunctionError(f"unable to decode base64 {name}") from None


_NAMED: Final = ("string", "slice", "slice", "int")

FUNCTIONS: Final = (
    Function("genCA", gen_ca, ("string", "int"), ambient=True, pure=False),
    Function("genCAWithKey", gen_ca_with_key, ("string", "int", "string"), ambient=True, pure=False),
    Function("genSelfSignedCert", gen_self_signed, _NAMED, ambient=True, pure=False),
    Function("genSelfSignedCertWithKey", gen_self_signed_with_key, (*_NAMED, "string"), ambient=True, pure=False),
    Function("genSignedCert", gen_signed, (*_NAMED, "certificate"), ambient=True, pure=False),
    Function("genSignedCertWithKey", gen_signed_with_key, (*_NAMED, "certificate", "string"), ambient=True, pure=False),
    Function("buildCustomCert", build_custom, ("string", "string")),
)
