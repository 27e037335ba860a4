"""Which fields may stand under one key, so that whatever is put together can be merged."""

from dataclasses import dataclass, field

from graphql import (
    GraphQLInterfaceType,
    GraphQLOutputType,
    GraphQLWrappingType,
    get_named_type,
    is_leaf_type,
)

from tests.support.sdl import SDL

FieldUse = tuple[str, str, str]  # the type that it is asked of, the field, its arguments as written


@dataclass
class ResponseField:
    shape: str
    said: list[FieldUse]
    inside: "SelectionScope" = field(default_factory=lambda: SelectionScope())

    def takes(self, said: FieldUse, shape: str) -> bool:
        """Return the same field with the same arguments, or a field of another object type."""
        return self.shape == shape and all(
            said[1:] == other[1:] or are_disjoint(said[0], other[0]) for other in self.said
        )

    def takes_all_of(self, other: "ResponseField") -> bool:
        return all(self.takes(said, other.shape) for said in other.said) and self.inside.takes(
            other.inside
        )

    def merge(self, other: "ResponseField") -> None:
        self.said += [said for said in other.said if said not in self.said]
        self.inside.merge(other.inside)


@dataclass
class SelectionScope:
    """The selections of one place in the response, anywhere in the document."""

    entries: dict[str, ResponseField] = field(default_factory=dict)

    def takes(self, other: "SelectionScope") -> bool:
        return all(
            key not in self.entries or self.entries[key].takes_all_of(entry)
            for key, entry in other.entries.items()
        )

    def merge(self, other: "SelectionScope") -> None:
        for key, entry in other.entries.items():
            self.entries.setdefault(key, ResponseField(entry.shape, [])).merge(entry)


# A fragment's fields stand in its own scope, and in that of every place where it is used.
Scopes = tuple[SelectionScope, ...]


def add_field(scopes: Scopes, key: str, said: FieldUse, shape: str) -> Scopes | None:
    """Return the scopes inside the field; None if the key is taken and can't be merged."""
    if not all(
        key not in scope.entries or scope.entries[key].takes(said, shape) for scope in scopes
    ):
        return None
    entries = [scope.entries.setdefault(key, ResponseField(shape, [])) for scope in scopes]
    for entry in entries:
        if said not in entry.said:
            entry.said.append(said)
    return tuple(entry.inside for entry in entries)


def are_disjoint(one: str, other: str) -> bool:
    """No record is of both types."""
    types = [SDL.type_map[one], SDL.type_map[other]]
    return one != other and not any(isinstance(type, GraphQLInterfaceType) for type in types)


def merge_shape(type: GraphQLOutputType) -> str:
    """Leaves that share a key are of one type; of anything else the lists and nulls agree."""
    if is_leaf_type(get_named_type(type)):
        return str(type)
    if isinstance(type, GraphQLWrappingType):
        return str(type).replace(str(get_named_type(type)), "*")
    return "*"
