from dataclasses import dataclass

from generator.population.chance import Draw
from generator.population.drawn.employers import Employers
from generator.population.drawn.places import Place, Places
from generator.population.proportions import number
from models.row import Level

LEVELS = {
    Level.PROVINCIAL: "provincial_academies",
    Level.CITY: "municipal_academies",
    Level.DISTRICT: "district_academies",
}


@dataclass(frozen=True, slots=True)
class Academy:
    level: Level
    place: Place
    host: int  # an employer
    industry: int
    opened: int


def draw_academies(
    chance: Draw, workers: int, places: Places, employers: Employers
) -> list[Academy]:
    """Hosted by the biggest enterprises, and strewn over the places of their level."""
    academies: list[Academy] = []
    for level, name in LEVELS.items():
        candidates = {
            Level.PROVINCIAL: places.provinces,
            Level.CITY: places.cities,
            Level.DISTRICT: places.districts,
        }[level]
        count = number(name, workers)
        for n in range(count):
            host = len(academies) % len(employers)
            place = candidates[n * len(candidates) // count]
            opened = chance.between(2018, 2025)
            academies.append(Academy(level, place, host, employers.industry_of[host], opened))
    return academies
