from sqlalchemy import Index, SmallInteger
from sqlmodel import Field, SQLModel

from kit.db.column_types import Text
from kit.values.labelled_enum import LabelledEnum
from models.row import KEY_LENGTH, Audience, enum_column, identifier, verbatim_column


class SearchForm(
    LabelledEnum, description="Which name or code of a record a search matched. 匹配方式"
):
    """The part of a record that a search matched."""

    NAME = "NAME", "名称"
    CODE = "CODE", "编码"
    FORMER_NAME = "FORMER_NAME", "曾用名"
    ENGLISH = "ENGLISH", "英文名称", "English name"
    PINYIN = "PINYIN", "拼音", "Pinyin of the name"
    INITIALS = "INITIALS", "拼音首字母", "Initials of the pinyin"


# The part of a text that a term covers. Initials only abbreviate it, even if they are complete.
FULL_TEXT, INITIALS_TEXT, SUFFIX_TEXT = range(3)
TERM_PLACES = (FULL_TEXT, INITIALS_TEXT, SUFFIX_TEXT)

MAX_PROMINENCE = 7  # the range is 0 to 7
PROMINENCES = tuple(range(MAX_PROMINENCE + 1))


class SearchTerm(SQLModel, table=True):
    """A spelling by which a record is found, with the columns that decide who may find it.

    Another term of the record shares the first `shared` letters and precedes this one, so a query
    that isn't longer matches the other term only. `standing`, `code`, `audience`, `owner_id` and
    `region_id` are the record's. The index has the order of hits, so that pages need no sort: by
    term within an audience, place and standing.
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
    written: str = verbatim_column()  # the name or code in its own spelling
    shared: int = Field(sa_type=SmallInteger)
    standing: int = Field(sa_type=SmallInteger)
    code: str = Field(sa_type=Text(KEY_LENGTH))
    audience: Audience = enum_column(Audience)
    owner_id: str | None = identifier(default=None, nullable=True)
    region_id: str | None = identifier(default=None, nullable=True)
