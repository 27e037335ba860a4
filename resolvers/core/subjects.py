"""The subjects of a row: things that a row without a region of its own is about."""

from sqlalchemy import Table
from sqlmodel import SQLModel

from models.history import model_table

# The row is in their region: if it names several, in that of the first.
SUBJECT_COLUMNS = (
    "worker_id",
    "trainee_id",
    "mentor_id",
    "apprentice_id",
    "organisation_id",
    "college_id",
    "studio_id",
    "academy_id",
    "alliance_id",
    "service_team_id",
    "challenge_id",
    "outcome_id",
)


def subject_columns(model: type[SQLModel]) -> list[tuple[str, Table]]:
    columns = model_table(model).c
    return [
        (name, next(iter(columns[name].foreign_keys)).column.table)
        for name in SUBJECT_COLUMNS
        if name in columns
    ]
