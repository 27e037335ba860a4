"""The statements of a search: which terms are read, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    tuple_,
    union_all,
    values,
)

from engine.catalog.kind import Kind
from engine.queries import QueryBuilder
from kit.db.column_types import EnumText, Text
from kit.db.ordered_join import OrderedJoin
from kit.db.table_aliases import plain_table
from models.alliance import Alliance
from models.row import Audience
from models.search import FULL_TEXT, INITIALS_TEXT, PROMINENCES, SUFFIX_TEXT, SearchForm, SearchTerm
from models.worker import Worker
from resolvers.core.access import Viewer, asserted_by_convenor, key_parameter, visible
from resolvers.core.declare import REGISTRY
from resolvers.writing.search_index import SEARCH_TERMS, SEARCHABLE_MODELS

MAX_COUNTED_HITS = 10_000  # hits; for longer lists `capped` is true

# Sorted before and after any character of a folded term.
LOWEST_CHARACTER, HIGHEST_CHARACTER = " ", "\U0010ffff"
EXACT_RANK, PREFIX_RANK, INFIX_RANK = range(3)

KIND_KEY_COLUMNS: dict[Kind, str] = {
    REGISTRY[model]: f"{REGISTRY[model].word}_id" for model in SEARCHABLE_MODELS
}
SORT_COLUMNS = ("rank", "standing", "term", "record_type", "code")
RANK_COLUMNS = [
    column("rank", SmallInteger()),
    column("place", SmallInteger()),
    column("low", Text()),
    column("high", Text()),
]
TERMS, WORDS = (plain_table(SEARCH_TERMS).alias(name) for name in ("terms", "words"))
HIT_TABLE = table(
    "hit",
    column("rank", Integer),
    column("standing", SmallInteger),
    *(column(name, SEARCH_TERMS.c[name].type) for name in ("term", "record_type", "code")),
    column("matched", Text()),
    column("form", EnumText(SearchForm)),
    column("score", Float(53)),
    *(column(name, Text()) for name in KIND_KEY_COLUMNS.values()),
)


@dataclass(frozen=True, slots=True)
class SearchShape:
    """All that decides the text of a statement."""

    far: bool = False  # after a cursor
    backward: bool = False
    inside: bool = True  # whether a match inside a name counts; not for a single character


@dataclass(frozen=True)
class SearchQueryBuilder:
    """The builder of a statement for one viewer and one dialect; `bound` names its parameters."""

    write: QueryBuilder
    shape: SearchShape
    prefix: str

    def bound(self, name: str, type_: Any = None) -> ColumnElement[Any]:
        return bindparam(f"{self.prefix}_{name}", type_=type_ or Text())

    @property
    def viewer(self) -> Viewer:
        viewer: Viewer = self.write.asker.viewer
        return viewer

    def seen(self, rows: FromClause) -> ColumnElement[bool]:
        """Return whether a term is visible: by the columns that decide it for the record itself."""
        is_visible = visible(SearchTerm)(self.viewer, rows)
        if self.viewer.sees_shared:
            its_own = asserted_by_convenor(rows, rows.c.record_id, self.viewer)
            return or_(is_visible, and_(rows.c.record_type == Alliance.__name__, its_own))
        if self.viewer.worker is None:
            return is_visible
        theirs = rows.c.record_id == key_parameter(self.viewer.worker)
        return or_(is_visible, and_(rows.c.record_type == Worker.__name__, theirs))

    def listed(self, name: str, columns: list[Any], rows: Sequence[tuple[Any, ...]]) -> FromClause:
        """Return a few literal rows; SQLite can't name the columns of VALUES."""
        if self.write.dialect == "postgresql":
            return values(*columns, name=name).data(rows)
        named = [
            select(
                *(
                    cell.label(named_column.name)
                    for named_column, cell in zip(columns, row, strict=True)
                )
            )
            for row in rows
        ]
        return union_all(*named).subquery(name)

    @property
    def audiences(self) -> list[ColumnElement[str]]:
        viewer = self.viewer
        sees_more = viewer.reads_own or viewer.sees_region or viewer.worker
        all_of_them = viewer.sees_all or sees_more
        shown = Audience if all_of_them else [Audience.PUBLIC]
        return [literal_column(f"'{audience.value}'", Text()) for audience in shown]

    def tiers(self) -> FromClause:
        """Select (rank, place, standing, audience, low, high), each tier in index order."""
        text, beyond, end = self.bound("text"), self.bound("beyond"), self.bound("end")
        ranks = [
            (small_integer_literal(EXACT_RANK), small_integer_literal(FULL_TEXT), text, beyond),
            (small_integer_literal(PREFIX_RANK), small_integer_literal(FULL_TEXT), beyond, end),
            (small_integer_literal(PREFIX_RANK), small_integer_literal(INITIALS_TEXT), text, end),
            (small_integer_literal(INFIX_RANK), small_integer_literal(SUFFIX_TEXT), text, end),
        ]
        if not self.shape.inside:
            ranks.pop()
        each, words = (
            [(small_integer_literal(prominence),) for prominence in PROMINENCES],
            [(value,) for value in self.audiences],
        )
        rank = self.listed("ranks", RANK_COLUMNS, ranks)
        standing = self.listed("standings", [column("standing", SmallInteger())], each)
        audience = self.listed("audiences", [column("audience", Text())], words)
        low: ColumnElement[Any] = rank.c.low
        high: ColumnElement[Any] = rank.c.high
        statement = select(rank.c.rank, rank.c.place, standing.c.standing, audience.c.audience)
        statement = statement.select_from(rank.join(standing, true()).join(audience, true()))
        if not self.shape.far:
            return statement.add_columns(low, high).subquery("tiers")
        at_rank, at_standing = (
            self.bound("at_rank", Integer()),
            self.bound("at_standing", Integer()),
        )
        here = and_(rank.c.rank == at_rank, standing.c.standing == at_standing)
        if self.shape.backward:
            high = case((and_(here, self.bound("at_end") < high), self.bound("at_end")), else_=high)
            further = or_(
                rank.c.rank < at_rank,
                and_(rank.c.rank == at_rank, standing.c.standing >= at_standing),
            )
        else:
            low = case((and_(here, self.bound("at_term") > low), self.bound("at_term")), else_=low)
            further = or_(
                rank.c.rank > at_rank,
                and_(rank.c.rank == at_rank, standing.c.standing <= at_standing),
            )
        statement = statement.add_columns(low.label("low"), high.label("high"), here.label("here"))
        return statement.where(further).subquery("tiers")

    def in_tier(self, tiers: FromClause, rows: FromClause) -> ColumnElement[bool]:
        within = and_(
            rows.c.audience == tiers.c.audience,
            rows.c.place == tiers.c.place,
            rows.c.standing == tiers.c.standing,
            rows.c.term >= tiers.c.low,
            rows.c.term < tiers.c.high,
            rows.c.shared < self.bound("length", SmallInteger()),  # each record is one hit
            self.seen(rows),
        )
        if "here" not in tiers.c:
            return within
        ours = tuple_(rows.c.term, rows.c.record_type, rows.c.code)
        at = tuple_(*(self.bound(f"at_{name}") for name in SORT_COLUMNS[2:]))
        far = ours < at if self.shape.backward else ours > at
        return and_(within, or_(tiers.c.here == false(), far))

    def page(self) -> Select[Any]:
        tiers, rows, words = self.tiers(), TERMS, WORDS
        limit = self.bound("limit", Integer())
        names = (*SORT_COLUMNS[2:], "record_id")
        inner = select(*(rows.c[name] for name in names))
        if self.write.dialect == "postgresql":
            inner = inner.where(self.in_tier(tiers, rows))
            order: list[Any] = [rows.c[name] for name in SORT_COLUMNS[2:]]
            if self.shape.backward:
                order = [sort_column.desc() for sort_column in order]
            lateral = inner.order_by(*order).limit(limit).correlate(tiers).lateral("few")
            statement = select(tiers.c.rank, tiers.c.standing, *lateral.c)
            statement = statement.select_from(tiers.join(lateral, true()))
        else:
            statement = inner.add_columns(tiers.c.rank, tiers.c.standing)
            statement = statement.select_from(OrderedJoin(tiers, rows, self.in_tier(tiers, rows)))
        matches = statement.subquery("found")
        cut = (
            select(matches)
            .order_by(*search_order(matches, self.shape))
            .limit(limit)
            .subquery("cut")
        )
        met = and_(
            words.c.record_type == cut.c.record_type,
            words.c.record_id == cut.c.record_id,
            words.c.term == cut.c.term,
        )
        score = cast((3 - cut.c.rank) * 10 + cut.c.standing, Float(53)) / literal(10.0, Float(53))
        keys = [
            case((cut.c.record_type == kind.name, cut.c.record_id)).label(name)
            for kind, name in KIND_KEY_COLUMNS.items()
        ]
        return select(
            *(cut.c[name] for name in SORT_COLUMNS),
            words.c.written.label("matched"),
            words.c.form,
            score.label("score"),
            *keys,
        ).select_from(cut.join(words, met))

    def count(self) -> Select[Any]:
        """Return (number, capped): counting stops at `MAX_COUNTED_HITS`."""
        tiers, rows = self.tiers(), TERMS
        enough, most = (
            small_integer_literal(MAX_COUNTED_HITS + 1),
            small_integer_literal(MAX_COUNTED_HITS),
        )
        inner, of_tier = select(rows.c.term), self.in_tier(tiers, rows)
        if self.write.dialect == "postgresql":
            lateral = inner.where(of_tier).limit(enough).correlate(tiers).lateral("few")
            inner = select(lateral.c.term).select_from(tiers.join(lateral, true()))
        else:
            inner = inner.select_from(OrderedJoin(tiers, rows, of_tier))
        counted = inner.limit(enough).subquery("some")
        hits = func.count()
        return select(
            case((hits > most, most), else_=hits).label("number"),
            cast(hits > most, Boolean()).label("capped"),
        ).select_from(counted)


def small_integer_literal(value: int) -> ColumnElement[int]:
    """Return an inlined literal: fewer parameters, and the same text in every statement."""
    return literal_column(str(value), SmallInteger())


def search_order(rows: Any, shape: SearchShape) -> list[ColumnElement[Any]]:
    downs = [name == "standing" for name in SORT_COLUMNS]
    return [
        rows.c[name].desc() if down is not shape.backward else rows.c[name].asc()
        for name, down in zip(SORT_COLUMNS, downs, strict=True)
    ]
