"""A file of personal data: a line for a worker, a column for a field. No refusal repeats one."""

import csv
from io import StringIO
from pathlib import Path

from feeds.cells import TRUTHS, narrow
from feeds.encoding import Unreadable, read_text
from feeds.headings import plain
from models.history import stored
from models.personal import PersonalField
from resolvers.personal import FACTS
from resolvers.personal_entry import Person
from resolvers.proposal import Origin, Problems

WORKER, GUARDIAN, OF_AGE = "worker", "guardian_agreed", "of_age"
FIELDS = {field.value.lower(): field for field in PersonalField}
FACT_COLUMNS = {stored(model).name: field for field, (model, _) in FACTS.items()}
COLUMNS = [WORKER, *FIELDS, *FACT_COLUMNS, GUARDIAN, OF_AGE]
IN_CHINESE = {
    **{field.label: field.value.lower() for field in PersonalField},
    "职工": WORKER, "监护人已同意": GUARDIAN, "已成年": OF_AGE,
}  # fmt: skip
TRUTH = {"": False, **TRUTHS}
HEADER = 1


def read_people(path: Path, problems: Problems) -> list[Person]:
    """What can't be read is among the problems."""
    people: list[Person] = []
    line = HEADER
    try:
        reader = csv.reader(StringIO(read_text(path), newline=""), strict=True)
        header = [IN_CHINESE.get(plain(name), name.strip()) for name in next(reader, [])]
        if not check_header(path.name, header, problems):
            return []
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                people += read_person(header, cells, Origin(path.name, line), problems)
            line = reader.line_num + 1
    except csv.Error:  # what it says may quote the line
        problems.at(Origin(path.name, line), "row", "is no CSV.")
    except Unreadable as error:
        problems.at(Origin(path.name, error.line), "file", str(error))
    return people


def check_header(file: str, header: list[str], problems: Problems) -> bool:
    """A file without a header begins with somebody's data: what is wrong with it isn't repeated."""
    origin = Origin(file, HEADER)
    if WORKER not in header:
        problems.at(origin, WORKER, "is missing among the columns.")
    elif len(set(header)) < len(header):
        problems.at(origin, "header", "names a column twice.")
    elif not set(header) <= set(COLUMNS):
        problems.at(origin, "header", f"has another column than {', '.join(COLUMNS)}.")
    else:
        return True
    return False


def read_person(
    header: list[str], cells: list[str], origin: Origin, problems: Problems
) -> list[Person]:
    if len(cells) != len(header):
        reason = f"has {len(cells)} cells; the header has {len(header)}."
        problems.at(origin, "row", reason)
        return []
    found = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name in (GUARDIAN, OF_AGE):
        if name in found:
            found[name] = narrow(found[name]).lower()
        if found.get(name, "") not in TRUTH:
            problems.at(origin, name, "is neither true nor false.")
            return []
    guardian_agreed, of_age = (TRUTH[found.get(name, "")] for name in (GUARDIAN, OF_AGE))
    values = {field: found[name] for name, field in FIELDS.items() if found.get(name)}
    facts = {field: found[name] for name, field in FACT_COLUMNS.items() if found.get(name)}
    return [Person(origin, found[WORKER], values, facts, guardian_agreed, of_age)]
