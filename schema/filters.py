"""Filter and order inputs, made from what a kind declares."""

from typing import Any, Union, get_args, get_origin

import strawberry

from engine.kind import Kind
from engine.link import Closed, Many, One, OneBack, OneOf
from engine.predicate import nullable
from schema.made import MADE, class_of, input_of, list_of, maybe, once
from schema.words import word_list_of

BEGUN: set[str] = set()


def filter_of(kind: Kind) -> Any:
    """Links lead round in circles: a filter that is being made is named, not made again."""
    name = f"{kind.name}Filter"
    if name in BEGUN:
        return MADE.get(name, name)
    BEGUN.add(name)
    annotations: dict[str, Any] = {}
    for word, rule in kind.filters.items():
        annotations[word] = maybe(bool if rule.asks else plain(kind, rule.column))
    for word, link in kind.links.items():
        if isinstance(link, One | OneBack | Many | Closed):
            filter_of(link.to)
            annotations[word] = maybe(f"{link.to.name}Filter")
        elif isinstance(link, OneOf):
            annotations[word] = maybe(choice_of(kind, link))
    members: dict[str, Any] = {}
    if missing := nullable(kind):
        words = word_list_of(f"{kind.name}Field", missing, "What may be missing. 可为空的字段")
        MADE[f"{kind.name}Field"] = words
        annotations["is_null"] = maybe(list_of(words))
    for word, of in (("and", list_of(name)), ("or", list_of(name)), ("not", name)):
        annotations[f"{word}_"] = maybe(of)
        members[f"{word}_"] = strawberry.field(default=None, name=word)
    members |= {
        word: strawberry.field(default=None, description=rule.description)
        for word, rule in kind.filters.items()
        if rule.description
    }
    members |= {word: None for word in annotations if word not in members}
    described = (
        f"Which {kind.name} records a list is about: fields are joined by and, null filters "
        "nothing, a link asks for a record that it leads to and that matches. 筛选条件"
    )
    made = input_of(class_of(name, annotations, members), described)
    return MADE.setdefault(name, made)


def choice_of(kind: Kind, link: OneOf) -> str:
    """One field for each kind that the link may lead to."""
    for target in link.targets:
        filter_of(target)
    if len(link.targets) == 1:
        [only] = link.targets
        return f"{only.name}Filter"
    name = f"{kind.name}{link.name.title().replace('_', '')}Filter"
    annotations = {
        word: maybe(f"{target.name}Filter") for word, (target, _) in link.choices.items()
    }
    members = dict.fromkeys(annotations)
    described = f"What the {link.name} is: one field for each kind it may be. 按种类筛选"
    once(
        name,
        lambda: input_of(class_of(name, annotations, members), described),
    )
    return name


def plain(kind: Kind, column: str) -> Any:
    """A column's type as its model declares it, without None."""
    annotation = kind.model.model_fields[column].annotation
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        [annotation] = [part for part in get_args(annotation) if part is not type(None)]
    return annotation


def order_of(kind: Kind) -> Any:
    name = f"{kind.name}Order"

    def make() -> Any:
        described = f"What {kind.name} records are sorted by. 排序字段"
        field = word_list_of(f"{name}Field", kind.orders, described)
        annotations = {"field": field, "descending": maybe(bool)}
        members = {"descending": False}
        described = "Ties are broken by code, or by id where there is none. 排序"
        return strawberry.input(class_of(name, annotations, members), description=described)

    return once(name, make)
