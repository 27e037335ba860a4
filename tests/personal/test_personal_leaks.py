"""A resident ID goes through every path that can fail: no answer and no log repeats it."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.db.engine import open_engine
from kit.relay.global_id import to_global_id
from kit.security.encryption import EncryptionKeys
from models.personal import PersonalField
from tests.support.commands import RunCli
from tests.support.graph import run_async
from tests.support.logged_services import VIEWERS, HostedService, run_services
from tests.support.personal_records import ADULT, COLLEGE, PersonalRegistry, new_personal_keys

PARTS = [ADULT, ADULT[:14], ADULT[6:14]]
WORKER = to_global_id("Worker", "demo_w1")
REVEAL = """mutation($worker: ID!, $fields: [PersonalField!]!, $purpose: String!) {
  revealPersonal(worker: $worker, fields: $fields, purpose: $purpose) {
    values { value } userErrors { message } } }"""
DISPUTE = """mutation($record: ID!, $text: String!) { dispute(record: $record, text: $text) {
  userErrors { message } } }"""
SETTLE = "mutation($id: ID!) { settleDispute(id: $id, answer: $id) { userErrors { message } } }"
ERASE = "mutation($reason: String!) { requestErasure(reason: $reason) { userErrors { message } } }"
REPLY = """mutation($id: ID!) { answerErasureRequest(id: $id, approve: true, answer: $id) {
  userErrors { message } } }"""
LOG = "query($id: ID!, $after: String) { accessLog(worker: $id, after: $after) { totalCount } }"
SEEN = "query($code: String!) { worker(code: $code) { name personal { values { value } } } }"
GOOD = {"worker": WORKER, "fields": ["RESIDENT_ID"], "purpose": "核对证书"}
PATHS: list[tuple[str, dict[str, Any]]] = [
    (REVEAL, {**GOOD, "purpose": f"核对 {ADULT}"}),
    (REVEAL, {**GOOD, "worker": ADULT}),
    (REVEAL, {**GOOD, "worker": to_global_id("Worker", ADULT)}),
    (DISPUTE, {"record": WORKER, "text": ADULT}),
    (DISPUTE, {"record": ADULT, "text": "有误"}),
    (DISPUTE, {"record": to_global_id("Enrolment", ADULT), "text": "有误"}),
    (SETTLE, {"id": ADULT}),
    (ERASE, {"reason": f"我的号码 {ADULT}"}),
    (REPLY, {"id": ADULT}),
    (LOG, {"id": ADULT}),
    (LOG, {"id": WORKER, "after": ADULT}),
    (LOG, {"id": to_global_id("Worker", ADULT)}),
    (SEEN, {"code": ADULT}),
    (SEEN, {"code": "demo_w1"}),
    (f"{{ workers(filter: {{name: \"{ADULT}\"}}) {{ totalCount }} }}", {}),
]  # fmt: skip


@pytest.fixture
async def held(engine: AsyncEngine) -> PersonalRegistry:
    held = PersonalRegistry(engine)
    await held.people()
    await held.agree()
    await held.enter("demo_w1", {PersonalField.RESIDENT_ID: ADULT})
    return held


def keys_of(seals: EncryptionKeys) -> dict[str, str]:
    """As the settings hold them."""

    def pairs(keys: dict[str, bytes]) -> str:
        return ",".join(f"{id}:{b64encode(key).decode()}" for id, key in keys.items())

    found = {"personal_keys": seals.ring.keys, "personal_index_keys": seals.index.keys}
    return {name: pairs(keys) for name, keys in found.items()}


async def test_no_answer_and_no_line_repeats_a_number(held: PersonalRegistry, url: str) -> None:
    """Its own keys decrypt the values; others don't, and the test notices."""
    rings = keys_of(held.seals), keys_of(new_personal_keys())
    services = [HostedService(viewer, keys) for viewer in VIEWERS for keys in rings]
    answers, lines = run_services(services, url, PATHS)
    assert [len(each) for each in answers] == [len(PATHS)] * len(services)
    assert lines.count('"event":"request"') == len(PATHS) * len(services)
    assert [part for part in PARTS for each in answers for one in each if part in one] == []
    assert [part for part in PARTS if part in lines] == []


async def test_a_fault_while_a_value_is_open_tells_nothing_of_it(
    held: PersonalRegistry, url: str
) -> None:
    """The entry can't be written: a traceback goes to the log from where the value is known."""
    await held.refuse("INSERT", "access_log", "NEW.number > 0")
    service = HostedService("college", keys_of(held.seals))
    [[answer]], lines = run_services([service], url, [(REVEAL, GOOD)])
    assert json.loads(answer)["data"] is None
    assert json.loads(answer)["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "Traceback" in lines
    assert "no room" in lines
    assert [part for part in PARTS if part in lines or part in answer] == []


async def test_a_write_that_the_database_refuses_tells_nothing(held: PersonalRegistry) -> None:
    await held.refuse("INSERT", "personal_value", "NEW.worker_id = 'demo_w2'")
    await held.agree("demo_o")
    with pytest.raises(Exception, match="no room") as refused:
        await held.enter("demo_w2", {PersonalField.PASSPORT: "E12345678"}, "demo_o")
    assert "E12345678" not in str(refused.value)


FILES = {
    "no header": f"{ADULT},13800138000\n",
    "another column": f"worker,{ADULT}\ndemo_w1,1\n",
    "as the worker": f"worker,phone\n{ADULT},13800138000\n",
    "as the phone": f"worker,phone\ndemo_w1,{ADULT}\n",
    "mistyped": f"worker,resident_id\ndemo_w2,{ADULT[:-1]}X\n",
    "of another": f"worker,resident_id\ndemo_w2,{ADULT}\n",
    "as the flag": f"worker,guardian_agreed\ndemo_w1,{ADULT}\n",
    "as the fact": f"worker,student_number,enrolment\ndemo_w1,20220148,{ADULT}\n",
    "too many cells": f"worker,phone\ndemo_w1,,{ADULT}\n",
    "no CSV": f'worker,phone\ndemo_w1,"{ADULT}\n',
    "no UTF-8": f"worker,phone\n\udcff,{ADULT}\n",
}


@pytest.mark.parametrize("name", FILES)
def test_no_refusal_of_a_file_repeats_a_number(
    run_cli: RunCli, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    seals: list[Any] = []

    async def people() -> None:
        engine = open_engine(url)
        held = PersonalRegistry(engine)
        await held.people()
        await held.agree()
        await held.enter("demo_w1", {PersonalField.RESIDENT_ID: ADULT})
        seals.append(held.seals)
        await engine.dispose()

    run_async(people())
    for setting, keys in keys_of(seals[0]).items():
        monkeypatch.setenv(setting.upper(), keys)
    file = tmp_path / "people.csv"
    file.write_bytes(FILES[name].encode("utf-8", "surrogateescape"))
    code, said = run_cli(url, "personal", "import", str(file), "--for", COLLEGE)
    assert (code, said[0]) == (1, "1 problem; nothing was loaded.")
    assert [part for part in PARTS if part in json.dumps(said)] == []
