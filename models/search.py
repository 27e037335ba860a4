from sqlalchemy import Index, SmallInteger
from sqlmodel import Field, SQLModel

from kit.columns import Text
from kit.words import LabelledEnum
from models.row import KEY_LENGTH, Audience, enum_column, identifier, verbatim_column


class SearchForm(LabelledEnum):
    """What of a record a search has found it by."""

    NAME = "NAME", "名称"
    CODE = "CODE", "编码"
    FORMER_NAME = "FORMER_NAME", "曾用名"
    ENGLISH = "ENGLISH", "英文名称"
    PINYIN = "PINYIN", "拼音"
    INITIALS = "INITIALS", "拼音首字母"


# What of the text a term is. Of initials even all are but the beginnings of what was meant.
FULL_TEXT, INITIALS_TEXT, SUFFIX_TEXT = range(3)
TERM_PLACES = (FULL_TEXT, INITIALS_TEXT, SUFFIX_TEXT)

MAX_PROMINENCE = 7  # of standings
PROMINENCES = tuple(range(MAX_PROMINENCE + 1))


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
    record_id: str = identifier(primary_key=True)
    term: str = verbatim_column(primary_key=True)
    place: int = Field(sa_type=SmallInteger)
    form: SearchForm = enum_column(SearchForm)
    written: str = verbatim_column()  # the name or code as it is written
    shared: int = Field(sa_type=SmallInteger)
    standing: int = Field(sa_type=SmallInteger)
    code: str = Field(sa_type=Text(KEY_LENGTH))
    audience: Audience = enum_column(Audience)
    owner_id: str | None = identifier(default=None, nullable=True)
    region_id: str | None = identifier(default=None, nullable=True)
