"""Encrypts values, and finds an encrypted value without decrypting it.

A sealed value is text: `v1.<algorithm>.<key id>.<nonce and ciphertext, base64url>`. It is bound to
its place: moved to another row or column, it can't be decrypted. Keys are rotated without downtime:
any key of the ring decrypts, the first one encrypts.
"""

import hmac
import os
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import CommandFailed
from kit.i18n import Message

FORMAT_VERSION = "v1"
DEFAULT_ALGORITHM = "A256GCM"
NONCE_BYTES = 12  # bytes
KEY_BYTES = 32
KEY_ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,20}")
KEYS_EXPECTED = Message(
    "is `id:key,id:key`: ids of letters, digits, _ and -, keys of 32 bytes in base64.",
    "的写法为 `id:key,id:key`：id 为字母、数字、_ 和 -，key 为 base64 写法的 32 字节。",
)


class Cipher(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


# By the id in each value: a new algorithm is a new line, and old values can still be decrypted.
ALGORITHMS: Mapping[str, type[Cipher]] = {DEFAULT_ALGORITHM: AESGCM}


class DecryptionError(Exception):
    """The value was moved or changed, or its key isn't in the ring. Says nothing of the value."""


@dataclass(frozen=True, slots=True)
class AssociatedData:
    """The place of a value, bound to its ciphertext; none of the three parts holds a colon."""

    table: str
    column: str
    row: str

    def encode(self) -> bytes:
        return f"{self.table}:{self.column}:{self.row}".encode()


class KeyRing:
    """Keys by id, in the order in which they were named: the first is for what is written."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self.keys = dict(keys)
        self.newest = next(iter(self.keys))

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self.keys)})"

    @property
    def prefix(self) -> str:
        """How values begin that are sealed as one would be sealed now."""
        return f"{FORMAT_VERSION}.{DEFAULT_ALGORITHM}.{self.newest}."

    def seal(self, plain: str, associated: AssociatedData) -> str:
        nonce = token_bytes(NONCE_BYTES)
        cipher = ALGORITHMS[DEFAULT_ALGORITHM](self.keys[self.newest])  # type: ignore[call-arg]
        sealed = cipher.encrypt(nonce, plain.encode(), associated.encode())
        return self.prefix + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, associated: AssociatedData) -> str:
        """Decrypt a value. Raises DecryptionError."""
        try:
            version, algorithm, key, content = sealed.split(".")
            if version != FORMAT_VERSION:
                raise DecryptionError
            cipher = ALGORITHMS[algorithm](self.keys[key])  # type: ignore[call-arg]
            raw = urlsafe_b64decode(content)
            if urlsafe_b64encode(raw).decode() != content:  # it passes over what it doesn't know
                raise DecryptionError
            plain = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], associated.encode())
        except (ValueError, KeyError, InvalidTag):
            raise DecryptionError from None
        return plain.decode()


class BlindIndex:
    """Equal texts have equal marks under one key; without the key, nothing can be tried."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self.keys = dict(keys)
        self.newest = next(iter(self.keys))

    def __repr__(self) -> str:
        return f"BlindIndex({', '.join(self.keys)})"

    @property
    def prefix(self) -> str:
        return f"{self.newest}."

    def mark(self, text: str) -> str:
        return self.keyed_digest(self.newest, text)

    def marks(self, text: str) -> list[str]:
        """Under every key, so that what is found doesn't depend on how far a rotation has come."""
        return [self.keyed_digest(key, text) for key in self.keys]

    def keyed_digest(self, key: str, text: str) -> str:
        return f"{key}.{hmac.new(self.keys[key], text.encode(), sha256).hexdigest()}"


@dataclass(frozen=True, slots=True)
class EncryptionKeys:
    ring: KeyRing
    index: BlindIndex


def parse_encryption_keys(name: str, given: str) -> dict[str, bytes]:
    """Parse a setting. Raises CommandFailed with its name, and nothing of its value."""
    keys: dict[str, bytes] = {}
    for entry in given.split(","):
        id, _, key = entry.strip().partition(":")
        try:
            secret = b64decode(key, validate=True)
        except ValueError:
            secret = b""
        if not KEY_ID_PATTERN.fullmatch(id) or len(secret) != KEY_BYTES or id in keys:
            raise CommandFailed(*(f"{name} {text}" for text in KEYS_EXPECTED))
        keys[id] = secret
    return keys


def load_encryption_keys(
    texts: Mapping[str, str], path: Path | None = None
) -> EncryptionKeys | None:
    """Build the keys from the two settings; without them from the key file `kept`.

    Return None if there are no keys. Raises CommandFailed, with the name of the wrong setting.
    """
    if not any(texts.values()):
        if path is None:
            return None
        texts = read_key_file(path, texts)
    sealing, indexing = (parse_encryption_keys(name, text) for name, text in texts.items())
    if set(sealing.values()) & set(indexing.values()):
        first, other = texts
        raise CommandFailed(
            f"{other} holds a key of {first}: take others.",
            f"{other} 含有 {first} 的密钥：请另用密钥。",
        )
    return EncryptionKeys(KeyRing(sealing), BlindIndex(indexing))


def generate_encryption_key(id: str) -> str:
    return f"{id}:{b64encode(token_bytes(KEY_BYTES)).decode()}"


def read_key_file(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Read a file of `NAME=keys`; make a private one first if there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name}={generate_encryption_key('k1')}\n" for name in names)
        unfinished.replace(path)
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines())
    values = {name: value for name, _, value in pairs}
    return {name: values.get(name, "") for name in names}
