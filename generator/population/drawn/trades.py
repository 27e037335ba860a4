import tomllib
from dataclasses import dataclass
from pathlib import Path

from generator.population.chance import Weighted

LISTS = Path(__file__).parent.parent / "trades.toml"


@dataclass(frozen=True)
class Trades:
    """A trade is an occupation: the first occupations of an industry have most people in it."""

    industries: list[str]
    occupations: list[str]
    majors: list[str]
    industry_of: list[int]  # by trade
    major_of: list[int]  # by trade
    practised: list[Weighted[int]]  # trades, by industry


def read_trades() -> Trades:
    listed = tomllib.loads(LISTS.read_text("utf-8"))["industries"]
    occupations: list[str] = []
    majors: list[str] = []
    industry_of: list[int] = []
    major_of: list[int] = []
    practised = []
    for industry, entry in enumerate(listed):
        first = len(occupations)
        for index, name in enumerate(entry["occupations"]):
            occupations.append(name)
            industry_of.append(industry)
            major_of.append(len(majors) + index % len(entry["majors"]))
        majors += entry["majors"]
        trades = range(first, len(occupations))
        practised.append(Weighted((trade, 1 / (trade - first + 1)) for trade in trades))
    names = [entry["name"] for entry in listed]
    return Trades(names, occupations, majors, industry_of, major_of, practised)
