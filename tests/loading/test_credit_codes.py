"""Credit codes: one spelling, what is wrong with one, and no identity number among them."""

import pytest

from kit.errors import ImportRejected
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.support.table_states import read_tables

CODE = "91110000600037341L"
SPELLINGS = [
    CODE.lower(),
    "9111 0000 6000 3734 1L",
    "911100006000-37341L",
    "９１１１００００６０００３７３４１Ｌ",
    "91110000−600037341L",
    "'91110000600037341L",
    "（91110000_600037341L）",
    "91110000/600037341l\u202c",
]
IDENTITY = "370284199001011230"


def organisation(code: str, credit_code: str, **more: str) -> dict[str, str]:
    return {
        "code": code, "name": "单位", "organisation_kind": "ENTERPRISE", "credit_code": credit_code,
        **more,
    }  # fmt: skip


async def refusal(make: RowFactory, *rows: dict[str, str]) -> list[str]:
    """Return the problems; nothing has changed."""
    before = await read_tables(make.engine)
    with pytest.raises(ImportRejected) as refused:
        await make(organisations=[*rows])
    assert await read_tables(make.engine) == before
    return [str(problem).partition(", credit_code: ")[2] for problem in refused.value.problems]


async def test_a_code_is_stored_as_it_is_issued(make: RowFactory, ask: GraphQLTestClient) -> None:
    for spelling in SPELLINGS:
        await make(organisations=[organisation("o", spelling)])
        query = '{ organisations(filter: {creditCode: "%s"}) { nodes { code creditCode } } }'
        nodes = [{"code": "o", "creditCode": CODE}]
        for asked in (CODE, *SPELLINGS):
            assert await ask.data(query % asked) == {"organisations": {"nodes": nodes}}


async def test_another_spelling_is_the_same_code(make: RowFactory) -> None:
    await make(organisations=[organisation("o", CODE)])
    for spelling in SPELLINGS:
        assert await refusal(make, organisation("p", spelling)) == [
            "is the same as that of 'o'; it must be unique."
        ]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("91110000600037341", "has 17 places; a unified social credit code has 18."),
        (
            "9111000060003734OL",
            "has 'O' in place 17; the signs are 0123456789ABCDEFGHJKLMNPQRTUWXY.",
        ),
        ("9111X000600037341L", "names no region: places 3 to 8 are digits."),
        ("91110000600037341X", "has 'X' in place 18; by the others it is 'L'."),
    ],
)
async def test_it_is_said_which_sign_is_wrong(make: RowFactory, code: str, reason: str) -> None:
    assert await refusal(make, organisation("o", code)) == [f"'{code}' {reason}"]


async def test_one_issued_against_the_standard_is_entered_with_a_note(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    odd = "91110000600037341X"
    await make(organisations=[organisation("o", odd, note="As on the licence of 2016.")])
    query = '{ organisation(code: "o") { creditCode } }'
    assert await ask.data(query) == {"organisation": {"creditCode": odd}}


@pytest.mark.parametrize("note", ["", "it is what they gave us"])
async def test_an_identity_number_is_none_and_is_not_repeated(make: RowFactory, note: str) -> None:
    assert await refusal(make, organisation("o", IDENTITY, note=note)) == [
        "is the number of an identity document: such numbers are never entered here."
    ]
