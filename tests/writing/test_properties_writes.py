"""After any writes in any order the invariants of all tables hold."""

from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from feeds.csv_folder import csv_name_of, read_row
from kit.errors import ImportRejected
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.row import Audience, Fact, Thing
from models.source import Citation, Source
from resolvers.core.context import today_in_china
from resolvers.writing.proposal import Origin, Problems, Proposal, referenced_models
from tests.support import recount
from tests.support.graph import RowFactory
from tests.support.random_rows import Batch, max_examples, shrinkable_randoms, without_refused
from tests.support.random_writes import WriteGenerator
from tests.support.recount import Rows
from tests.support.table_states import TableSnapshot, clear_tables, read_tables, rewind_history


async def enter(make: RowFactory, batch: Batch) -> Counter[str]:
    return await make(**{csv_name_of(model)[:-4]: rows for model, rows in batch.items()})


def check_what_follows(tables: TableSnapshot) -> None:
    today = today_in_china()
    assert list(recount.overlapping_spells(tables.live, today)) == []
    assert list(recount.invalid_shares(tables.live)) == []
    for model, rows in tables.live.items():
        for id, row in rows.items():
            for rule in model.years:
                recount.check_year(rule, row)
            if "parent_id" in row:
                recount.ancestor_line(rows, id)
            if "begins" in row:
                assert (row["begins"], row["ends"]) == recount.spell_bounds(model, row)
    assert tables.pairs == recount.region_ancestors(tables.live)
    for model, id, column, value in recount.expected_derived_columns(tables.live, today):
        assert tables.live[model][id][column] == value, (model.__name__, id, column)
    assert [change["id"] for change in tables.changes] == list(range(1, len(tables.changes) + 1))


# What is told of a hidden organisation is its owner's; of two of different owners, nobody's.
OF_ORGANISATIONS: dict[Any, tuple[str, ...]] = {
    OrganisationFormerName: ("organisation_id",),
    OrganisationSuccession: ("organisation_id", "successor_id"),
}


def about(after: TableSnapshot, model: Any, id: str) -> set[Any]:
    """Return the possible owners of a thing without one: none, or who asserts its facts."""
    return {None} | {
        row["owner_id"]
        for fact, rows in after.live.items()
        if issubclass(fact, Fact)
        for row in rows.values()
        for column, to in referenced_models(fact)
        if to is model and row[column] == id
    }


def narrowed(after: TableSnapshot, model: Any, row: Any, column: str, told: Any) -> Any:
    """Return the audience entered there, or that of the people it names."""
    holders = [after.live[Organisation][row[name]] for name in OF_ORGANISATIONS[model]]
    hidden = [one for one in holders if one["audience"] != Audience.PUBLIC]
    owners = {one["owner_id"] for one in hidden}
    if len(owners) > 1:
        return {"audience": Audience.PROTECTED, "owner_id": None}[column]
    if column == "owner_id":
        return owners.pop() if owners else told
    places = {audience.value: place for place, audience in enumerate(Audience)}
    return max([told, *(one["audience"] for one in hidden)], key=places.__getitem__)


def check_what_was_entered(before: TableSnapshot, after: TableSnapshot, batch: Batch) -> None:
    assert list(recount.wrongly_public_ids(before.live, after.live)) == []
    assert list(recount.facts_wider_than_people(after.live)) == []
    entered = proposals(batch)
    # A code that is given away in the batch means what had it until then.
    ids = {model: ids_of(before.live[model]) | ids_of(rows) for model, rows in after.live.items()}
    cited: defaultdict[Any, set[str]] = defaultdict(set)
    for citation in after.live[Citation].values():
        cited[citation["fact_type"], citation["fact_id"]].add(citation["source_id"])
    named: defaultdict[Any, set[str]] = defaultdict(set)
    for proposal in entered:
        if proposal.model is Citation:
            named[proposal.values["fact_type"], proposal.values["fact_id"]].add(
                proposal.values["source_id"]
            )
    for proposal in entered:
        model, id = proposal.model, ids[proposal.model][proposal.key]
        row = after.live[model][id]
        targets = dict(referenced_models(model))
        for column, value in proposal.values.items():
            told = ids[targets[column]][value] if column in targets and value else value
            if model in OF_ORGANISATIONS and column in {"audience", "owner_id"}:
                assert row[column] == narrowed(after, model, row, column, told), (model, id)
            elif column == "owner_id" and told is None and issubclass(model, Thing):
                owners = {None} if row["audience"] == Audience.PUBLIC else about(after, model, id)
                assert row[column] in owners, (model.__name__, id)
            elif column == "audience" and row[column] == Audience.PROTECTED:
                assert told in {Audience.OWNER, Audience.PROTECTED}, (model.__name__, id)
            elif told is not None or column not in {rule.year for rule in model.years}:
                assert row[column] == told, (model.__name__, id, column)
        if issubclass(model, Fact):
            if "source_id" in proposal.values:
                assert cited[model.__name__, id] == named[model.__name__, id]
            if id not in before.live[model] and "owner_id" not in proposal.values:
                assert row["owner_id"] == after.live[Source][row["source_id"]]["asserted_by_id"]


def ids_of(rows: Rows) -> dict[str, str]:
    """By code; and by id, where no other row has that for its code."""
    return {id: id for id in rows} | {row["code"]: id for id, row in rows.items() if "code" in row}


def proposals(batch: Batch) -> list[Proposal]:
    return [
        proposal
        for model, rows in batch.items()
        for row in rows
        for proposal in read_row(model, list(row), list(row.values()), Origin("", 0), Problems())
    ]


@max_examples(8)
@given(data=st.data())
async def test_every_write_leaves_all_tables_right_and_is_remembered(
    empty_registry: AsyncEngine, data: st.DataObject
) -> None:
    chance = data.draw(shrinkable_randoms("writes"))
    await clear_tables(empty_registry)
    make, clerk = RowFactory(empty_registry), WriteGenerator(chance)
    at = await read_tables(empty_registry)
    kept = {0: at.known}

    async def write(batch: Batch) -> None:
        """Write rows: a refusal changes nothing, and the rest is entered."""
        nonlocal at
        while batch:
            note(f"enters {batch}")
            try:
                written = await enter(make, batch)
            except ImportRejected as refused:
                assert await read_tables(empty_registry) == at
                batch = without_refused(batch, refused)
            else:
                before, at = at, await read_tables(empty_registry)
                fresh = at.changes[len(before.changes) :]
                assert Counter(change["subject_type"] for change in fresh) == written
                check_what_follows(at)
                check_what_was_entered(before, at, batch)
                kept[len(at.changes)] = at.known
                clerk.learn(at.live)
                assert await enter(make, batch) == Counter()
                return

    await write(clerk.first())
    for _ in range(data.draw(st.integers(6, 10))):
        if chance.randrange(4):
            await write(clerk.batch())
        else:
            wrong = clerk.wrong_batch()
            note(f"enters wrongly {wrong}")
            with pytest.raises(ImportRejected):
                await enter(make, wrong)
            assert await read_tables(empty_registry) == at
    for number, known in rewind_history(at):
        assert kept.get(number, known) == known
