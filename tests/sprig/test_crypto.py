"""Sprig's keys, certificates and ciphers: by their structure, by verification, and against values of the real Helm."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import bcrypt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chartkit.ambient import Ambient
from chartkit.gotypes import FunctionError
from chartkit.profile import HELM_3_17
from chartkit.sprig import certificates, crypto
from chartkit.sprig.certificates import Certificate

NOW = 1_700_000_000
FUNCTIONS = {function.name: function for function in crypto.FUNCTIONS + certificates.FUNCTIONS}

HELM_CIPHER = "s4BBdATtBrV2CF1xEjFKYR8K2AMRljTC0Zl1DbsxxiY="

DERIVED = [
    ((1, "long", "pw", "user", "site"), "LurmNaze1,Tomd"),
    ((2, "maximum", "pä", "üser", ""), "SdunSS71BRhk4t76lj9+"),
    ((1, "pin", "", "", ""), "1578"),
    ((4294967295, "basic", "a", "b", "c"), "WAc32ybk"),
    ((0, "medium", "a", "b", "c"), "MepYos5!"),
    ((1, "short", "a", "b", "c"), "Nam6"),
    ((1, "x", "a", "b", "c"), "cannot find password template x"),
]


def surroundings(seed: int | None = 1) -> Ambient:
    source = random.SystemRandom() if seed is None else random.Random(seed)
    return Ambient(now_ns=lambda: NOW * 10**9, random=source)


def call(name: str, *arguments: Any, ambient: Ambient | None = None) -> Any:
    function = FUNCTIONS[name]
    return function.call(ambient or surroundings(), *arguments) if function.ambient else function.call(*arguments)


def parsed(certificate: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate.Cert.encode())


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture(scope="module")
def ec_key() -> str:
    return str(call("genPrivateKey", "ecdsa"))


@pytest.fixture(scope="module")
def authority(ec_key: str) -> Certificate:
    result: Certificate = call("genCAWithKey", "my ca", 10, ec_key)
    return result


@pytest.mark.parametrize(("arguments", "expected"), DERIVED)
def test_derive_password(arguments: tuple[Any, ...], expected: str) -> None:
    assert call("derivePassword", *arguments) == expected


@pytest.mark.parametrize("seed", [None, 1])
def test_bcrypt_can_be_checked(seed: int | None) -> None:
    hashed = call("bcrypt", "secret", ambient=surroundings(seed))
    assert hashed.startswith("$2a$10$")
    assert bcrypt.checkpw(b"secret", hashed.encode())


def test_bcrypt_refuses_long_passwords_in_its_result() -> None:
    expected = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    assert call("bcrypt", "x" * 73) == expected


def test_htpasswd() -> None:
    user, hashed = call("htpasswd", "u", "p").split(":")
    assert user == "u"
    assert bcrypt.checkpw(b"p", hashed.encode())
    assert call("htpasswd", "u:x", "p") == "invalid username: u:x"


@pytest.mark.parametrize("text", ["héllo", "x" * 16, "a"])
def test_aes_goes_there_and_back(text: str) -> None:
    assert call("decryptAES", "pw", call("encryptAES", "pw", text)) == text


def test_decrypt_aes_reads_what_helm_wrote() -> None:
    assert call("decryptAES", "key", HELM_CIPHER) == "hello"


def test_aes_of_nothing_is_nothing() -> None:
    assert call("encryptAES", "pw", "") == call("decryptAES", "pw", "") == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("%", "illegal base64 data at input byte 0"),
        ("eHg=", "runtime error: slice bounds out of range [:16] with capacity 3"),
        ("MTIzNDU2Nzg5MDEyMzQ1Ng==", "runtime error: index out of range [-1]"),
        ("MTIzNDU2Nzg5MDEyMzQ1NjE=", "crypto/cipher: input not full blocks"),
    ],
)
def test_decrypt_aes_stops(text: str, message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        call("decryptAES", "k", text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("kind", "label", "key_type"),
    [
        ("dsa", "DSA PRIVATE KEY", dsa.DSAPrivateKey),
        ("ecdsa", "EC PRIVATE KEY", ec.EllipticCurvePrivateKey),
        ("ed25519", "PRIVATE KEY", ed25519.Ed25519PrivateKey),
    ],
)
def test_private_keys_are_usable_and_repeatable(kind: str, label: str, key_type: type) -> None:
    text = call("genPrivateKey", kind)
    assert text.startswith(f"-----BEGIN {label}-----\n")
    assert text.endswith(f"-----END {label}-----\n")
    assert isinstance(load_pem_private_key(text.encode(), None), key_type)
    assert call("genPrivateKey", kind) == text
    assert call("genPrivateKey", kind, ambient=surroundings(2)) != text


def test_unseeded_rsa_key() -> None:
    key = load_pem_private_key(call("genPrivateKey", "rsa", ambient=surroundings(None)).encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 4096


def test_unknown_kind_of_key() -> None:
    assert call("genPrivateKey", "x") == "Unknown type x"


def test_seeded_authority_has_an_rsa_key_and_repeats() -> None:
    first = call("genCA", "ca", 3)
    key = load_pem_private_key(first.Key.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    assert parsed(first).public_key() == key.public_key()
    parsed(first).verify_directly_issued_by(parsed(first))
    assert call("genCA", "ca", 3) == first


def test_authority_says_so(authority: Certificate) -> None:
    found = parsed(authority)
    assert found.subject.rfc4514_string() == found.issuer.rfc4514_string() == "CN=my ca"
    assert [extension.oid._name for extension in found.extensions] == [
        "keyUsage",
        "extendedKeyUsage",
        "basicConstraints",
        "subjectKeyIdentifier",
    ]
    usage = found.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.key_encipherment, usage.key_cert_sign, usage.crl_sign) == (
        True,
        True,
        True,
        False,
    )
    assert found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    start = datetime.fromtimestamp(NOW, UTC)
    assert (found.not_valid_before_utc, found.not_valid_after_utc) == (start, start + timedelta(days=10))


def test_signed_certificate(authority: Certificate, ec_key: str) -> None:
    addresses = ["10.0.0.1", "::1", "::ffff:1.2.3.4"]
    signed = call("genSignedCertWithKey", "foo.bar", addresses, ["a.b", "*.c"], 365, authority, ec_key)
    found = parsed(signed)
    found.verify_directly_issued_by(parsed(authority))
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert names.value.get_values_for_type(x509.DNSName) == ["a.b", "*.c"]
    packed = [ip_address("10.0.0.1"), ip_address("::1"), ip_address("1.2.3.4")]
    assert names.value.get_values_for_type(x509.IPAddress) == packed
    assert not names.critical
    issuer = parsed(authority).extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert found.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier == issuer
    assert signed.Key == ec_key


def test_names_are_critical_without_a_subject(ec_key: str) -> None:
    found = parsed(call("genSelfSignedCertWithKey", "", ["1.2.3.4"], None, -1, ec_key))
    assert list(found.subject) == []
    assert found.extensions.get_extension_for_class(x509.SubjectAlternativeName).critical
    assert found.not_valid_after_utc < found.not_valid_before_utc


def test_ed25519_authority_signs() -> None:
    authority = call("genCAWithKey", "é", 3, call("genPrivateKey", "ed25519"))
    parsed(call("genSignedCert", "x", None, None, 3, authority)).verify_directly_issued_by(parsed(authority))


def test_key_identifier_goes_by_the_major_version(ec_key: str) -> None:
    old = Ambient(profile=HELM_3_17, now_ns=lambda: NOW * 10**9, random=random.Random(1))
    found = [parsed(call("genCAWithKey", "x", 1, ec_key, ambient=ambient)) for ambient in (old, surroundings())]
    digests = [one.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest for one in found]
    assert digests[0] == x509.SubjectKeyIdentifier.from_public_key(found[0].public_key()).digest
    assert digests[0] != digests[1]


def test_build_custom_cert_takes_both_texts(authority: Certificate) -> None:
    assert call("buildCustomCert", encoded(authority.Cert), encoded(authority.Key)) == authority


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("genSelfSignedCert", ("a", ["1.2.3"], None, 3), "error parsing ip: 1.2.3"),
        ("genSelfSignedCert", ("a", ["fe80::1%x"], None, 3), "error parsing ip: fe80::1%x"),
        ("genSelfSignedCert", ("a", [1.5], None, 3), "error parsing ip: 1.5 is not a string"),
        ("genSelfSignedCert", ("a", [None], None, 3), "error parsing ip: <nil> is not a string"),
        ("genSelfSignedCert", ("a", None, [5], 3), "error processing alternate dns name: 5 is not a string"),
        ("genCAWithKey", ("a", 3, "zz"), "parsing private key: no PEM data in input"),
        ("genSignedCert", ("a", None, None, 3, Certificate("", "")), "unable to decode certificate"),
        ("buildCustomCert", ("%", "x"), "unable to decode base64 certificate"),
        ("buildCustomCert", ("eA==", "%"), "unable to decode base64 private key"),
        ("buildCustomCert", ("eA==", "eA=="), "unable to decode certificate"),
    ],
)
def test_bad_arguments(name: str, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        call(name, *arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("EC PRIVATE KEY", "CERTIFICATE", "no private key data in PEM block of type CERTIFICATE"),
        ("EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "invalid private key type ENCRYPTED PRIVATE KEY"),
        (
            "EC PRIVATE KEY",
            "RSA PRIVATE KEY",
            "parsing RSA private key from PEM: x509: failed to parse private key "
            "(use ParseECPrivateKey instead for this key format)",
        ),
    ],
)
def test_keys_under_a_wrong_label(ec_key: str, old: str, new: str, message: str) -> None:
    with pytest.raises(FunctionError) as caught:
        call("genCAWithKey", "a", 3, ec_key.replace(old, new))
    assert str(caught.value) == f"parsing private key: {message}"


def test_dsa_keys_cannot_sign() -> None:
    with pytest.raises(FunctionError) as caught:
        call("genCAWithKey", "a", 3, call("genPrivateKey", "dsa"))
    expected = "error creating certificate: x509: certificate private key does not implement crypto.Signer"
    assert str(caught.value) == expected


def test_names_beyond_ascii_are_refused(ec_key: str) -> None:
    with pytest.raises(FunctionError) as caught:
        call("genSelfSignedCertWithKey", "a", None, ["é"], 3, ec_key)
    assert str(caught.value) == 'error creating certificate: x509: "é" cannot be encoded as an IA5String'


def test_key_must_be_the_authority_s_own(authority: Certificate, ec_key: str) -> None:
    other = call("genPrivateKey", "ecdsa", ambient=surroundings(9))
    with pytest.raises(FunctionError) as caught:
        call("genSignedCertWithKey", "a", None, None, 3, Certificate(authority.Cert, other), ec_key)
    expected = "error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey"
    assert str(caught.value) == expected


def test_use_of_randomness_is_noted(ec_key: str) -> None:
    ambient = surroundings()
    call("bcrypt", "x", ambient=ambient)
    call("genCAWithKey", "x", 1, ec_key, ambient=ambient)
    assert ambient.uses == {"bcrypt", "genCAWithKey"}
