from datetime import date

from sqlalchemy import Date
from sqlmodel import Field, SQLModel


class BegunDay(SQLModel, table=True):
    """The day for which derived columns were last refreshed: at most one row."""

    __tablename__ = "begun_day"

    day: date = Field(primary_key=True, sa_type=Date)
