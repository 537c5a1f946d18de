"""Secrets in links and cookies: made once, shown once, and kept only as what they hash to."""

from __future__ import annotations

import base64
import hashlib
import secrets


def new_token() -> str:
    """Make a secret of 32 random bytes, in letters that addresses and cookies bear (base64url)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()


def hash_of(token: str) -> bytes:
    """Give what the store keeps of a secret: its SHA-256. It is random enough to need no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
