"""Which tables name a person, worked out from the models: these have the second wall."""

from models import ALL_SUMMARIES, HISTORY_TABLES
from models.history import model_table, table_models
from models.row import Row
from models.worker import Worker


def names_a_person(model: type[Row]) -> bool:
    """By a reference that is entered: what is derived follows from facts that have the wall."""
    entered = (column for column in model_table(model).columns if column.key not in model.derived)
    return any(column.references(model_table(Worker).c.id) for column in entered)


PERSON_MODELS = [model for model in table_models() if model is Worker or names_a_person(model)]
# Who names a person without being a row of a kind: personal data, and what was said about it.
OTHER_PERSON_TABLES = {
    "access_log", "dispute", "erasure_request", "personal_subject", "personal_value", "search_term",
    "unpublished_grade", "worker_summary_unpublished", "worker_unpublished",
}  # fmt: skip


def person_table_names() -> set[str]:
    rows = {model_table(model) for model in PERSON_MODELS}
    found = {table.name for table in rows} | {HISTORY_TABLES[model].name for model in PERSON_MODELS}
    cells = {summary.name for summary in ALL_SUMMARIES if summary.rows in rows}
    above = {
        summary.above.name for summary in ALL_SUMMARIES if summary.name in cells and summary.above
    }
    return found | cells | above
