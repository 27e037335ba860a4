"""Selections by chance: fields, aliases, fragments, directives; whatever is drawn is valid."""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import GraphQLInterfaceType

from tests.random.arguments import MOST_ROWS, ArgumentGenerator, Paging
from tests.random.known_values import ValuePool
from tests.random.positions import (
    DEEPEST,
    MULTISTEP_FIELDS,
    OF_SCHEMA,
    PYTHON_FIELDS,
    ROWS,
    CompositeType,
    Fragment,
    SelectionPosition,
    composite_type,
    field_type,
    leaf_fields,
    nested_fields,
    possible_kinds,
    record_fields,
    root_field_groups,
)
from tests.random.scopes import Scopes, SelectionScope, add_field, merge_shape
from tests.random.values import SHORT_LIST, FieldArgumentChooser
from tests.random.variables import VariableGenerator, rarely
from tests.support.sdl import SDL

ALIASES = ["a", "b", "c", "name", "id", "nodes", "code", "typename"]


@dataclass
class DocumentWriter:
    """Writes one document; what is in it is counted by feature."""

    known: ValuePool
    chance: Random
    wrong: int = 0  # how many questions that can't be answered are to be put in
    invalid: int = 0  # how many mistakes that no validation lets pass
    computed: bool = False
    features: Counter[str] = field(default_factory=Counter)
    fragments: list[Fragment] = field(default_factory=list)
    pages: dict[str, Paging] = field(default_factory=dict)  # by the key of the list
    deepest: int = 0
    widest: int = 1
    keys: int = 0

    def __post_init__(self) -> None:
        self.variables = VariableGenerator(self.chance, self.features)
        self.arguments = ArgumentGenerator(self.known, self.variables, self.chance)
        self.values = FieldArgumentChooser(self.arguments, self.wrong)

    def selection(self, here: SelectionPosition, *first: str) -> str:
        parts = [*first]
        if self.invalid and self.chance.randrange(3) == 0:
            self.invalid -= 1
            self.features["invalid"] += 1
            parts.append(self.chance.choice(["nosuch", "id { id }", "id(no: 1)", "...Nowhere"]))
        sorts = [
            self.sort(here) for _ in range(1 + self.chance.randrange(2 if here.is_root else 4))
        ]
        if here.room > 2 and (way := self.way(here)) not in sorts:
            sorts.append(way)
        takers = [n for n, sort in enumerate(sorts) if sort not in {"leaf", "inner"}]
        rooms = self.shared(here.room, takers)
        for n, sort in enumerate(sorts):
            parts += self.part(replace(here, room=rooms.get(n, 0)), sort)
        return f"{{ {' '.join(parts)} }}"

    def way(self, here: SelectionPosition) -> str:
        """Return what leads on from here."""
        if here.is_list:
            return "rows"
        if isinstance(here.type, GraphQLInterfaceType):
            return "inline"
        return "link" if here.is_kind or here.is_root else "inner"

    def shared(self, room: int, among: list[int]) -> dict[int, int]:
        """One gets most of it, so that some ways lead far."""
        if len(among) < 2:
            return dict.fromkeys(among, room)
        most = self.chance.choice(among)
        rest = room // 4 // (len(among) - 1)
        return dict.fromkeys(among, rest) | {most: room - room // 4}

    def sort(self, here: SelectionPosition) -> str:
        """Return what comes next."""
        if here.is_root:
            found = ["link", "link", "link", "link", "link", "inline", "named", "leaf"]
        elif here.is_list:
            found = ["rows", "leaf", "inner", "rows", "rows", "inner"]
            found += ["inline", "named", "again"] if here.room else []
        elif not here.is_kind:
            found = ["inner", "leaf", "inner", "inner"] + ["inline"] * (here.room > 0)
        elif not here.room:
            found = ["leaf", "leaf", "leaf", "inner"]
        elif isinstance(here.type, GraphQLInterfaceType):
            found = ["inline", "leaf", "inline", "named", "inline", "again"]
        else:
            found = ["leaf", "link", "link", "leaf", "link", "inline", "named", "again", "inner"]
        return self.chance.choice(found)

    def part(self, here: SelectionPosition, sort: str) -> list[str]:
        match sort:
            case "inline":
                return [self.inline(here)]
            case "named":
                return [self.named(here)]
            case "again":
                return [self.again(here)]
        if names := self.names(here, sort):
            return self.field(here, self.chance.choice(names))
        return [self.leaf(here)]

    def names(self, here: SelectionPosition, sort: str) -> list[str]:
        """Return the fields of a sort, as far as there is room for them."""
        match sort:
            case "rows":
                return [name for name in here.type.fields if name in ROWS]
            case "inner":
                names = nested_fields(here.type)
                wide = here.rows > SHORT_LIST * 10
                if "sum" in names and self.chance.randrange(2):
                    return ["sum"]
                return [name for name in names if name != "groups" or not wide]
            case "link" if here.is_root:
                if self.computed and rarely(self.chance, 4):
                    return list(OF_SCHEMA)
                return self.chance.choice(root_field_groups())
            case "link" if here.level < DEEPEST and here.room:
                computed = [name for name in here.type.fields if name in PYTHON_FIELDS]
                if computed and self.computed and rarely(self.chance, 3):
                    return computed
                reckoned = [name for name in record_fields(here.type) if name in MULTISTEP_FIELDS]
                return reckoned if reckoned and rarely(self.chance, 4) else record_fields(here.type)
        return []

    # Fields

    def leaf(self, here: SelectionPosition) -> str:
        name = self.chance.choice(leaf_fields(here.type))
        if rarely(self.chance, 8) or name == "__typename":
            name = "__typename"
            self.features["typename"] += 1
        type = here.type.fields[name].type if name in here.type.fields else "String!"
        shape = type if isinstance(type, str) else merge_shape(type)
        key, _ = self.key(here, name, "", shape)
        return f"{key}{self.variables.directive()}"

    def key(
        self, here: SelectionPosition, name: str, arguments: str, shape: str
    ) -> tuple[str, Scopes]:
        """Its own name or an alias, and the scopes inside of it."""
        tried = [name, self.chance.choice(ALIASES), f"x{self.keys}"]
        if rarely(self.chance, 6):
            tried = tried[1:]
        for key in tried:
            taken = [scope.entries[key] for scope in here.scopes if key in scope.entries]
            apart = any(entry.said[0][1:] != (name, arguments) for entry in taken)
            scopes = add_field(here.scopes, key, (here.type.name, name, arguments), shape)
            if scopes is not None:
                break
        else:
            raise AssertionError(f"{tried} are all taken.")
        self.keys += 1
        self.features["one key for two fields"] += apart
        self.features["merged"] += bool(taken) and not apart and shape.startswith(("*", "["))
        if key == name:
            return name, scopes
        self.features["aliases"] += 1
        return f"{key}: {name}", scopes

    def field(self, here: SelectionPosition, name: str) -> list[str]:
        if name in OF_SCHEMA:
            return [self.of_schema(here, name)]
        of = here.type.fields[name]
        target = field_type(here.type, name)
        link = here.is_root or (here.is_kind and target.name != "Quantity")
        values, changes = self.values.of(here, name)
        paging = None
        if self.may_page(here, target) and rarely(self.chance, 4):
            paging = self.arguments.paged(of, values)
        arguments = self.arguments.express(of, values)
        if link:
            changes["level"] = here.level + 1
            changes["room"] = max(0, here.room - 1)
            self.deepest = max(self.deepest, here.level + 1)
        self.widest = max(self.widest, changes.get("rows", 0))
        if name in PYTHON_FIELDS:
            self.features["computed"] += 1
        if isinstance(target, GraphQLInterfaceType):
            self.features["interfaces"] += 1
        if paging:
            return [self.page(here, name, arguments, target, paging, changes)]
        key, scopes = self.key(here, name, arguments, merge_shape(of.type))
        inside = here.inside(target, scopes, **changes)
        found = [f"{key}{arguments}{self.variables.directive()} {self.selection(inside)}"]
        if inside.room > 1 and rarely(self.chance, 6):
            self.features["merged"] += 1
            half = replace(inside, room=inside.room // 2)
            found.append(f"{key}{arguments}{self.variables.directive()} {self.selection(half)}")
        return found

    def may_page(self, here: SelectionPosition, target: CompositeType) -> bool:
        return target.name.endswith("Connection") and here.rows <= SHORT_LIST

    def page(
        self,
        here: SelectionPosition,
        name: str,
        arguments: str,
        target: CompositeType,
        paging: Paging,
        changes: dict[str, Any],
    ) -> str:
        """Under a key of its own, by which the cursors of its answer are found."""
        key = f"page{len(self.pages)}"
        self.pages[key] = paging
        said = (here.type.name, name, arguments)
        scopes = add_field(here.scopes, key, said, merge_shape(here.type.fields[name].type))
        assert scopes is not None
        inside = here.inside(target, scopes, **changes)
        info = "pageInfo"
        cursors = add_field(scopes, info, (target.name, info, ""), "*!")
        assert cursors is not None
        for cursor in ("startCursor", "endCursor"):
            add_field(cursors, cursor, ("PageInfo", cursor, ""), "String")
        first = "pageInfo { startCursor endCursor }"
        return f"{key}: {name}{arguments} {self.selection(inside, first)}"

    def of_schema(self, here: SelectionPosition, name: str) -> str:
        self.features["computed"] += 1
        arguments = ""
        if name == "__type":
            arguments = f'(name: "{self.chance.choice(sorted(SDL.type_map))}")'
        key, _ = self.key(here, name, arguments, "*!" if name == "__schema" else "*")
        return f"{key}{arguments} {OF_SCHEMA[name]}"

    # Fragments

    def condition(self, here: SelectionPosition) -> CompositeType:
        """Return a type that shares records with this one, mostly one with records."""
        names = [here.type.name, *(one.name for one in here.type.interfaces)]
        if isinstance(here.type, GraphQLInterfaceType):
            likely = [name for name in here.likely if name in possible_kinds(here.type)]
            names.append(self.chance.choice(possible_kinds(here.type)))
            if likely and self.chance.randrange(4) < 3:
                names = likely
        return composite_type(self.chance.choice(names))

    def inline(self, here: SelectionPosition) -> str:
        here = replace(here, room=max(0, here.room - 1))
        self.features["inline fragments"] += 1
        if rarely(self.chance, 6):
            return f"...{self.variables.directive()} {self.selection(here)}"
        on = self.condition(here)
        self.features["fragments on interfaces"] += isinstance(on, GraphQLInterfaceType)
        body = self.selection(replace(here, type=on))
        return f"... on {on.name}{self.variables.directive()} {body}"

    def named(self, here: SelectionPosition) -> str:
        here = replace(here, room=max(0, here.room - 1))
        self.features["named fragments"] += 1
        on, scope = self.condition(here), SelectionScope()
        self.features["fragments on interfaces"] += isinstance(on, GraphQLInterfaceType)
        before = self.deepest, self.widest
        self.deepest, self.widest = here.level, here.rows
        text = self.selection(replace(here, type=on, scopes=(*here.scopes, scope)))
        levels, factor = self.deepest - here.level, -(-self.widest // here.rows)
        self.deepest = max(before[0], self.deepest)
        self.widest = max(before[1], self.widest)
        name = f"F{len(self.fragments)}"
        self.fragments.append(Fragment(name, on, text, scope, levels, factor))
        return f"...{name}{self.variables.directive()}"

    def again(self, here: SelectionPosition) -> str:
        """Return a fragment that is used elsewhere too."""
        fitting = [
            fragment
            for fragment in self.fragments
            if {*possible_kinds(fragment.on)} & {*possible_kinds(here.type)}
            and here.level + fragment.levels <= DEEPEST
            and here.rows * fragment.factor <= MOST_ROWS
            and all(scope.takes(fragment.scope) for scope in here.scopes)
        ]
        if not fitting:
            return self.leaf(here)
        fragment = self.chance.choice(fitting)
        for scope in here.scopes:
            scope.merge(fragment.scope)
        self.features["fragments used again"] += 1
        self.deepest = max(self.deepest, here.level + fragment.levels)
        self.widest = max(self.widest, here.rows * fragment.factor)
        return f"...{fragment.name}{self.variables.directive()}"
