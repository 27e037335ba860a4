"""The visible part of a small registry, and filters over it, in plain Python."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Self

from graphql import GraphQLInputObjectType, get_named_type, is_input_object_type

from engine.catalog.kind import Dimension
from engine.catalog.link import LinkToKind, ToOne, ToOneUnion
from kit.relay.global_id import from_global_id, to_global_id
from models.row import FactStatus
from resolvers.core.access import OPERATOR, Viewer
from resolvers.core.declare import REGISTRY
from tests.support.graph import TODAY, GraphQLTestClient
from tests.support.recount import spell_bounds as days_of_spell
from tests.support.sdl import LISTS, SDL, camel_case, field_types
from tests.support.visible_records import VisibilityOracle

Node = dict[str, Any]
FilterInput = dict[str, Any]
Step = tuple[str, str]  # kind, link

KINDS = {kind.name: kind for kind in REGISTRY.kinds.values()}
LIES_WITH_ITS_RECIPIENT = {
    "Result": "result", "Conferral": "conferral", "Grant": "grant", "Outcome": "outcome",
}  # fmt: skip


def full_list_arguments(kind: str) -> str:
    """Return the arguments of a list without omissions: a filter by status finds all."""
    status = "{or: [{status: RETRACTED}, {not: {status: RETRACTED}}]}"
    stands = f", filter: {status}" if "status" in field_types(kind) else ""
    return "first: 100" + stands + (", spells: ALL" if KINDS[kind].spell else "")


def filters_by_status(wanted: FilterInput) -> bool:
    return any(
        name == "status" or (name in {"and", "or"} and any(map(filters_by_status, value)))
        for name, value in wanted.items()
        if value is not None
    )


@cache
def filter_fields(of: str) -> dict[str, Any]:
    """Return the fields of a filter, each with its type."""
    published = SDL.type_map[f"{of}Filter"]
    assert isinstance(published, GraphQLInputObjectType)
    return {name: get_named_type(field.type) for name, field in published.fields.items()}


@cache
def filter_links(kind: str) -> list[str]:
    """Return the fields of a kind's filter that lead to other records."""
    found = filter_fields(kind).items()
    return [name for name, of in found if is_input_object_type(of) and name in field_types(kind)]


def compared_field(kind: str, name: str) -> str:
    """Return the field that is compared: `year` for `yearFrom`."""
    return name if name in field_types(kind) else re.sub("(From|To)$", "", name)


def kind_of_id(id: str) -> str:
    kind, _ = from_global_id(id) or ("", "")
    return kind


class VisibleGraph:
    """All nodes that a viewer can see, by id; a link is the ids that it leads to.

    Links are asked for when a question first needs them: there are hundreds.
    """

    def __init__(self, ask: GraphQLTestClient, viewer: Viewer) -> None:
        self.ask, self.viewer = ask, viewer
        self.nodes: dict[str, Node] = {}
        self.lying_in: dict[str, list[str]] = {}  # by region, the codes of all that it lies in
        self.known: set[Step] = set()
        self.reckoned: dict[Step, dict[str, Any]] = {}  # what follows from facts that are seen

    @classmethod
    async def taken(cls, ask: GraphQLTestClient, viewer: Viewer) -> Self:
        picture = cls(ask, viewer)
        picture.reckoned = expected_derived(await VisibilityOracle.of(ask.engine), viewer)
        for kind in KINDS:
            for node in await fetch_visible_nodes(ask, viewer, kind, compared_columns(kind)):
                picture.nodes[node["id"]] = node
        for id in picture.all_of("Worker"):
            assert picture.nodes[id]["grade"] == picture.reckoned["Worker", "grade"].get(id), id
        for node in await fetch_visible_nodes(ask, OPERATOR, "Region", ["path { code }"]):
            picture.lying_in[node["id"]] = [region["code"] for region in node["path"]]
        return picture

    async def learn(self, steps: Iterable[Step]) -> None:
        needed = sorted({*steps} - self.known)
        for kind, links in itertools.groupby(needed, lambda step: step[0]):
            names = [link for _, link in links]
            ends = [link_selection(kind, name) for name in names]
            for node in await fetch_visible_nodes(self.ask, self.viewer, kind, ends):
                self.nodes[node["id"]] |= {name: linked_ids(node[name]) for name in names}
                for name in names:
                    self.check(kind, name, node["id"])
        self.known.update(needed)

    def check(self, kind: str, link: str, id: str) -> None:
        """Return whether the response follows from the visible facts alone."""
        if (kind, link) in self.reckoned:
            end = self.reckoned[kind, link].get(id)
            seen = [end] if end is not None and end in self.nodes else []
            assert self.nodes[id][link] == seen, (kind, link, id)

    def all_of(self, kind: str) -> list[str]:
        return [id for id in self.nodes if kind_of_id(id) == kind]

    def about(self, kind: str, ids: Iterable[str], wanted: FilterInput, spells: str) -> list[str]:
        """Return the visible, valid records of the kind that match and aren't retracted."""
        return [
            id
            for id in ids
            if id in self.nodes
            and kind_of_id(id) == kind
            and matches_spells(kind, self.nodes[id], spells)
            and self.chosen(kind, self.nodes[id], wanted)
        ]

    def chosen(self, kind: str, node: Node, wanted: FilterInput) -> bool:
        """Return whether it matches; a retracted one only by a filter that names the status."""
        if node.get("status") != FactStatus.RETRACTED or wanted.get("status") is not None:
            return self.matches(kind, node, wanted)
        lists = {name: wanted[name] for name in ("and", "or") if wanted.get(name)}
        rest = {name: value for name, value in wanted.items() if name not in ("and", "or")}
        return (
            filters_by_status(lists)
            and self.matches(kind, node, rest)
            and all(self.chosen(kind, node, one) for one in lists.get("and", []))
            and ("or" not in lists or any(self.chosen(kind, node, one) for one in lists["or"]))
            and wanted.get("or") != []
        )

    def matches(self, kind: str, node: Node, wanted: FilterInput) -> bool:
        said = [(name, value) for name, value in wanted.items() if value is not None]
        return all(self.says(kind, node, name, value) for name, value in said)

    def says(self, kind: str, node: Node, name: str, value: Any) -> bool:
        match name:
            case "and":
                return all(self.matches(kind, node, one) for one in value)
            case "or":
                return any(self.matches(kind, node, one) for one in value)
            case "not":
                return not self.matches(kind, node, value)
            case "isNull":
                return all(self.missing(kind, node, camel_case(word.lower())) for word in value)
        if name in filter_links(kind):
            ends = node[filtered_link(kind, name)]
            return self.leads_to(
                filter_fields(kind)[name].name, ends, value, default_spells(kind, name)
            )
        if (kind, name) == ("Region", "code"):
            return value in self.lying_in[node["id"]]
        found = node[compared_field(kind, name)]
        if filter_fields(kind)[name].name == "PartialDate":
            return bool(found is not None and found.startswith(value))
        if found is None or name in node:
            return bool(found == value)
        return bool(found >= value if name.endswith("From") else found <= value)

    def missing(self, kind: str, node: Node, name: str) -> bool:
        if name in filter_links(kind):
            ends = node[filtered_link(kind, name)]
            return not self.leads_to(filter_fields(kind)[name].name, ends, {}, "ALL")
        return node[name] is None

    def leads_to(self, filter: str, ids: list[str], wanted: FilterInput, spells: str) -> bool:
        kind = filter.removesuffix("Filter")
        if kind in KINDS:
            return bool(self.about(kind, ids, wanted, spells))
        said = {name: value for name, value in wanted.items() if value is not None}
        choices = filter_fields(kind)
        found = [
            self.leads_to(choices[name].name, ids, said.get(name, {}), spells)
            for name in said or choices
        ]
        return all(found) if said else any(found)

    def key(self, id: str, dimension: Dimension) -> Any:
        for step in dimension.path:
            ends = [end for end in self.nodes[id][camel_case(step)] if end in self.nodes]
            if not ends:
                return None
            [id] = ends
        if dimension.column is None:
            return (from_global_id(id) or ("", ""))[1]
        value = self.nodes[id][camel_case(dimension.column)]
        return int(value[: dimension.digits]) if value and dimension.digits else value

    def groups(
        self, ids: Sequence[str], by: Sequence[Dimension]
    ) -> list[tuple[tuple[Any, ...], list[str]]]:
        """(keys, ids), largest first, then by key; null comes last."""
        found: dict[tuple[Any, ...], list[str]] = {}
        for id in ids:
            found.setdefault(tuple(self.key(id, dimension) for dimension in by), []).append(id)

        def place(group: tuple[tuple[Any, ...], list[str]]) -> Any:
            keys, inside = group
            return -len(inside), [(key is None, 0 if key is None else key) for key in keys]

        return sorted(found.items(), key=place)


@cache
def filtered_link(kind: str, link: str) -> str:
    """Return a filter by what is the first of several asks for any of them."""
    found = (
        {camel_case(word): one for word, one in KINDS[kind].links.items()} if kind in KINDS else {}
    )
    one = found.get(link)
    return camel_case(one.among.name) if isinstance(one, ToOne) and one.among else link


def expected_derived(truth: VisibilityOracle, viewer: Viewer) -> dict[Step, dict[str, Any]]:
    """Return the expected value of each record, or the id that its link leads to."""

    def named(kind: str, ends: dict[str, Any], to: str | None) -> dict[str, Any]:
        return {
            to_global_id(kind, key): to_global_id(to, end) if to and end is not None else end
            for key, end in ends.items()
        }

    regions = {
        (kind, "region"): named(
            kind,
            {row["id"]: truth.region(viewer, row) for row in truth.seen_by(viewer, table)},
            "Region",
        )
        for kind, table in LIES_WITH_ITS_RECIPIENT.items()
    }
    return regions | {
        ("Worker", "grade"): named("Worker", truth.grades(viewer), None),
        ("Worker", "employer"): named("Worker", truth.employers(viewer, TODAY), "Organisation"),
        ("Studio", "leader"): named("Studio", truth.leaders(viewer, TODAY), "Worker"),
    }


def default_spells(kind: str, link: str) -> str:
    """Which spells a link's list gives unasked."""
    target = field_types(kind)[link]
    spell = KINDS[target.removesuffix("Connection")].spell if target in LISTS else None
    return spell.default.value if spell else "ALL"


def matches_spells(kind: str, node: Node, spells: str) -> bool:
    """All, those of today, or those of a day: an unknown start is known to be past today only."""
    if KINDS[kind].spell is None or spells == "ALL":
        return True
    day = TODAY if spells == "CURRENT" else date.fromisoformat(spells)
    begins, ends = spell_days(kind, node)
    begun = begins <= day if begins else day >= TODAY
    return begun and (ends is None or ends > day)


def is_undated(kind: str, node: Node, spells: str) -> bool:
    """Too little is known of a spell to say that it held on a past day."""
    if spells in {"ALL", "CURRENT"} or (day := date.fromisoformat(spells)) >= TODAY:
        return False
    begins, ends = spell_days(kind, node)
    return begins is None and (ends is None or ends > day)


def spell_days(kind: str, node: Node) -> tuple[date | None, date | None]:
    model: Any = KINDS[kind].model
    return days_of_spell(model, {bound: node[camel_case(bound)] for bound in model.bounds})


def compared_columns(kind: str) -> list[str]:
    """Return what of a node itself is compared, grouped by or added up."""
    plain = {
        compared_field(kind, name) for name in filter_fields(kind) if name not in filter_links(kind)
    }
    plain |= {camel_case(one.column) for one in KINDS[kind].dimensions.values() if one.column}
    plain |= {camel_case(bound) for bound in getattr(KINDS[kind].model, "bounds", ())}
    summed = [f"{camel_case(prefix)} {{ value unit }}" for prefix in KINDS[kind].measures.values()]
    return [*sorted(plain & field_types(kind).keys()), *summed]


def link_selection(kind: str, link: str) -> str:
    target = field_types(kind)[link]
    if target not in LISTS:
        return f"{link} {{ id }}"
    return f"{link}({full_list_arguments(target.removesuffix('Connection'))}) {{ nodes {{ id }} }}"


def linked_ids(found: Any) -> list[str]:
    if found is None:
        return []
    if isinstance(found, dict):
        found = found.get("nodes", [found])
    return [node["id"] for node in found]


def filter_steps(kind: str, wanted: FilterInput) -> Iterator[Step]:
    """(kind, link) for all links in a filter."""
    for name, value in wanted.items():
        if name in {"and", "or"}:
            for one in value:
                yield from filter_steps(kind, one)
        elif name == "not":
            yield from filter_steps(kind, value)
        elif name == "isNull":
            words = {camel_case(word.lower()) for word in value}
            links = words.intersection(filter_links(kind))
            yield from ((kind, filtered_link(kind, word)) for word in links)
        elif is_input_object_type(filter_fields(kind)[name]):
            if kind in KINDS:
                yield kind, filtered_link(kind, name)
            yield from filter_steps(filter_fields(kind)[name].name.removesuffix("Filter"), value)


def path_steps(kind: str, path: tuple[str, ...]) -> Iterator[Step]:
    """(kind, link) for each step of a walk; after a link to one of several kinds, for each."""
    if path:
        yield kind, camel_case(path[0])
        link = KINDS[kind].links[path[0]]
        assert isinstance(link, LinkToKind | ToOneUnion)
        targets = link.targets if isinstance(link, ToOneUnion) else [link.to]
        for target in targets:
            yield from path_steps(target.name, path[1:])


async def fetch_visible_nodes(
    ask: GraphQLTestClient, viewer: Viewer, kind: str, parts: list[str]
) -> list[Node]:
    name = LISTS[f"{kind}Connection"]
    nodes = f"nodes {{ id {' '.join(parts)} }}"
    answer = await ask(
        f"{{ found: {name}({full_list_arguments(kind)}) {{ totalCount {nodes} }} }}", viewer
    )
    assert answer.errors == []
    found = answer.data["found"]
    assert found["totalCount"] == len(found["nodes"])
    return list(found["nodes"])
