"""Partners of the demonstration, their keys, and asking with these."""

from typing import Any

import httpx
from sqlalchemy import text

from feeds.partners import introduce
from kit.database import open_engine
from tests.over_http import post

WHO = {"query": "{ viewer { organisation { code } scopes region { code } } }"}
PUBLIC = {"viewer": {"organisation": None, "scopes": ["read:public"], "region": None}}


async def first_keys(url: str) -> dict[str, str]:
    engine = open_engine(url)
    try:
        return {one.partner: one.key for one in await introduce(engine)}
    finally:
        await engine.dispose()


def id_of(key: str) -> str:
    return key.split("_")[1]


async def ask_with(client: httpx.AsyncClient, credential: str, body: Any = None) -> httpx.Response:
    return await post(client, body or WHO, Authorization=f"Bearer {credential}")


async def column(url: str, name: str, key: str) -> Any:
    """What is stored of a key."""
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            wanted = text(f"SELECT {name} FROM partner_key WHERE id = :id")
            return await connection.scalar(wanted, {"id": id_of(key)})
    finally:
        await engine.dispose()


def assert_unauthenticated(response: httpx.Response) -> str:
    """401 and nothing else; the sentence that is told."""
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
