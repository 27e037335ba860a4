"""Keys of partners: issue, rotation, revocation and authentication."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.db.read_pool import DATABASE_UNREACHABLE
from kit.errors import CommandFailed, Unavailable, quote_input
from kit.i18n import Message
from models.history import model_table
from models.partner import Scope
from models.worker import Worker
from resolvers.core.access import Viewer
from resolvers.partners.partner import (
    PARTNER_KEYS,
    PARTNERS,
    build_partner_viewer,
    limit_scopes,
    partner_not_found,
)

WORKERS = model_table(Worker)

MAX_KEY_DAYS = 365
ROTATION_OVERLAP = timedelta(days=7)  # for which a replaced key is still valid
MAX_LIVE_KEYS = 2
SECRET_BYTES = 32  # 43 characters as text
KEY_PATTERN = re.compile(r"jp_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
DUMMY_HASH = "0" * 64  # compared for an unknown key, so that it takes the same time
KEY_QUERY = select(
    PARTNERS,
    PARTNER_KEYS.c.id,
    PARTNER_KEYS.c.secret_hash,
    PARTNER_KEYS.c.scopes.label("key_scopes"),
    PARTNER_KEYS.c.expires_at,
    PARTNER_KEYS.c.revoked_at,
    PARTNER_KEYS.c.last_used_at,
).join(PARTNER_KEYS, PARTNER_KEYS.c.partner_code == PARTNERS.c.code)


@dataclass(frozen=True)
class IssuedKey:
    """A new key; `key` is shown only once."""

    partner: str
    key: str
    id: str
    expires: datetime


@dataclass(frozen=True)
class AuthenticatedViewer:
    viewer: Viewer
    until: datetime
    key_id: str | None = None
    last_used: datetime | None = None


def hash_secret(secret: str) -> str:
    """Hash a secret.

    A fast hash is enough for 256 random bits; a slow one would let anyone tie up the service.
    """
    return sha256(secret.encode("ascii")).hexdigest()


async def issue_key(
    connection: AsyncConnection,
    code: str,
    days: int = MAX_KEY_DAYS,
    scopes: Collection[Scope] | None = None,
) -> IssuedKey:
    """Issue a key, under the write lock. Raises CommandFailed."""
    partner = await require_enabled_partner(connection, code)
    now = datetime.now(UTC)
    live = await read_live_keys(connection, code, now)
    if len(live) >= MAX_LIVE_KEYS:
        raise CommandFailed(
            f"{code} has {MAX_LIVE_KEYS} live keys, and no partner has more: "
            f"{' and '.join(key.id for key in live)}. "
            f"Revoke one ('python cli.py key revoke {live[0].id}'), then issue another.",
            f"{code} 已有 {MAX_LIVE_KEYS} 个有效密钥，已达上限："
            f"{'、'.join(key.id for key in live)}。"
            f"请先吊销一个（'python cli.py key revoke {live[0].id}'），再签发。",
        )
    allowed = limit_scopes(scopes, partner.scopes, Message(f"partner {code}", f"合作方 {code}"))
    return await insert_key(connection, code, allowed, now, days)


async def rotate_api_key(
    connection: AsyncConnection, code: str, days: int = MAX_KEY_DAYS
) -> IssuedKey:
    """Issue a key like the live one, which ends after the overlap. Raises as `issue_key` does."""
    await require_enabled_partner(connection, code)
    now = datetime.now(UTC)
    live = await read_live_keys(connection, code, now)
    if len(live) != 1:
        raise not_one_live_key(code, [key.id for key in live])
    [old] = live
    issued = await insert_key(connection, code, old.scopes, now, days)
    ends = min(old.expires_at, now + ROTATION_OVERLAP)
    await connection.execute(
        update(PARTNER_KEYS).where(PARTNER_KEYS.c.id == old.id).values(expires_at=ends)
    )
    return issued


def not_one_live_key(code: str, live: Sequence[str]) -> CommandFailed:
    if not live:
        return CommandFailed(
            f"{code} has no live key to be replaced: issue one.",
            f"{code} 没有可轮换的有效密钥：请签发一个。",
        )
    return CommandFailed(
        f"{code} has {MAX_LIVE_KEYS} live keys ({' and '.join(live)}): revoke the one that isn't "
        "to be replaced.",
        f"{code} 有 {MAX_LIVE_KEYS} 个有效密钥（{'、'.join(live)}）：请吊销不轮换的那一个。",
    )


async def revoke_key(connection: AsyncConnection, id: str) -> None:
    """Revoke a key. Raises CommandFailed."""
    row = (
        await connection.execute(select(PARTNER_KEYS).where(PARTNER_KEYS.c.id == id))
    ).one_or_none()
    if row is None:
        raise CommandFailed(
            f"There is no key {quote_input(id)}: 'python cli.py key list PARTNER' tells ids.",
            f"没有密钥 {quote_input(id)}：'python cli.py key list PARTNER' 列出各 id。",
        )
    if row.revoked_at is not None:
        raise CommandFailed(f"The key {id} has been revoked already.", f"密钥 {id} 已被吊销。")
    now = datetime.now(UTC)
    await connection.execute(
        update(PARTNER_KEYS).where(PARTNER_KEYS.c.id == id).values(revoked_at=now)
    )


async def list_keys(connection: AsyncConnection, code: str) -> Sequence[Row[Any]]:
    """Return the keys of a partner, the newest first. Raises CommandFailed."""
    await find_partner(connection, code)
    keys = select(PARTNER_KEYS).where(PARTNER_KEYS.c.partner_code == code)
    return (
        await connection.execute(keys.order_by(PARTNER_KEYS.c.issued_at.desc(), PARTNER_KEYS.c.id))
    ).all()


async def find_partner(connection: AsyncConnection, code: str) -> Row[Any]:
    partner = (
        await connection.execute(select(PARTNERS).where(PARTNERS.c.code == code))
    ).one_or_none()
    if partner is None:
        raise partner_not_found(code)
    return partner


async def require_enabled_partner(connection: AsyncConnection, code: str) -> Row[Any]:
    partner = await find_partner(connection, code)
    if not partner.enabled:
        raise CommandFailed(
            f"{code} is disabled: 'python cli.py partner enable {code}' comes first.",
            f"{code} 已停用：请先以 'python cli.py partner enable {code}' 启用。",
        )
    return partner


async def read_live_keys(
    connection: AsyncConnection, code: str, now: datetime
) -> Sequence[Row[Any]]:
    """Return the live keys of a partner, the oldest first."""
    keys = select(PARTNER_KEYS).where(
        PARTNER_KEYS.c.partner_code == code,
        PARTNER_KEYS.c.revoked_at.is_(None),
        PARTNER_KEYS.c.expires_at > now,
    )
    return (
        await connection.execute(keys.order_by(PARTNER_KEYS.c.issued_at, PARTNER_KEYS.c.id))
    ).all()


async def insert_key(
    connection: AsyncConnection, code: str, scopes: Collection[Scope], now: datetime, days: int
) -> IssuedKey:
    if not 1 <= days <= MAX_KEY_DAYS:
        raise CommandFailed(
            f"A key is good for 1 to {MAX_KEY_DAYS} days.",
            f"密钥有效期为 1 至 {MAX_KEY_DAYS} 天。",
        )
    id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    expires = now + timedelta(days=days)
    await connection.execute(
        insert(PARTNER_KEYS).values(
            id=id,
            partner_code=code,
            secret_hash=hash_secret(secret),
            scopes=frozenset(scopes),
            issued_at=now,
            expires_at=expires,
        )
    )
    return IssuedKey(code, f"jp_{id}_{secret}", id, expires)


async def authenticate_key(engine: AsyncEngine, text: str) -> AuthenticatedViewer | None:
    """Return the viewer; None for an unknown, expired, revoked or malformed key.

    Raises Unavailable.
    """
    form = KEY_PATTERN.fullmatch(text)
    if form is None:
        return None
    id, secret = form.groups()
    row = await fetch_first(engine, KEY_QUERY.where(PARTNER_KEYS.c.id == id))
    right = compare_digest(row.secret_hash if row else DUMMY_HASH, hash_secret(secret))
    if row is None or not right or not row.enabled or row.revoked_at is not None:
        return None
    if row.expires_at <= datetime.now(UTC):
        return None
    viewer = build_partner_viewer(row, row.key_scopes, id)
    return AuthenticatedViewer(viewer, row.expires_at, id, row.last_used_at)


async def authenticate_partner(
    engine: AsyncEngine, code: str, scopes: Collection[str], until: datetime
) -> AuthenticatedViewer | None:
    """Return the viewer of a partner that an identity provider vouches for.

    Unknown scopes are ignored.
    """
    partner = await fetch_first(engine, select(PARTNERS).where(PARTNERS.c.code == code))
    if partner is None or not partner.enabled:
        return None
    ours = [scope for scope in Scope if scope in scopes]
    return AuthenticatedViewer(build_partner_viewer(partner, ours, code), until)


async def authenticate_worker(
    engine: AsyncEngine, code: str, until: datetime
) -> AuthenticatedViewer | None:
    """Return the viewer of a person that an identity provider vouches for.

    They see their own record, and what is public.
    """
    worker = await fetch_first(engine, select(WORKERS.c.id).where(WORKERS.c.code == code))
    if worker is None:
        return None
    return AuthenticatedViewer(
        Viewer(code, worker=worker.id, rate_key=f"worker {worker.id}"), until
    )


async def fetch_first(engine: AsyncEngine, statement: Select[Any]) -> Row[Any] | None:
    """Return the first row. Raises Unavailable: an unchecked viewer isn't taken for another."""
    try:
        async with engine.connect() as connection:
            row: Row[Any] | None = (await connection.execute(statement)).first()
    except Exception as error:  # a driver may raise anything while it connects
        raise Unavailable(*DATABASE_UNREACHABLE) from error
    return row


async def record_key_use(engine: AsyncEngine, id: str) -> None:
    """Record the use of a key, without the write lock: an import would block the request."""
    async with engine.begin() as connection:
        used = (
            update(PARTNER_KEYS)
            .where(PARTNER_KEYS.c.id == id)
            .values(last_used_at=datetime.now(UTC))
        )
        await connection.execute(used)
