"""Which tables name a person, worked out from the models: these have the second wall."""

from models import ALL_SUMMARIES, TWINS, Worker
from models.history import models_of, stored
from models.row import Row


def names_a_person(model: type[Row]) -> bool:
    """By a reference that is entered: what is derived follows from facts that have the wall."""
    entered = (column for column in stored(model).columns if column.key not in model.derived)
    return any(column.references(stored(Worker).c.id) for column in entered)


OF_PERSONS = [model for model in models_of() if model is Worker or names_a_person(model)]
# Who names a person without being a row of a kind: personal data, and what was said about it.
BESIDE = {
    "access_log", "dispute", "erasure_request", "personal_subject", "personal_value", "search_term",
    "unpublished_grade", "worker_summary_unpublished", "worker_unpublished",
}  # fmt: skip


def tables_of_persons() -> set[str]:
    rows = {stored(model) for model in OF_PERSONS}
    found = {table.name for table in rows} | {TWINS[model].name for model in OF_PERSONS}
    cells = {summary.name for summary in ALL_SUMMARIES if summary.rows in rows}
    above = {
        summary.above.name for summary in ALL_SUMMARIES if summary.name in cells and summary.above
    }
    return found | cells | above
