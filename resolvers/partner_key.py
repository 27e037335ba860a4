"""Keys of partners: issued, rotated, revoked, and recognised."""

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

from kit.errors import NotDone, Unavailable, quoted
from kit.snapshots import OUT_OF_REACH
from models import Worker
from models.history import stored
from models.partner import Scope
from resolvers.access import Viewer
from resolvers.partner import KEY, PARTNER, as_viewer, fitting, unknown

WORKERS = stored(Worker)

LONGEST = 365  # days
OVERLAP = timedelta(days=7)  # in which a key that was replaced is still good
MOST_LIVE = 2
SECRET = 32  # bytes; 43 characters
FORM = re.compile(r"jp_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
NO_SECRET = "0" * 64  # what is compared where there is no such key, so that it takes as long
RECOGNISED_BY = select(
    PARTNER,
    KEY.c.id,
    KEY.c.secret_hash,
    KEY.c.scopes.label("key_scopes"),
    KEY.c.expires_at,
    KEY.c.revoked_at,
    KEY.c.last_used_at,
).join(KEY, KEY.c.partner_code == PARTNER.c.code)


@dataclass(frozen=True)
class Issued:
    """`key` is told this once."""

    partner: str
    key: str
    id: str
    expires: datetime


@dataclass(frozen=True)
class Recognised:
    viewer: Viewer
    until: datetime
    key_id: str | None = None
    last_used: datetime | None = None


def hashed(secret: str) -> str:
    """No slow hash: nobody guesses 256 bits, and a slow one lets anybody keep the service busy."""
    return sha256(secret.encode("ascii")).hexdigest()


async def issue(
    connection: AsyncConnection,
    code: str,
    days: int = LONGEST,
    scopes: Collection[Scope] | None = None,
) -> Issued:
    """In a transaction that is alone among writers. Raises NotDone."""
    partner = await enabled(connection, code)
    now = datetime.now(UTC)
    live = await living(connection, code, now)
    if len(live) >= MOST_LIVE:
        raise NotDone(
            f"{code} has {MOST_LIVE} live keys, and no partner has more: "
            f"{' and '.join(one.id for one in live)}. "
            f"Revoke one ('python cli.py key revoke {live[0].id}'), then issue another."
        )
    given = fitting(scopes, partner.scopes, f"partner {code}")
    return await write(connection, code, given, now, days)


async def rotate(connection: AsyncConnection, code: str, days: int = LONGEST) -> Issued:
    """A new key like the live one, which ends after the overlap. Raises as `issue`."""
    await enabled(connection, code)
    now = datetime.now(UTC)
    live = await living(connection, code, now)
    if len(live) != 1:
        ids = " and ".join(one.id for one in live)
        raise NotDone(
            f"{code} has {MOST_LIVE} live keys ({ids}): revoke the one that isn't to be replaced."
            if live
            else f"{code} has no live key to be replaced: issue one."
        )
    [old] = live
    issued = await write(connection, code, old.scopes, now, days)
    ends = min(old.expires_at, now + OVERLAP)
    await connection.execute(update(KEY).where(KEY.c.id == old.id).values(expires_at=ends))
    return issued


async def revoke(connection: AsyncConnection, id: str) -> None:
    """Raises NotDone."""
    found = (await connection.execute(select(KEY).where(KEY.c.id == id))).one_or_none()
    if found is None:
        raise NotDone(f"There is no key {quoted(id)}: 'python cli.py key list PARTNER' tells ids.")
    if found.revoked_at is not None:
        raise NotDone(f"The key {id} has been revoked already.")
    now = datetime.now(UTC)
    await connection.execute(update(KEY).where(KEY.c.id == id).values(revoked_at=now))


async def listed(connection: AsyncConnection, code: str) -> Sequence[Row[Any]]:
    """The keys that were issued to a partner, the newest first. Raises NotDone."""
    await partner_of(connection, code)
    keys = select(KEY).where(KEY.c.partner_code == code)
    return (await connection.execute(keys.order_by(KEY.c.issued_at.desc(), KEY.c.id))).all()


async def partner_of(connection: AsyncConnection, code: str) -> Row[Any]:
    found = (await connection.execute(select(PARTNER).where(PARTNER.c.code == code))).one_or_none()
    if found is None:
        raise unknown(code)
    return found


async def enabled(connection: AsyncConnection, code: str) -> Row[Any]:
    found = await partner_of(connection, code)
    if not found.enabled:
        raise NotDone(f"{code} is disabled: 'python cli.py partner enable {code}' comes first.")
    return found


async def living(connection: AsyncConnection, code: str, now: datetime) -> Sequence[Row[Any]]:
    """The one that was issued first comes first."""
    keys = select(KEY).where(
        KEY.c.partner_code == code, KEY.c.revoked_at.is_(None), KEY.c.expires_at > now
    )
    return (await connection.execute(keys.order_by(KEY.c.issued_at, KEY.c.id))).all()


async def write(
    connection: AsyncConnection, code: str, scopes: Collection[Scope], now: datetime, days: int
) -> Issued:
    if not 1 <= days <= LONGEST:
        raise NotDone(f"A key is good for 1 to {LONGEST} days.")
    id, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET)
    expires = now + timedelta(days=days)
    await connection.execute(
        insert(KEY).values(
            id=id,
            partner_code=code,
            secret_hash=hashed(secret),
            scopes=frozenset(scopes),
            issued_at=now,
            expires_at=expires,
        )
    )
    return Issued(code, f"jp_{id}_{secret}", id, expires)


async def recognise_key(engine: AsyncEngine, text: str) -> Recognised | None:
    """None for what is unknown, expired, revoked, or no key at all. Raises Unavailable."""
    form = FORM.fullmatch(text)
    if form is None:
        return None
    id, secret = form.groups()
    found = await first(engine, RECOGNISED_BY.where(KEY.c.id == id))
    right = compare_digest(found.secret_hash if found else NO_SECRET, hashed(secret))
    if found is None or not right or not found.enabled or found.revoked_at is not None:
        return None
    if found.expires_at <= datetime.now(UTC):
        return None
    viewer = as_viewer(found, found.key_scopes, id)
    return Recognised(viewer, found.expires_at, id, found.last_used_at)


async def recognise_partner(
    engine: AsyncEngine, code: str, scopes: Collection[str], until: datetime
) -> Recognised | None:
    """Whom somebody else vouches for. Words that are no scopes of ours say nothing."""
    found = await first(engine, select(PARTNER).where(PARTNER.c.code == code))
    if found is None or not found.enabled:
        return None
    ours = [scope for scope in Scope if scope in scopes]
    return Recognised(as_viewer(found, ours, code), until)


async def recognise_worker(engine: AsyncEngine, code: str, until: datetime) -> Recognised | None:
    """A person for whom somebody else vouches: they see their own record, and what is public."""
    found = await first(engine, select(WORKERS.c.id).where(WORKERS.c.code == code))
    if found is None:
        return None
    return Recognised(Viewer(code, worker=found.id, rated=f"worker {found.id}"), until)


async def first(engine: AsyncEngine, wanted: Select[Any]) -> Row[Any] | None:
    """Raises Unavailable: who can't be looked up isn't taken for somebody else."""
    try:
        async with engine.connect() as connection:
            found: Row[Any] | None = (await connection.execute(wanted)).first()
    except Exception as error:  # a driver may raise anything while it connects
        raise Unavailable(*OUT_OF_REACH) from error
    return found


async def note_use(engine: AsyncEngine, id: str) -> None:
    """Not under the writer's lock: an import would keep it, and its connection, waiting."""
    async with engine.begin() as connection:
        used = update(KEY).where(KEY.c.id == id).values(last_used_at=datetime.now(UTC))
        await connection.execute(used)
