"""Private keys: making them, and reading and writing them as PEM."""

from __future__ import annotations

import base64
import binascii
import re
from random import Random, SystemRandom
from typing import Any, Final, NamedTuple

from chartkit.ambient import Ambient
from chartkit.sprig.primes import dsa_numbers, rsa_numbers

_EXPONENT: Final = 65_537
_DSA_SIZES: Final = (2048, 256)
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_PEM: Final = re.compile(
    r"^-----BEGIN ([^\n]*?)-----[ \t\r]*\n((?:[^\n:]+:[^\n]*\n)*)([A-Za-z0-9+/=\s]*?)-----END \1-----[ \t\r]*$",
    re.MULTILINE,
)
_DER_HEAD: Final = re.compile(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..)\x02\x01.(.)", re.DOTALL)
_FORMS: Final[dict[str | None, tuple[str, ...]]] = {None: ("PKCS8",), "RSA": ("RSA",), "EC": ("EC",), "DSA": ("RSA",)}

_KEPT_KEYS: Final = 8
# A chart signs with the key that it has just made; OpenSSL takes as long to read it back as to make it.
_written: dict[str, Any] = {}


class PemBlock(NamedTuple):
    """A block of a PEM text."""

    label: str
    content: bytes


class BadKey(ValueError):
    """A text that holds no usable private key, in Sprig's words."""


def is_seeded(random: Random) -> bool:
    """Whether results must be repeatable."""
    return not isinstance(random, SystemRandom)


def read_pem(text: str) -> PemBlock | None:
    """The first block of a PEM text."""
    for match in _PEM.finditer(text):
        try:
            return PemBlock(match[1], base64.b64decode("".join(match[3].split()), validate=True))
        except binascii.Error:
            continue
    return None


def write_pem(label: str, content: bytes) -> str:
    """A PEM text of one block."""
    encoded = base64.b64encode(content).decode()
    lines = [encoded[at : at + 64] for at in range(0, len(encoded), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def make_rsa(ambient: Ambient, size: int) -> Any:
    """A new RSA key."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    if not is_seeded(ambient.random):
        return rsa.generate_private_key(_EXPONENT, size)
    first, second, public, private = rsa_numbers(size, ambient.random)
    numbers = rsa.RSAPrivateNumbers(
        p=first,
        q=second,
        d=private,
        dmp1=private % (first - 1),
        dmq1=private % (second - 1),
        iqmp=pow(second, -1, first),
        public_numbers=rsa.RSAPublicNumbers(public, first * second),
    )
    # The primes are known to be good; to check them again takes longer than all the rest.
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def _make_dsa(ambient: Ambient) -> Any:
    from cryptography.hazmat.primitives.asymmetric import dsa

    if not is_seeded(ambient.random):
        return dsa.generate_private_key(_DSA_SIZES[0])
    numbers = dsa_numbers(*_DSA_SIZES, ambient.random)
    parameters = dsa.DSAParameterNumbers(numbers.modulus, numbers.order, numbers.generator)
    public = dsa.DSAPublicNumbers(numbers.public, parameters)
    return dsa.DSAPrivateNumbers(numbers.private, public).private_key()


def _make_ecdsa(ambient: Ambient) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(ambient.random.randrange(1, _P256_ORDER), ec.SECP256R1())


def _make_ed25519(ambient: Ambient) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(ambient.random.randbytes(32))


def make_key(ambient: Ambient, kind: str) -> Any | None:
    """A new key of a kind that Sprig knows; `None` for any other."""
    match kind:
        case "" | "rsa":
            return make_rsa(ambient, 4096)
        case "dsa":
            return _make_dsa(ambient)
        case "ecdsa":
            return _make_ecdsa(ambient)
        case "ed25519":
            return _make_ed25519(ambient)
    return None


def write_key(key: Any) -> str:
    """A key as Sprig prints it: in the form of its own kind, or else in PKCS #8."""
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    own_form = isinstance(key, rsa.RSAPrivateKey | dsa.DSAPrivateKey | ec.EllipticCurvePrivateKey)
    form = PrivateFormat.TraditionalOpenSSL if own_form else PrivateFormat.PKCS8
    text = str(key.private_bytes(Encoding.PEM, form, NoEncryption()).decode())
    if len(_written) >= _KEPT_KEYS:
        _written.clear()
    _written[text] = key
    return text


def read_key(text: str) -> Any:
    """The private key in a PEM text; `BadKey` where there is none."""
    if text in _written:
        return _written[text]
    block = read_pem(text)
    if block is None:
        raise BadKey("no PEM data in input")
    if block.label == "PRIVATE KEY":
        return _load(block.content, "decoding PEM as PKCS#8", None)
    if not block.label.endswith(" PRIVATE KEY"):
        raise BadKey(f"no private key data in PEM block of type {block.label}")
    kind = block.label.removesuffix(" PRIVATE KEY")
    if kind not in ("RSA", "EC", "DSA"):
        raise BadKey(f"invalid private key type {block.label}")
    return _load(block.content, f"parsing {kind} private key from PEM", kind)


def _load(content: bytes, doing: str, kind: str | None) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    form = _form(content)
    if form and form not in _FORMS[kind]:
        reader = {"PKCS8": "PKCS8", "RSA": "PKCS1", "EC": "EC"}[form]
        hint = f" (use Parse{reader}PrivateKey instead for this key format)" if kind != "DSA" else ""
        raise BadKey(f"{doing}: x509: failed to parse private key{hint}")
    try:
        return load_der_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey(f"{doing}: asn1: structure error: invalid private key") from None


def _form(content: bytes) -> str | None:
    """The form of a key, told by what follows the version number in its DER."""
    match = _DER_HEAD.match(content)
    return {0x30: "PKCS8", 0x02: "RSA", 0x04: "EC"}.get(match[1][0]) if match else None
