"""Extracts the text of a generated file, for searches."""

from io import BytesIO
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile, is_zipfile


def extract_text(content: bytes) -> str:
    """Of a workbook, or of a text in UTF-8."""
    if not is_zipfile(BytesIO(content)):
        return content.decode("utf-8-sig")
    with ZipFile(BytesIO(content)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]
    return "\n".join("\n".join(fromstring(part).itertext()) for part in parts)
