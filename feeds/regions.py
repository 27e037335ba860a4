"""The region tree: GB/T 2260 codes from python-stdnum, and overlay zones.

The code list has one line for each code. A code that was reused has several dated names: the newest
is the region's name, the others are former names. corrections.csv corrects the list, and
successions.csv names the successors of ended codes. Each of their rows cites a document:
docs/regions.md.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from feeds.csv_folder import read_file
from kit.values.partial_date import PartialDate
from models.region import FormerName, Region, RegionSuccession
from models.row import Level
from resolvers.writing.proposal import Origin, Problems, Proposal

COUNTRY_CODE = "china"
ZONES_FILE = Path(__file__).with_name("zones.csv")
CORRECTIONS_FILE = Path(__file__).with_name("corrections.csv")
SUCCESSIONS_FILE = Path(__file__).with_name("successions.csv")
CODE_LIST_FILE = "stdnum/cn/loc.dat"

PROVINCE_LINE = re.compile(r'(\d\d) province="[^"]*"')
CODE_LINE = re.compile(r'  (\d{4}) county="([^"]*)"')
DATED_NAME = re.compile(r"(?:\[(\d{4})?-(\d{4})?\])?(.+)")

# Placeholders of the code list, which aren't divisions: their children belong to the level above.
PSEUDO_DIVISION = re.compile(r"市辖区|县|市|市区|.*直辖.*")

DatedName = tuple[PartialDate | None, PartialDate | None, str]
CodeNames = tuple[int, list[DatedName]]  # line in the list; dated names, oldest first


def region_tree() -> tuple[list[Proposal], Problems]:
    problems = Problems()
    china = {"name": "中国", "name_en": "China", "level": Level.NATIONAL, "parent_id": None}
    proposals = [Proposal(Region, COUNTRY_CODE, dict(china), Origin(CODE_LIST_FILE, 0))]
    names = apply_corrections(dict(read_code_list()))
    for code, (line, spells) in names.items():
        proposals += region_proposals(
            code, spells, parent_code(code, names), Origin(CODE_LIST_FILE, line)
        )
    zones = read_file(ZONES_FILE, Region, problems)
    for zone in zones:
        zone.values["level"] = Level.ZONE
        proposals.append(zone)
    proposals += read_file(SUCCESSIONS_FILE, RegionSuccession, problems)
    return proposals, problems


def apply_corrections(names: dict[str, CodeNames]) -> dict[str, CodeNames]:
    """Return names with corrections.csv applied. Empty cells keep the list's value.

    A plain code corrects the newest name; `232701.1` corrects the first former name of 232701.
    """
    corrected = {code: (line, [*spells]) for code, (line, spells) in names.items()}
    with CORRECTIONS_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, _, number = row["code"].partition(".")
            _, spells = corrected.setdefault(code, (0, [(None, None, row["name"])]))
            index = int(number) - 1 if number else -1
            started, ended, name = spells[index]
            spells[index] = (
                PartialDate(row["started"]) if row["started"] else started,
                PartialDate(row["ended"]) if row["ended"] else ended,
                row["name"] or name,
            )
    return dict(sorted(corrected.items()))


def read_code_list() -> Iterator[tuple[str, CodeNames]]:
    """Yield (code, (line, dated names, oldest first)) for each code of a division."""
    province = ""
    text = (files("stdnum.cn") / "loc.dat").read_text("utf-8")
    for line, content in enumerate(text.splitlines(), start=1):
        if match := PROVINCE_LINE.fullmatch(content):
            province = match[1]
        elif match := CODE_LINE.fullmatch(content):
            spells = [
                spell
                for spell in map(parse_dated_name, match[2].split(","))
                if not PSEUDO_DIVISION.fullmatch(spell[2])
            ]
            if spells:
                yield province + match[1], (line, spells)


def parse_dated_name(text: str) -> DatedName:
    match = DATED_NAME.fullmatch(text)
    assert match
    start, end = (PartialDate(year) if year else None for year in match.groups()[:2])
    return start, end, match[3]


def region_proposals(
    code: str, spells: list[DatedName], parent: str, origin: Origin
) -> Iterable[Proposal]:
    *former, (started, ended, name) = spells
    values = {
        "name": name,
        "level": level_of_code(code, name),
        "parent_id": parent,
        "started": spells[0][0] if former else started,
        "ended": ended,
    }
    yield Proposal(Region, code, values, origin)
    for number, (since, until, before) in enumerate(former, start=1):
        former_values = {"region_id": code, "name": before, "started": since, "ended": until}
        yield Proposal(FormerName, f"{code}.{number}", former_values, origin)


def parent_code(code: str, codes: Iterable[str]) -> str:
    """Return the code of the city, or of the province where the city level is no division."""
    city, province = code[:4] + "00", code[:2] + "0000"
    if code == province:
        return COUNTRY_CODE
    return city if code != city and city in codes else province


def level_of_code(code: str, name: str) -> Level:
    """Return the level by the shape of the code; districts differ from counties by name."""
    if code.endswith("0000"):
        return Level.PROVINCIAL
    if code.endswith("00"):
        return Level.CITY
    is_district = name[-1] == "区" and not name.endswith(("林区", "特区"))
    return Level.DISTRICT if is_district else Level.COUNTY
