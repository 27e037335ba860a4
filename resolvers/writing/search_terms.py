"""The search terms of a record, from its names and codes alone."""

from bisect import bisect
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from kit.text.search_key import (
    MAX_KEY_LENGTH,
    fold_for_search,
    folded_words,
    initials,
    is_chinese,
    other_pinyin_syllables,
    pinyin_syllables,
    split_units,
    suffixes,
)
from models.row import Row
from models.search import FULL_TEXT, INITIALS_TEXT, SUFFIX_TEXT, SearchForm
from models.worker import Worker
from resolvers.core.organisation_names import NO_ALTERNATIVE_NAMES, AlternativeNames

NAME, CODE, FORMER_NAME, ENGLISH, BY_PINYIN, BY_INITIALS = SearchForm


class TermText(NamedTuple):
    """A term; `shared` is the length of the common prefix with an earlier term of the record."""

    term: str
    place: int
    form: SearchForm
    written: str
    shared: int = 0


def record_terms(
    model: type[Row], row: Mapping[str, Any], alternatives: AlternativeNames = NO_ALTERNATIVE_NAMES
) -> list[TermText]:
    """Return the terms; of several with the same spelling, the first that is a whole text."""
    terms: dict[str, TermText] = {}
    for term in generate_terms(model, row, alternatives):
        cut = term._replace(term=term.term[:MAX_KEY_LENGTH])
        other = terms.get(cut.term)
        if cut.term and (other is None or cut.place < other.place):
            terms[cut.term] = cut
    return mark_shared_prefixes(terms.values())


def mark_shared_prefixes(terms: Collection[TermText]) -> list[TermText]:
    """Set `shared` of each term, so that a record is one hit.

    A query no longer than `shared` matches the earlier term instead. Terms from the beginning of a
    text come first, then those from inside it; each are sorted by spelling, where neighbours share
    most.
    """
    beginnings = sorted(term for term in terms if term.place != SUFFIX_TEXT)
    inside = sorted(term for term in terms if term.place == SUFFIX_TEXT)
    starts = [term.term for term in beginnings]
    marked = [
        term._replace(shared=common_prefix_length(term.term, before))
        for before, term in zip(["", *starts], beginnings, strict=False)
    ]
    before = ""
    for term in inside:
        index = bisect(starts, term.term)
        near = [before, *starts[max(index - 1, 0) : index + 1]]
        marked.append(
            term._replace(shared=max(common_prefix_length(term.term, other) for other in near))
        )
        before = term.term
    return marked


def common_prefix_length(text: str, other_text: str) -> int:
    number = 0
    for left, right in zip(text, other_text, strict=False):
        if left != right:
            break
        number += 1
    return number


def generate_terms(
    model: type[Row], row: Mapping[str, Any], alternatives: AlternativeNames
) -> Iterator[TermText]:
    person = model is Worker
    yield from name_terms(row["name"], NAME, person=person)
    for name in alternatives.names:
        yield from name_terms(name, FORMER_NAME, person=False)
    if english := row.get("name_en"):
        yield from english_terms(english)
    codes = (row["code"], row["id"], row.get("credit_code"), *row.get("former_codes", ()))
    for code in (*codes, *alternatives.codes):
        if code:
            yield TermText(fold_for_search(code), FULL_TEXT, CODE, code)


def name_terms(name: str, form: SearchForm, *, person: bool) -> Iterator[TermText]:
    """Yield a name and its ends from each character on: as written, and in pinyin."""
    if not is_chinese(name):
        yield from word_terms(name, form)
        return
    spelling = fold_for_search(name)
    yield TermText(spelling, FULL_TEXT, form, name)
    yield from (TermText(end, SUFFIX_TEXT, form, name) for end in suffixes(split_units(spelling)))
    syllables = pinyin_syllables(spelling, person=person)
    for read in (syllables, *(other_pinyin_syllables(spelling) if person else ())):
        yield TermText("".join(read), FULL_TEXT, BY_PINYIN, name)
        yield from (TermText(end, SUFFIX_TEXT, BY_PINYIN, name) for end in suffixes(read))
        letters = initials(read)
        yield TermText("".join(letters), INITIALS_TEXT, BY_INITIALS, name)
        if not person:  # no one searches by the initials of a given name
            yield from (TermText(end, SUFFIX_TEXT, BY_INITIALS, name) for end in suffixes(letters))


def english_terms(name: str) -> Iterator[TermText]:
    return word_terms(name, ENGLISH)


def word_terms(name: str, form: SearchForm) -> Iterator[TermText]:
    parts = folded_words(name)
    yield TermText("".join(parts), FULL_TEXT, form, name)
    yield from (TermText(end, SUFFIX_TEXT, form, name) for end in suffixes(parts, least=1))
