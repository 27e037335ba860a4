"""The terms by which a record is found: what follows from its names and codes alone."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kit.spelling import LONGEST, ends, initials, is_chinese, spelt, spoken, units, words
from models import Worker
from models.row import Row
from models.search import END, INITIALS, WHOLE, SearchForm

NAME, CODE, FORMER_NAME, ENGLISH, BY_PINYIN, BY_INITIALS = SearchForm


class Term(NamedTuple):
    term: str
    place: int
    form: SearchForm
    written: str


def terms_of(
    model: type[Row], row: Mapping[str, Any], former: tuple[str, ...] = ()
) -> dict[str, Term]:
    """By spelling: of several texts that are spelt alike the first that is whole."""
    found: dict[str, Term] = {}
    for one in every(model, row, former):
        cut = one._replace(term=one.term[:LONGEST])
        known = found.get(cut.term)
        if cut.term and (known is None or cut.place < known.place):
            found[cut.term] = cut
    return found


def every(model: type[Row], row: Mapping[str, Any], former: tuple[str, ...]) -> Iterator[Term]:
    person = model is Worker
    yield from named(row["name"], NAME, person=person)
    for name in former:
        yield from named(name, FORMER_NAME, person=False)
    if english := row.get("name_en"):
        yield from in_english(english)
    for code in (row["code"], row["id"], row.get("credit_code")):
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
    yield Term("".join(syllables), WHOLE, BY_PINYIN, name)
    yield from (Term(end, END, BY_PINYIN, name) for end in ends(syllables))
    letters = initials(syllables)
    yield Term("".join(letters), INITIALS, BY_INITIALS, name)
    if not person:  # nobody looks for one by the initials of a given name
        yield from (Term(end, END, BY_INITIALS, name) for end in ends(letters))


def in_english(name: str) -> Iterator[Term]:
    return in_words(name, ENGLISH)


def in_words(name: str, form: SearchForm) -> Iterator[Term]:
    parts = words(name)
    yield Term("".join(parts), WHOLE, form, name)
    yield from (Term(end, END, form, name) for end in ends(parts, least=1))
