"""Bytes or texts -> SHA-256. The only place that knows how digests are made; texts count as UTF-8."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash as Digest
    from io import BufferedReader


def sha256(content: bytes | str) -> str:
    """The digest in hexadecimal digits."""
    return hashlib.sha256(_raw(content)).hexdigest()


def sha256_of(opened: BufferedReader) -> str:
    """The digest of what an opened file holds from here on."""
    return hashlib.file_digest(opened, "sha256").hexdigest()


def running() -> Digest:
    """A digest that grows with `update`."""
    return hashlib.sha256()


def integrity(kind: str, content: bytes | str) -> str:
    """As web pages and package registries write it: the kind, a hyphen, the digest in base 64."""
    return f"{kind}-{base64.b64encode(hashlib.new(kind, _raw(content)).digest()).decode()}"


def _raw(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


__all__ = ["integrity", "running", "sha256", "sha256_of"]
