"""Names are stored as they are meant, and found however they are typed."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.db.column_types import NormalizedText
from kit.db.engine import write_transaction
from kit.text.normalization import (
    normalize_code,
    normalize_label,
    normalize_personal_name,
    normalize_prose,
)
from models.history import model_table, table_models
from models.organisation import Organisation
from models.region import Region
from models.worker import Worker
from resolvers.core.context import Executor
from resolvers.database.text_normalization import normalize_stored_texts
from resolvers.personal.mentions import CODED_COLUMNS
from tests.support.graph import GraphQLTestClient, RowFactory, publishing_rows

# As they come from Word, PDF and web pages: how they are meant, and how they are typed.
PEOPLE = {
    "w1": ("王甲", "\u200b王甲"),
    "w2": ("王乙", "王\n乙"),
    "w3": ("李四", "李　四"),
    "w4": ("José", "Jose\u0301"),
    "w5": ("AB工", "ＡＢ工"),
    "w6": ("阿依古丽·买买提", "阿依古丽 • 买买提"),
    "w7": ("虎山崎", "⻁⼭﨑"),
    "w8": ("Jean Paul", "Jean\u00a0 Paul"),
    "w9": ("龙丽", "\u202a⻰丽\u202c"),
    "x1": ("青黄户", "⾭⿈⼾"),
}
SPELLINGS = {
    "李四": ["李四", "李　四", "李 四", "李\u200b四", "李\u00a0四", "李\r\n四", "\ufeff李四"],
    "阿依古丽·买买提": [f"阿依古丽{dot}买买提" for dot in "·•・‧･."] + ["阿依古丽 · 买买提"],
    "José": ["José", "Jose\u0301", "Ｊosé", "Jo\u00adsé"],
}
# What is meant as it stands.
ORDINARY = [
    "李 白 Li Bai",
    "²",
    "①",
    "㎡",
    "Ⅲ级",
    "（已删除）",
    "a·b",
    "王，甲",
    "3.5%",
    "卜",
    "己已巳",
    "👷🏽‍♀️",
]


async def test_people_are_stored_as_they_are_meant(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": code, "name": typed} for code, (_, typed) in PEOPLE.items()])
    query = "{ workers(orderBy: [{field: CODE}]) { nodes { code name nameAsPublished } } }"
    assert (await ask.data(query))["workers"]["nodes"] == [
        {"code": code, "name": name, "nameAsPublished": typed}
        for code, (name, typed) in PEOPLE.items()
    ]
    for name in ("王甲", "王乙", "李四", "José", "AB工"):
        query = "query($name: String!) { workers(filter: {name: $name}) { totalCount } }"
        assert await ask.data(query, name=name) == {"workers": {"totalCount": 1}}


@pytest.mark.parametrize("way", [Executor.DEFAULT, Executor.BATCH, Executor.PLAN])
@pytest.mark.parametrize("name", SPELLINGS)
async def test_every_spelling_finds_what_any_has_stored(
    make: RowFactory, ask: GraphQLTestClient, name: str, way: Executor
) -> None:
    await make(workers=[{"code": f"w{n}", "name": one} for n, one in enumerate(SPELLINGS[name])])
    query = """query($name: String!, $code: String!) {
      workers(filter: {name: $name}) { totalCount }
      either: workers(filter: {or: [{name: $name}, {not: {name: $name}}]}) { totalCount }
      worker(code: $code) { name }
      search(text: $name) { totalCount }
    }"""
    number = len(SPELLINGS[name])
    for one in SPELLINGS[name]:
        by_code = "ｗ０\u200b"
        if way is Executor.DEFAULT:
            data = await ask.data(query, name=one, code=by_code)
        else:
            data = (await ask.by_plan(query, way, name=one, code=by_code)).data
        assert data == {
            "workers": {"totalCount": number},
            "either": {"totalCount": number},
            "worker": {"name": name},
            "search": {"totalCount": number},
        }


AWARDS = ["一等奖", "一等奖\u200b", "一　等　奖", "一 等 奖", "一等\n奖", "\u2060一等奖", "一等奖 "]


async def test_groups_and_filters_of_text_hold_all_spellings(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    people = [{"code": f"w{n}", "name": "甲", "audience": "PUBLIC"} for n in range(len(AWARDS))]
    files = publishing_rows()
    files["results"] = [
        {
            "key": f"r{n}", "competition": "published", "worker": f"w{n}", "award": award,
            "sources": "published",
        }
        for n, award in enumerate(AWARDS)
    ]  # fmt: skip
    await make(workers=people, **files)
    query = """query($award: String!) { competition(code: "published") {
      results(filter: {award: $award}) { totalCount }
      all: results { groups(by: [AWARD]) { totalCount nodes { count keys { label } } } }
    } }"""
    for award in AWARDS:
        assert await ask.data(query, award=award) == {
            "competition": {
                "results": {"totalCount": len(AWARDS)},
                "all": {
                    "groups": {
                        "totalCount": 1,
                        "nodes": [{"count": len(AWARDS), "keys": [{"label": "一等奖"}]}],
                    }
                },
            }
        }


async def test_a_name_that_is_corrected_loses_the_published_form_of_the_former(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    query = '{ worker(code: "w") { name nameAsPublished } }'
    steps: list[tuple[dict[str, Any], str, str | None]] = [
        ({"name": "李　四"}, "李四", "李　四"),
        ({"name": "李四"}, "李四", "李　四"),
        ({"frontline": "true"}, "李四", "李　四"),
        ({"name": "李五"}, "李五", None),
        ({"name": "李五", "name_as_published": "李伍"}, "李五", "李伍"),
        ({"name": "李五", "name_as_published": ""}, "李五", None),
    ]
    for cells, name, as_published in steps:
        await make(workers=[{"code": "w", **cells}])
        worker = {"name": name, "nameAsPublished": as_published}
        assert await ask.data(query) == {"worker": worker}


async def test_what_lies_there_already_is_spelt_anew_with_its_history(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": "w", "name": "李四"}, {"code": "v", "name": "王五"}])
    async with write_transaction(make.engine) as connection:
        raw = "UPDATE worker SET name = '李　四', name_key = 'x' WHERE id = 'w'"
        await connection.exec_driver_sql(raw)
        assert await normalize_stored_texts(connection, "migrate") == {"Worker": 1}
        assert await normalize_stored_texts(connection, "migrate") == {}
    query = """{ worker(code: "w") { name nameAsPublished
      history { nodes { changeKind values { field value } } } } }"""
    worker = (await ask.data(query))["worker"]
    assert (worker["name"], worker["nameAsPublished"]) == ("李四", "李　四")
    names = [
        next(value["value"] for value in version["values"] if value["field"] == "name")
        for version in worker["history"]["nodes"]
    ]
    assert names == ["李四", "李　四"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("乐一嘉", ["yueyijia", "leyijia", "yyj", "lyj"]),
        ("单一芳", ["shanyifang", "danyifang"]),
        ("覃一辉", ["qinyihui", "tanyihui"]),
        ("翟一", ["zhaiyi", "diyi"]),
        ("黑一", ["heyi", "heiyi"]),
        ("吕一", ["lvyi", "lüyi", "luyi", "lyuyi"]),
        ("尉迟一", ["yuchiyi", "weichiyi"]),
        ("朴一", ["piaoyi", "puyi"]),
        ("解一", ["xieyi", "jieyi"]),
        ("单于一", ["chanyuyi", "shanyuyi", "danyuyi"]),
        ("陈宇", ["chenyu", "chen yu"]),
        ("粘一", ["nianyi", "zhanyi"]),
        ("郄一", ["qieyi", "xiyi"]),
        ("颉一", ["xieyi", "jieyi"]),
        ("闾一", ["lvyi", "luyi"]),
    ],
)
async def test_a_surname_is_found_by_either_reading(
    make: RowFactory, ask: GraphQLTestClient, name: str, typed: list[str]
) -> None:
    await make(workers=[{"code": "w", "name": name}, {"code": "v", "name": "一芳"}])
    query = "query($text: String!) { search(text: $text) { edges { node { code } } } }"
    for text in typed:
        edges = (await ask.data(query, text=text))["search"]["edges"]
        assert edges == [{"node": {"code": "w"}}], text


async def test_a_reading_that_no_list_has_is_said_as_the_english_name(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make(workers=[{"code": "w", "name": "甲一", "name_en": "Ka Yi"}])
    assert await ask.data('{ search(text: "kayi") { totalCount } }') == {
        "search": {"totalCount": 1}
    }


def test_every_text_that_somebody_enters_has_a_spelling() -> None:
    """A column without a normaliser isn't found by other spellings: each new column decides."""
    verbatim = {"name_as_published", "url"}
    for model in table_models():
        for column in model_table(model).c:
            if type(column.type).__name__ == "Text" and not column.foreign_keys:
                assert column.key in CODED_COLUMNS | verbatim, f"{model.__name__}.{column.key}"
    assert isinstance(model_table(Worker).c.name.type, NormalizedText)
    assert isinstance(model_table(Region).c.name.type, NormalizedText)
    assert isinstance(model_table(Organisation).c.credit_code.type, NormalizedText)


SPELL = [normalize_prose, normalize_label, normalize_personal_name, normalize_code]
CHARACTERS = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from(
        "李四王 　"
        "\n\r\t\u00a0\u200b\u200d\u202e\ufeff·•・.ＡＢ１－（）⻁⼭﨑eé\u0301ﬁ㎡\u0627\u1820"
    ),
)


@pytest.mark.parametrize("spell", SPELL)
@given(text=st.text(CHARACTERS, max_size=12))
def test_spelling_anew_changes_nothing(spell: Any, text: str) -> None:
    assert spell(spell(text)) == spell(text)


@given(text=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1))
def test_ordinary_characters_stay(text: str) -> None:
    assert [normalize_prose(text), normalize_label(text), normalize_personal_name(text)] == [
        text
    ] * 3


@given(text=st.text(CHARACTERS, max_size=12))
def test_what_looks_alike_is_spelt_alike(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert normalize_label(unicodedata.normalize(form, text)) == normalize_label(text)
    assert normalize_personal_name("\u200b".join(["", *text, ""])) == normalize_personal_name(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_what_has_a_meaning_of_its_own_stays(text: str) -> None:
    assert normalize_label(text) == text


def test_no_character_of_daily_use_is_folded() -> None:
    for encoding in ("gb2312", "big5"):
        for high in range(0xA1, 0xFA):
            for low in range(0x40, 0xFF):
                char = bytes([high, low]).decode(encoding, "ignore")
                if len(char) == 1 and "\u3400" <= char < "\uf900":
                    assert normalize_label(char) == char
