"""The formats of reports. The same workbook always gives the same bytes."""

import csv
import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from reports.workbook import ReportWorkbook, SheetCell

XLSX, CSV = "xlsx", "csv"
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
# Workbooks contain their creation date. It is fixed, so that equal content has equal bytes; the
# first sheet has the real time.
FIXED_CREATION_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
COLUMN_WIDTH = 24  # characters
# Characters that begin a formula. Spreadsheets read the full-width forms too.
FORMULA_PREFIXES = tuple("=+-@\t\r\n＝＋－＠")
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
MAX_CELL_CHARACTERS = 32_767  # Excel's limit
MAX_DIGITS = 15  # of a number; Excel rounds longer ones


def write_workbook(book: ReportWorkbook, form: str) -> bytes:
    return write_xlsx(book) if form == XLSX else write_csv(book)


def write_xlsx(book: ReportWorkbook) -> bytes:
    """Write .xlsx. Text is always text: never a formula, link or number."""
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = Workbook(output, options)
    workbook.set_properties({"title": book.title, "created": FIXED_CREATION_TIME})
    bold = workbook.add_format({"bold": True})
    about: list[list[SheetCell]] = [[book.title]]
    about += [[name, text] for name, text in book.about]
    about += [[*book.notice]] if book.notice else []
    for title, columns, rows in [("匠谱 Jiangpu", (), about), *book.sheets]:
        sheet = workbook.add_worksheet(title)
        sheet.set_column(0, max(len(columns), 2) - 1, COLUMN_WIDTH)
        for index, column in enumerate(columns):
            sheet.write_string(0, index, column, bold)
        for line, row in enumerate(rows, start=1 if columns else 0):
            for index, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(
                        line, index, CONTROL_CHARACTERS.sub("", cell)[:MAX_CELL_CHARACTERS]
                    )
                elif isinstance(cell, Decimal) and len(cell.as_tuple().digits) > MAX_DIGITS:
                    sheet.write_string(line, index, str(cell))
                elif cell is not None:
                    sheet.write(line, index, cell)
    workbook.close()
    return output.getvalue()


def write_csv(book: ReportWorkbook) -> bytes:
    """Write CSV in UTF-8 with the byte order mark that Excel needs, one table below the other."""
    output = StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow([escape_formula(book.title)])
    writer.writerows([escape_formula(cell) for cell in row] for row in book.about)
    for number, (title, columns, rows) in enumerate(book.sheets):
        writer.writerow(
            [escape_formula(cell) for cell in book.notice] if book.notice and not number else []
        )
        writer.writerow([escape_formula(title)])
        writer.writerow([escape_formula(column) for column in columns])
        writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return output.getvalue().encode("utf-8-sig")


def escape_formula(cell: SheetCell) -> SheetCell:
    """Prefix an apostrophe to text that a spreadsheet would read as a formula."""
    if not isinstance(cell, str):
        return cell
    text = CONTROL_CHARACTERS.sub("", cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_PREFIXES) else text
