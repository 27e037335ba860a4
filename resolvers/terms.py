"""The terms by which a record is found: what follows from its names and codes alone."""

from bisect import bisect
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from kit.spelling import (
    LONGEST,
    ends,
    initials,
    is_chinese,
    spelt,
    spoken,
    spoken_otherwise,
    units,
    words,
)
from models import Worker
from models.row import Row
from models.search import END, INITIALS, WHOLE, SearchForm
from resolvers.known_as import NOTHING, Known

NAME, CODE, FORMER_NAME, ENGLISH, BY_PINYIN, BY_INITIALS = SearchForm


class Term(NamedTuple):
    """`shared` is how many of its first letters another term of the record has that goes before."""

    term: str
    place: int
    form: SearchForm
    written: str
    shared: int = 0


def terms_of(model: type[Row], row: Mapping[str, Any], known: Known = NOTHING) -> list[Term]:
    """Of several texts that are spelt alike the first that is whole."""
    found: dict[str, Term] = {}
    for one in every(model, row, known):
        cut = one._replace(term=one.term[:LONGEST])
        other = found.get(cut.term)
        if cut.term and (other is None or cut.place < other.place):
            found[cut.term] = cut
    return told_apart(found.values())


def told_apart(terms: Collection[Term]) -> list[Term]:
    """Whoever types less than is shared finds the record by the other: it is a hit once.

    What stands inside goes after what stands at the beginning; else they go by their spelling,
    where neighbours have most in common.
    """
    beginnings = sorted(one for one in terms if one.place != END)
    inside = sorted(one for one in terms if one.place == END)
    starts = [one.term for one in beginnings]
    found = [
        one._replace(shared=in_common(one.term, before))
        for before, one in zip(["", *starts], beginnings, strict=False)
    ]
    before = ""
    for one in inside:
        place = bisect(starts, one.term)
        near = [before, *starts[max(place - 1, 0) : place + 1]]
        found.append(one._replace(shared=max(in_common(one.term, other) for other in near)))
        before = one.term
    return found


def in_common(one: str, other: str) -> int:
    number = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        number += 1
    return number


def every(model: type[Row], row: Mapping[str, Any], known: Known) -> Iterator[Term]:
    person = model is Worker
    yield from named(row["name"], NAME, person=person)
    for name in known.names:
        yield from named(name, FORMER_NAME, person=False)
    if english := row.get("name_en"):
        yield from in_english(english)
    codes = (row["code"], row["id"], row.get("credit_code"), *row.get("former_codes", ()))
    for code in (*codes, *known.codes):
        if code:
            yield Term(spelt(code), WHOLE, CODE, code)


def named(name: str, form: SearchForm, *, person: bool) -> Iterator[Term]:
    """A name, and what it holds from each character on: as it is written, and as it is spoken."""
    if not is_chinese(name):
        yield from in_words(name, form)
        return
    spelling = spelt(name)
    yield Term(spelling, WHOLE, form, name)
    yield from (Term(end, END, form, name) for end in ends(units(spelling)))
    syllables = spoken(spelling, person=person)
    for read in (syllables, *(spoken_otherwise(spelling) if person else ())):
        yield Term("".join(read), WHOLE, BY_PINYIN, name)
        yield from (Term(end, END, BY_PINYIN, name) for end in ends(read))
        letters = initials(read)
        yield Term("".join(letters), INITIALS, BY_INITIALS, name)
        if not person:  # nobody looks for one by the initials of a given name
            yield from (Term(end, END, BY_INITIALS, name) for end in ends(letters))


def in_english(name: str) -> Iterator[Term]:
    return in_words(name, ENGLISH)


def in_words(name: str, form: SearchForm) -> Iterator[Term]:
    parts = words(name)
    yield Term("".join(parts), WHOLE, form, name)
    yield from (Term(end, END, form, name) for end in ends(parts, least=1))
