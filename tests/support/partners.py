"""Partners of the demonstration, their keys, and asking with these."""

from typing import Any

import httpx
from sqlalchemy import text

from feeds.demonstration_partners import issue_demonstration_keys
from kit.db.engine import open_engine
from tests.support.over_http import post_graphql

VIEWER_QUERY = {"query": "{ viewer { organisation { code } scopes region { code } } }"}
PUBLIC = {"viewer": {"organisation": None, "scopes": ["read:public"], "region": None}}


async def issue_partner_keys(url: str) -> dict[str, str]:
    engine = open_engine(url)
    try:
        return {one.partner: one.key for one in await issue_demonstration_keys(engine)}
    finally:
        await engine.dispose()


def partner_key_id(key: str) -> str:
    return key.split("_")[1]


async def post_with_credential(
    client: httpx.AsyncClient, credential: str, body: Any = None
) -> httpx.Response:
    return await post_graphql(client, body or VIEWER_QUERY, Authorization=f"Bearer {credential}")


async def partner_key_column(url: str, name: str, key: str) -> Any:
    """Return what is stored of a key."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            wanted = text(f"SELECT {name} FROM partner_key WHERE id = :id")
            return await connection.scalar(wanted, {"id": partner_key_id(key)})
    finally:
        await engine.dispose()


def assert_unauthenticated(response: httpx.Response) -> str:
    """Check for 401 and nothing else; return the message."""
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body.keys() == {"errors"}
    [error] = body["errors"]
    assert error.keys() == {"message", "extensions"}
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    sentence: str = error["message"]
    return sentence
