from generator.population.codes import code
from generator.population.drawn.classes import NOW_TAUGHT, YEARS
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from models.training import Programme, TrainingClass

# The first five are modes that are published; the third is for those in the apprenticeship.
MODES = ("工学一体", "订单式", "现代学徒制", "新型学徒制", "双元三地", None)
APPRENTICESHIP = 2
WITH_ACADEMY = 3  # every so many programmes are an academy's too
WITH_STANDARD = 4  # every so many took theirs from a competition


@generates(Programme)
def programmes(population: Population) -> Rows:
    classes, places = population.classes, population.places
    for college, district in enumerate(classes.district_of_college):
        for index, mode in enumerate(MODES):
            if mode == MODES[APPRENTICESHIP] and college not in classes.apprenticing:
                continue
            number = college * len(MODES) + index
            has_academy = number % WITH_ACADEMY == 0
            yield {
                "code": code("programme", number),
                "name": f"示例{mode or '技能提升'}培养项目（{college + 1}）",
                "mode": mode,
                "region_id": places.cities[places.city_of[district]].code,
                "organisation_id": code("college", college),
                "academy_id": academy_of(population, number) if has_academy else None,
                "standard_id": standard_of(population, number),
                "owner_id": code("college", college),
            }


def academy_of(population: Population, number: int) -> str:
    return code("academy", number % len(population.academies))


def standard_of(population: Population, number: int) -> str | None:
    contests = len(population.contests.contests)
    return None if number % WITH_STANDARD else code("competition", number % contests)


def programme_of(population: Population, index: int) -> int:
    """Return the programme of a class."""
    classes = population.classes
    mode = index % len(MODES)
    if mode == APPRENTICESHIP and classes.college_of[index] not in classes.apprenticing:
        mode = 0
    return classes.college_of[index] * len(MODES) + mode


@generates(TrainingClass, 0.0066)
def training_classes(population: Population) -> Rows:
    classes, trades = population.classes, population.trades
    for index, college in enumerate(classes.college_of):
        cohort = classes.cohort_of[index]
        major = trades.majors[trades.major_of[classes.trade_of[index]]]
        programme = programme_of(population, index)
        yield {
            "code": code("class", index),
            "name": f"示例{cohort}级{major}{index % 8 + 1}班",
            "programme_id": code("programme", programme),
            "academy_id": academy_of(population, index) if index % 2 else None,
            "college_id": code("college", college),
            "owner_id": code("college", college),
            "started": f"{cohort}-09-01",
            "ended": None if cohort in NOW_TAUGHT else f"{cohort + YEARS}-06-30",
        }
