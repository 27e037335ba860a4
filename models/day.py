from datetime import date

from sqlalchemy import Date
from sqlmodel import Field, SQLModel


class BegunDay(SQLModel, table=True):
    """The day for which all that follows from the day was last worked out: one row at most."""

    __tablename__ = "begun_day"

    day: date = Field(primary_key=True, sa_type=Date)
