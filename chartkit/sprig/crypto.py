"""Sprig's passwords, ciphers and private keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any, Final

from chartkit.ambient import Ambient
from chartkit.gotypes import Function, FunctionError
from chartkit.sprig.encoding import b64dec
from chartkit.sprig.keys import make_key, write_key

_BCRYPT_COST: Final = 10
_BCRYPT_LIMIT: Final = 72
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BCRYPT_BASE64: Final = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BLOCK: Final = 16
_AES_KEY: Final = 32

_MASTER_SEED: Final = b"com.lyndir.masterpassword"
_PASSWORD_FORMS: Final = {
    "maximum": ("anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"),
    "long": (
        "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno",
        "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno",
        "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno",
        "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
    ),
    "medium": ("CvcnoCvc", "CvcCvcno"),
    "short": ("Cvcn",),
    "basic": ("aaanaaan", "aannaaan", "aaannaaa"),
    "pin": ("nnnn",),
}  # fmt: skip
_VOWELS: Final = "AEIOU"
_CONSONANTS: Final = "BCDFGHJKLMNPQRSTVWXYZ"
_LETTERS: Final = _VOWELS + _VOWELS.lower() + _CONSONANTS + _CONSONANTS.lower()
_DIGITS: Final = "0123456789"
_PASSWORD_CHARS: Final = {
    "V": _VOWELS,
    "C": _CONSONANTS,
    "v": _VOWELS.lower(),
    "c": _CONSONANTS.lower(),
    "A": _VOWELS + _CONSONANTS,
    "a": _LETTERS,
    "n": _DIGITS,
    "o": "@&%?,=[]_:-+*$#!'^~;()/.",
    "x": _LETTERS + _DIGITS + "!@#$%^&*()",
}


def bcrypt(ambient: Ambient, password: str) -> str:
    """The bcrypt hash of a password."""
    ambient.uses.add("bcrypt")
    return _bcrypt(ambient, password)


def _bcrypt(ambient: Ambient, password: str) -> str:
    import bcrypt as library

    data = password.encode("utf-8", "surrogateescape")
    if len(data) > _BCRYPT_LIMIT:
        return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
    encoded = base64.b64encode(ambient.random.randbytes(_BLOCK)).rstrip(b"=")
    salt = encoded.translate(bytes.maketrans(_BASE64, _BCRYPT_BASE64))
    return library.hashpw(data, b"$2a$%d$%s" % (_BCRYPT_COST, salt)).decode()


def htpasswd(ambient: Ambient, user: str, password: str) -> str:
    """A line of an htpasswd file."""
    if ":" in user:
        return f"invalid username: {user}"
    ambient.uses.add("htpasswd")
    return f"{user}:{_bcrypt(ambient, password)}"


def gen_private_key(ambient: Ambient, kind: str) -> str:
    """A new private key as PEM."""
    ambient.uses.add("genPrivateKey")
    key = make_key(ambient, kind)
    return f"Unknown type {kind}" if key is None else write_key(key)


def derive_password(counter: int, kind: str, password: str, user: str, site: str) -> str:
    """The password for a site that the Master Password algorithm derives."""
    forms = _PASSWORD_FORMS.get(kind)
    if forms is None:
        return f"cannot find password template {kind}"
    secret = password.encode("utf-8", "surrogateescape")
    key = hashlib.scrypt(secret, salt=_MASTER_SEED + _counted(user), n=32768, r=8, p=2, maxmem=1 << 27, dklen=64)
    message = _MASTER_SEED + _counted(site) + counter.to_bytes(4, "big")
    seed = hmac.new(key, message, hashlib.sha256).digest()
    form = forms[seed[0] % len(forms)]
    return "".join(
        _PASSWORD_CHARS[letter][byte % len(_PASSWORD_CHARS[letter])]
        for letter, byte in zip(form, seed[1:], strict=False)
    )


def _counted(text: str) -> bytes:
    """The bytes of a text behind their number."""
    data = text.encode("utf-8", "surrogateescape")
    return len(data).to_bytes(4, "big") + data


def _aes(password: str, initial: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = password.encode("utf-8", "surrogateescape")[:_AES_KEY].ljust(_AES_KEY, b"\0")
    return Cipher(algorithms.AES(key), modes.CBC(initial))


def encrypt_aes(ambient: Ambient, password: str, text: str) -> str:
    """A text, encrypted with a password and written in base64."""
    if not text:
        return ""
    ambient.uses.add("encryptAES")
    content = text.encode("utf-8", "surrogateescape")
    padding = _BLOCK - len(content) % _BLOCK
    initial = ambient.random.randbytes(_BLOCK)
    encryptor = _aes(password, initial).encryptor()
    encrypted = encryptor.update(content + bytes([padding]) * padding) + encryptor.finalize()
    return base64.b64encode(initial + encrypted).decode()


def decrypt_aes(password: str, encoded: str) -> str:
    """The text that `encryptAES` encrypted."""
    if not encoded:
        return ""
    joined = encoded.replace("\r", "").replace("\n", "")
    try:
        data = base64.b64decode(joined.encode("utf-8", "surrogateescape"), validate=True)
    except binascii.Error:
        raise FunctionError(b64dec(encoded)) from None
    if len(data) < _BLOCK:
        capacity = len(encoded.encode("utf-8", "surrogateescape")) // 4 * 3
        raise FunctionError(f"runtime error: slice bounds out of range [:{_BLOCK}] with capacity {capacity}")
    if len(data) % _BLOCK:
        raise FunctionError("crypto/cipher: input not full blocks")
    decryptor = _aes(password, data[:_BLOCK]).decryptor()
    content = decryptor.update(data[_BLOCK:]) + decryptor.finalize()
    if not content:
        raise FunctionError("runtime error: index out of range [-1]")
    kept = len(content) - content[-1]
    if kept < 0:
        raise FunctionError(f"runtime error: slice bounds out of range [:{kept}]")
    return bytes(content[:kept]).decode("utf-8", "surrogateescape")


FUNCTIONS: Final = (
    Function("bcrypt", bcrypt, ("string",), ambient=True, pure=False),
    Function("htpasswd", htpasswd, ("string", "string"), ambient=True, pure=False),
    Function("genPrivateKey", gen_private_key, ("string",), ambient=True, pure=False),
    Function("derivePassword", derive_password, ("uint32", "string", "string", "string", "string")),
    Function("encryptAES", encrypt_aes, ("string", "string"), ambient=True, pure=False),
    Function("decryptAES", decrypt_aes, ("string", "string")),
)
