from generator.population.codes import code
from generator.population.drawn.population import Population
from generator.population.drawn.sources import LAST, YEARS
from generator.population.kinds import Rows, generates
from generator.population.kinds.outcomes import audience_of as audience_of_outcome
from generator.population.kinds.results import audience_of
from generator.population.proportions import share
from models.row import Audience
from models.source import Citation, Source, citation_key

TITLE = "示范数据（虚构）"
NOTE = "Invented; made by generator/"


@generates(Source)
def sources(population: Population) -> Rows:
    nobodys = population.sources.nobodys["source_id"]
    yield {"id": nobodys, "title": f"{TITLE}：来源不明的资料", "note": NOTE}
    for number, owner in enumerate(population.sources.owners):
        for year in YEARS:
            yield {
                "id": code("source", number * len(YEARS) + year - YEARS[0]),
                "title": f"{TITLE}：{year}年度名册",
                "published_on": f"{year}-09" if year == LAST else str(year),
                "publisher": "示例工人报社" if number == 0 else None,
                "asserted_by_id": owner,
                "note": NOTE,
            }


@generates(Citation, 0.025)
def citations(population: Population) -> Rows:
    """Cite a second source without an organisation for some public facts."""
    every = round(1 / share("second_sources"))
    drawn = population.contests
    for index, contest in enumerate(drawn.contests):
        if audience_of(drawn.series[contest.series]) is Audience.PUBLIC:
            first, last = drawn.spans[index], drawn.spans[index + 1]
            for result in range(first + -first % every, last, every):
                yield citation(population, "Result", code("result", result))
    for index in range(0, len(population.conferrals), every):
        yield citation(population, "Conferral", code("conferral", index))
    for index in range(0, len(population.outcomes), every):
        if audience_of_outcome(index) is Audience.PUBLIC:
            yield citation(population, "Outcome", code("outcome", index))


def citation(population: Population, fact_type: str, fact_id: str) -> dict[str, object]:
    source = population.sources.nobodys["source_id"]
    return {
        "id": citation_key(fact_type, fact_id, str(source)),
        "fact_type": fact_type,
        "fact_id": fact_id,
        "source_id": source,
    }
