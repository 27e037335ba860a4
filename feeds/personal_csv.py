"""Files of personal data: a line for each worker, a column for each field.

Error messages never repeat a value.
"""

import csv
from io import StringIO
from pathlib import Path

from feeds.chinese_headings import normalized_heading
from feeds.csv_cells import BOOLEAN_WORDS, half_width_text
from feeds.text_encoding import UnreadableFile, read_text
from models.history import model_table
from models.personal import PersonalField
from resolvers.personal.entry import PersonalLine
from resolvers.personal.masked import NUMBERED_FACTS
from resolvers.writing.proposal import Origin, Problems

WORKER_COLUMN, GUARDIAN_COLUMN, OF_AGE_COLUMN = "worker", "guardian_agreed", "of_age"
FIELDS = {field.value.lower(): field for field in PersonalField}
FACT_COLUMNS = {model_table(model).name: field for field, (model, _) in NUMBERED_FACTS.items()}
COLUMNS = [WORKER_COLUMN, *FIELDS, *FACT_COLUMNS, GUARDIAN_COLUMN, OF_AGE_COLUMN]
COLUMNS_BY_CHINESE = {
    **{field.label: field.value.lower() for field in PersonalField},
    "职工": WORKER_COLUMN, "监护人已同意": GUARDIAN_COLUMN, "已成年": OF_AGE_COLUMN,
}  # fmt: skip
BOOLEAN_CELLS = {"": False, **BOOLEAN_WORDS}
HEADER_LINE = 1


def read_people(path: Path, problems: Problems) -> list[PersonalLine]:
    """Return the readable lines. Errors are added to `problems`."""
    people: list[PersonalLine] = []
    line = HEADER_LINE
    try:
        reader = csv.reader(StringIO(read_text(path), newline=""), strict=True)
        header = [
            COLUMNS_BY_CHINESE.get(normalized_heading(name), name.strip())
            for name in next(reader, [])
        ]
        if not check_personal_header(path.name, header, problems):
            return []
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                people += read_person(header, cells, Origin(path.name, line), problems)
            line = reader.line_num + 1
    except csv.Error:  # its message may quote the line
        problems.at(Origin(path.name, line), "row", "is not valid CSV.")
    except UnreadableFile as error:
        problems.at(Origin(path.name, error.line), "file", str(error))
    return people


def check_personal_header(file: str, header: list[str], problems: Problems) -> bool:
    """Check the header without repeating it: a file without one begins with personal data."""
    origin = Origin(file, HEADER_LINE)
    if WORKER_COLUMN not in header:
        problems.at(origin, WORKER_COLUMN, "is missing among the columns.")
    elif len(set(header)) < len(header):
        problems.at(origin, "header", "names a column twice.")
    elif not set(header) <= set(COLUMNS):
        problems.at(origin, "header", f"has another column than {', '.join(COLUMNS)}.")
    else:
        return True
    return False


def read_person(
    header: list[str], cells: list[str], origin: Origin, problems: Problems
) -> list[PersonalLine]:
    if len(cells) != len(header):
        reason = f"has {len(cells)} cells; the header has {len(header)}."
        problems.at(origin, "row", reason)
        return []
    texts = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name in (GUARDIAN_COLUMN, OF_AGE_COLUMN):
        if name in texts:
            texts[name] = half_width_text(texts[name]).lower()
        if texts.get(name, "") not in BOOLEAN_CELLS:
            problems.at(origin, name, "is neither true nor false.")
            return []
    guardian_agreed, of_age = (
        BOOLEAN_CELLS[texts.get(name, "")] for name in (GUARDIAN_COLUMN, OF_AGE_COLUMN)
    )
    values = {field: texts[name] for name, field in FIELDS.items() if texts.get(name)}
    facts = {field: texts[name] for name, field in FACT_COLUMNS.items() if texts.get(name)}
    return [PersonalLine(origin, texts[WORKER_COLUMN], values, facts, guardian_agreed, of_age)]
