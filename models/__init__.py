"""The tables: columns, constraints, enums, and the rules of a single row.

Import a model from its module. This package holds what is made from all models.
"""

from itertools import chain

from sqlalchemy import Index

import models.every  # noqa: F401  # before all others
from models.history import make_history_tables, model_table, table_models
from models.organisation import Organisation
from models.row import Thing, add_decimal_checks
from models.summary import (
    make_extra_summaries,
    make_summaries,
    make_unrestricted_summaries,
    with_ancestor_summaries,
)
from models.unpublished import UnpublishedGrade, WorkerUnpublished, make_unpublished_summary

# Indexes for the default order of things, by name.
for model in table_models(Thing):
    Index(None, model_table(model).c.name_key, model_table(model).c.code)
# An index for filters by exact name, which also match former names.
Index(None, model_table(Organisation).c.name)

for model in table_models():
    add_decimal_checks(model_table(model))
HISTORY_TABLES = make_history_tables()
SUMMARY_BY_MODEL = make_summaries()
UNRESTRICTED_SUMMARIES = make_unrestricted_summaries()
EXTRA_SUMMARIES, EXTRA_UNRESTRICTED_SUMMARIES = (
    make_extra_summaries(),
    make_extra_summaries(unrestricted=True),
)
UNPUBLISHED_SUMMARY = make_unpublished_summary()
# Summaries by audience and owner, those of all rows, and those of unpublished certificates.
AUDIENCE_SUMMARIES = with_ancestor_summaries(
    chain(SUMMARY_BY_MODEL.values(), *EXTRA_SUMMARIES.values())
)
ALL_UNRESTRICTED_SUMMARIES = with_ancestor_summaries(
    chain(UNRESTRICTED_SUMMARIES.values(), *EXTRA_UNRESTRICTED_SUMMARIES.values())
)
ALL_SUMMARIES = [
    *AUDIENCE_SUMMARIES,
    *ALL_UNRESTRICTED_SUMMARIES,
    *with_ancestor_summaries([UNPUBLISHED_SUMMARY]),
]
# Tables that are rebuilt from the others, and so are in no backup.
DERIVED_TABLES = frozenset(
    [
        *(summary.table for summary in ALL_SUMMARIES),
        model_table(UnpublishedGrade),
        model_table(WorkerUnpublished),
    ]
)
