from sqlalchemy import Index, SmallInteger
from sqlmodel import Field, SQLModel

from kit.columns import Text
from kit.words import Labelled
from models.row import KEY_LENGTH, Audience, key, verbatim, words


class SearchForm(Labelled):
    """What of a record a search has found it by."""

    NAME = "NAME", "名称"
    CODE = "CODE", "编码"
    FORMER_NAME = "FORMER_NAME", "曾用名"
    ENGLISH = "ENGLISH", "英文名称"
    PINYIN = "PINYIN", "拼音"
    INITIALS = "INITIALS", "拼音首字母"


# What of the text a term is. Of initials even all are but the beginnings of what was meant.
WHOLE, INITIALS, END = range(3)
PLACES = (WHOLE, INITIALS, END)

HIGHEST = 7  # of standings
STANDINGS = tuple(range(HIGHEST + 1))


class SearchTerm(SQLModel, table=True):
    """A spelling by which a record is found, and what decides who may find it.

    Whoever types no more than the first `shared` letters of it finds the record by another term
    that goes before this one. `standing`, `code`, `audience`, `owner_id` and `region_id` are the
    record's. The index is in the order in which hits are given, so that a page is read without
    sorting: for one audience, place and standing by the term.
    """

    __tablename__ = "search_term"
    __table_args__ = (
        Index(
            None,
            *("audience", "place", "standing", "term", "record_type", "code"),
            postgresql_include=["record_id", "shared", "owner_id", "region_id"],
        ),
    )

    record_type: str = Field(sa_type=Text(40), primary_key=True)
    record_id: str = key(primary_key=True)
    term: str = verbatim(primary_key=True)
    place: int = Field(sa_type=SmallInteger)
    form: SearchForm = words(SearchForm)
    written: str = verbatim()  # the name or code as it is written
    shared: int = Field(sa_type=SmallInteger)
    standing: int = Field(sa_type=SmallInteger)
    code: str = Field(sa_type=Text(KEY_LENGTH))
    audience: Audience = words(Audience)
    owner_id: str | None = key(default=None, nullable=True)
    region_id: str | None = key(default=None, nullable=True)
