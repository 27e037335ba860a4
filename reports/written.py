"""Books as bytes: the same book gives the same bytes, whenever and wherever it is written."""

import csv
import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from reports.sheets import Book, Cell

XLSX, CSV = "xlsx", "csv"
MEDIA = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
# Workbooks say when they were made. It is told in the sheet "about"; here it would change bytes.
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
WIDTH = 24  # characters of a column
# What a spreadsheet takes for the beginning of a formula. The wide forms are read as the others.
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # these very characters are meant
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
MOST = 32_767  # characters of a cell
DIGITS = 15  # of a number; a spreadsheet would change those behind them


def written(book: Book, form: str) -> bytes:
    return in_xlsx(book) if form == XLSX else in_csv(book)


def in_xlsx(book: Book) -> bytes:
    """Texts are cells of text, whatever they begin with: never formulas, links or numbers."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(output, options)
    workbook.set_properties({"title": book.title, "created": MADE})
    bold = workbook.add_format({"bold": True})
    about: list[list[Cell]] = [[book.title]]
    about += [[name, text] for name, text in book.about]
    about += [[*book.notice]] if book.notice else []
    for title, columns, rows in [("匠谱 Jiangpu", (), about), *book.sheets]:
        sheet = workbook.add_worksheet(title)
        sheet.set_column(0, max(len(columns), 2) - 1, WIDTH)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
        for line, row in enumerate(rows, start=1 if columns else 0):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, CONTROL.sub("", cell)[:MOST])
                elif isinstance(cell, Decimal) and len(cell.as_tuple().digits) > DIGITS:
                    sheet.write_string(line, place, str(cell))
                elif cell is not None:
                    sheet.write(line, place, cell)
    workbook.close()
    return output.getvalue()


def in_csv(book: Book) -> bytes:
    """UTF-8 with the mark by which Excel knows it; the tables one below the other."""
    output = StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow([safe(book.title)])
    writer.writerows([safe(cell) for cell in row] for row in book.about)
    for number, (title, columns, rows) in enumerate(book.sheets):
        writer.writerow([safe(cell) for cell in book.notice] if book.notice and not number else [])
        writer.writerow([safe(title)])
        writer.writerow([safe(column) for column in columns])
        writer.writerows([safe(cell) for cell in row] for row in rows)
    return output.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    text = CONTROL.sub("", cell)
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text
