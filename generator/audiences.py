"""No fact is shown to more people than what it tells of."""

from generator.rows import Row
from models.row import Audience

NARROW = list(Audience)  # from everybody to the owner alone


def narrowed(files: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Facts get the narrowest of what they refer to, unless they say a narrower one."""
    told = (row for rows in files.values() for row in rows if "audience" in row)
    said = {key(row): Audience[str(row["audience"])] for row in told}
    return {name: [narrow(row, said) for row in rows] for name, rows in files.items()}


def key(row: Row) -> object:
    return row.get("code") or row["key"]


def narrow(row: Row, said: dict[object, Audience]) -> Row:
    if "sources" not in row:
        return row
    found = [said[cell] for cell in row.values() if cell in said]
    return {**row, "audience": max(found, key=NARROW.index, default=Audience.PUBLIC)}
