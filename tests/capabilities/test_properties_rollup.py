"""Roll-ups of registries made by chance, against the same table in plain Python."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy.ext.asyncio import AsyncEngine

from models.partner import Scope
from resolvers.core.access import OPERATOR, Viewer
from tests.capabilities.test_rollup_exact import ASKED
from tests.support.graph import GraphQLTestClient, RowFactory
from tests.support.random_rows import max_examples, shrinkable_randoms
from tests.support.table_states import clear_tables

UNION = Viewer("union", region="r1", scopes=frozenset({Scope.READ_REGION, Scope.AGGREGATE_REGION}))
CENTS = 0.005


class RandomRegionTree:
    """A tree in which zones lie anywhere, codes have ended, and regions were moved."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        number = 3 + chance.randrange(8)
        self.parents: dict[str, str] = {}
        for n in range(1, number):
            self.parents[f"r{n}"] = f"r{chance.randrange(n)}"
        self.codes = ["r0", *self.parents]
        self.ended = {code for code in self.parents if chance.randrange(5) == 0}
        self.zones = {code for code in self.parents if chance.randrange(4) == 0}
        self.studios = {
            f"s{n}": (self.anywhere(), chance.choice(["CITY", "PROVINCIAL", ""]))
            for n in range(1 + chance.randrange(12))
        }
        self.outcomes = {f"o{n}": self.outcome(n) for n in range(chance.randrange(8))}

    def anywhere(self) -> str:
        return self.chance.choice([*self.codes, *self.codes, ""])

    def outcome(self, number: int) -> dict[str, Any]:
        leader, *others = self.some(1 + self.chance.randrange(4))
        return {
            "leader": leader,
            "others": others,
            "value": self.chance.choice([None, 100, 0.01, 3333.33, 7]),
            "qualifier": self.chance.choice(["EXACT", "EXACT", "OVER", "ABOUT"]),
            "status": self.chance.choice(["VERIFIED", "ASSERTED", "RETRACTED"]),
            "audience": self.chance.choice(["PUBLIC", "OWNER"]),
        }

    def some(self, number: int) -> list[str]:
        return list(dict.fromkeys(self.chance.choice(list(self.studios)) for _ in range(number)))

    async def enter(self, make: RowFactory) -> None:
        await make(
            sources=[{"key": "s", "title": "t"}],
            regions=[{"code": code, "name": code, "level": "CITY"} for code in self.codes],
        )
        # Moved to where they are now.
        await make(
            regions=[
                {"code": code, "level": "ZONE" if code in self.zones else "CITY",
                 "parent": self.parents[code], "ended": "2020" if code in self.ended else ""}
                for code in self.parents
            ]
        )  # fmt: skip
        await make(
            studios=[
                {"code": code, "name": code, "studio_kind": "OTHER", "region": region,
                 "level": level}
                for code, (region, level) in self.studios.items()
            ]
        )  # fmt: skip
        await make(
            outcomes=[
                {"key": key, "studio": one["leader"], "outcome_kind": "BENEFIT", "sources": "s",
                 "value_value": "" if one["value"] is None else one["value"],
                 "value_unit": "" if one["value"] is None else "yuan",
                 "value_qualifier": "" if one["value"] is None else one["qualifier"],
                 "status": one["status"], "audience": one["audience"]}
                for key, one in self.outcomes.items()
            ],
            contributions=[
                {"key": f"{key}_{studio}", "outcome": key, "studio": studio, "sources": "s"}
                for key, one in self.outcomes.items()
                for studio in one["others"]
            ],
        )  # fmt: skip

    def upward(self, code: str) -> Iterator[str]:
        while code:
            yield code
            code = self.parents.get(code, "")

    def listed(self, root: str, depth: int) -> dict[str, int]:
        """Return the regions of a table with their depth: none below one whose code ended."""
        found = {root: 0}
        for code in self.codes:
            above = list(self.upward(code))
            if root in above[1:] and above.index(root) <= depth:
                between = above[: above.index(root)]
                if not self.ended & {*between}:
                    found[code] = len(between)
        return found

    def shares(self, one: dict[str, Any], apportion: str) -> dict[str, Fraction]:
        """Return the part of each region in an outcome."""
        owners = [one["leader"], *one["others"]] if apportion == "EQUAL" else [one["leader"]]
        regions = [self.studios[owner][0] for owner in dict.fromkeys(owners)]
        known = [region for region in regions if region]
        found: dict[str, Fraction] = {}
        for region in known:
            found[region] = found.get(region, Fraction(0)) + Fraction(1, len(known))
        return found

    def sees(self, viewer: Viewer, one: dict[str, Any]) -> bool:
        if one["status"] == "RETRACTED":
            return False
        home = self.studios[one["leader"]][0]
        return viewer is OPERATOR or one["audience"] == "PUBLIC" or "r1" in self.upward(home)


@pytest.mark.parametrize("viewer", [OPERATOR, UNION], ids=["operator", "union"])
@max_examples(6)
@given(chance=shrinkable_randoms("roll-ups"))
async def test_a_table_is_what_plain_python_counts(
    empty_registry: AsyncEngine, viewer: Viewer, chance: Random
) -> None:
    await clear_tables(empty_registry)
    land, ask = RandomRegionTree(chance), GraphQLTestClient(empty_registry)
    await land.enter(RowFactory(empty_registry))
    tops = [code for code in land.codes if viewer is OPERATOR or "r1" in land.upward(code)]
    root, depth = chance.choice(tops), chance.randrange(5)
    listed = land.listed(root, depth)
    seen = [one for one in land.outcomes.values() if land.sees(viewer, one)]
    for apportion in ("EQUAL", "LEADER"):
        answer = await ask(
            ASKED, viewer, root=root, depth=depth, apportion=apportion,
            measures=["STUDIOS", "OUTCOMES", "VERIFIED_VALUE"],
        )  # fmt: skip
        assert answer.errors == []
        told = {
            (row["region"]["code"], row["elsewhere"]): [
                value["quantity"]["value"] for value in row["values"]
            ]
            for row in answer.data["rollup"]["rows"]
        }
        wholes = {
            (row["region"]["code"], row["elsewhere"]): row["values"][1]["unapportioned"]["value"]
            for row in answer.data["rollup"]["rows"]
        }
        parents = {land.parents[code] for code in listed if code != root}
        assert told.keys() == {(code, False) for code in listed} | {(one, True) for one in parents}
        for code, alone in told:
            inside = {
                region
                for region in land.codes
                if code in land.upward(region)
                and (not alone or next(one for one in land.upward(region) if one in listed) == code)
            }
            shares = [(one, land.shares(one, apportion)) for one in seen]
            parts = [
                (one, sum((of for place, of in found.items() if place in inside), Fraction(0)))
                for one, found in shares
            ]
            value = sum(
                part * Fraction(one["value"])
                for one, part in parts
                if one["status"] == "VERIFIED" and one["value"] is not None
            )
            studios = [region for region, _ in land.studios.values() if region in inside]
            assert told[code, alone][0] == len(studios)
            assert told[code, alone][1] == pytest.approx(float(sum(part for _, part in parts)))
            assert abs(told[code, alone][2] - float(value)) < CENTS
            having = [one for one in seen if land.shares(one, "EQUAL").keys() & inside]
            assert wholes[code, alone] == len(having)
        for code in parents:
            below = [
                told[one, False] for one in listed if land.parents.get(one) == code and one != root
            ]
            for n, whole in enumerate(told[code, False]):
                parts_of = [one[n] for one in [*below, told[code, True]]]
                assert abs(sum(parts_of) - whole) < CENTS


@max_examples(6)
@given(chance=shrinkable_randoms("groups below"))
async def test_rows_and_groups_below_a_region_tell_the_same(
    empty_registry: AsyncEngine, chance: Random
) -> None:
    await clear_tables(empty_registry)
    land, ask = RandomRegionTree(chance), GraphQLTestClient(empty_registry)
    land.ended = set()
    await land.enter(RowFactory(empty_registry))
    root = chance.choice(land.codes)
    answer = await ask(ASKED, root=root, depth=1, measures=["STUDIOS"], by=["LEVEL"])
    told = {
        (row["region"]["code"], cell["keys"][0]["code"]): cell["values"][0]["quantity"]["value"]
        for row in answer.data["rollup"]["rows"]
        if row["depth"] == 1 or len(answer.data["rollup"]["rows"]) == 1
        for cell in row["cells"]
    }
    query = """query($root: String!) { region(code: $root) { studios { totalCount
      groups(by: [REGION, LEVEL], below: $root) { nodes { count share keys { code } } } } } }"""
    studios = (await ask.data(query, root=root))["region"]["studios"]
    nodes = studios["groups"]["nodes"]
    assert told == {tuple(key["code"] for key in node["keys"]): node["count"] for node in nodes}
    assert sum(node["count"] for node in nodes) == studios["totalCount"]
    assert not nodes or sum(node["share"] for node in nodes) == pytest.approx(1)
