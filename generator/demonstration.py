import csv
from pathlib import Path

from generator import (
    academies,
    alliances,
    careers,
    challenges,
    college,
    contests,
    counted,
    craftsmen,
    figures,
    honours,
    mentors,
    organisations,
    outcomes,
    places,
    placings,
    policies,
    positions,
    prizes,
    promotions,
    selections,
    service_teams,
    services,
    skills,
    sources,
    studios,
    subsidies,
    trainees,
)
from generator.audiences import narrowed
from generator.chance import SEED
from generator.rows import Row

README = """\
# Demonstration records

本目录的全部资料均为虚构，仅供示范。Everything here is invented: the country 示例国 and its three
provinces, the colleges, the enterprises, the people, the competitions, the rules and every number.
Any likeness to a real person or organisation is chance; nobody here has the name of a person in
`../published`. Every code and key starts with `demo_`, every fact cites a source of this folder
whose title says that it is invented (虚构), and nothing refers to a real region, so that no real
total counts an invented record.

- **People.** A college (`demo_college`) with three cohorts of trainees: enrolments, mentors,
  certificates, work after graduation. Five craftsmen in each of 31 enterprises, one of them an
  apprentice; those of the north are enrolled at another college while they work.
- **Studios, academies, alliances.** 40 studios that craftsmen lead, belong to, left or handed over;
  8 academies with teachers, classes and programmes, some of which took over the standards of a
  competition; 6 alliances, one across the three provinces (`demo_alliance_axle`), with members that
  joined, left, were struck off or dissolved, and came back.
- **Competitions.** 22 editions of 14 series. Places led to certificates, titles and prizes. A
  ladder of titles with rounds, nominations and what came of them.
- **Work.** Outcomes that studios of several provinces brought about together, with their shares;
  challenges with bids won, lost and withdrawn; service teams; offices.
- **Rules and money.** Policies, prizes, subsidies, and what was paid. The promotion rules
  (`promotion_rules.csv`) are an **example** of such a table: no authority has issued it, and the
  note on each row says so. Since July 2026 the first ten of a first-class contest rise one grade,
  the first six of a second-class or district contest, and the first 30 % of a contest of an
  enterprise or college; once a year.
- **Who says so.** The colleges, the three provinces' unions, the registry's steward
  (`demo_steward`), and a paper that nobody vouches for. Some facts have two sources; one is
  disputed, some are verified, two were retracted. Some rows are for partners or their owner alone.

    python cli.py load examples/demonstration   # into the registry
    python cli.py generate                      # make all these files anew

The files come from `generator/` and are not edited by hand. Made with the seed {seed}, they are the
same bytes every time. Nothing in them happens after October 2026.

| file | rows |
|---|---:|
{counts}
"""


def generate(folder: Path) -> None:
    """Write these files again, and leave others alone."""
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(sorted(made().items()))
    for name, rows in files.items():
        write(folder / f"{name}.csv", rows)
    counts = "\n".join(f"| {name}.csv | {len(rows)} |" for name, rows in files.items())
    text = README.format(seed=SEED, counts=counts)
    (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")


def write(path: Path, rows: list[Row]) -> None:
    """Write rows; a cell is empty if only rows of another origin have the column."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def made() -> dict[str, list[Row]]:
    return narrowed(things() | people())


def things() -> dict[str, list[Row]]:
    return {
        "sources": sources.sources(),
        "regions": places.regions(),
        "former_names": places.former_names(),
        "region_successions": places.successions(),
        "organisations": organisations.organisations(),
        "organisation_former_names": organisations.former_names(),
        "organisation_successions": organisations.successions(),
        "industries": places.industries(),
        "occupations": places.occupations(),
        "majors": places.majors(),
        "academies": academies.academies(),
        "programmes": college.programmes(),
        "training_classes": college.training_classes(),
        "studios": studios.studios(),
        "outcomes": outcomes.outcomes(),
        "contributions": outcomes.contributions(),
        "alliances": alliances.alliances(),
        "alliance_memberships": alliances.alliance_memberships(),
        "alliance_supports": alliances.alliance_supports(),
        "competition_series": contests.series(),
        "competitions": contests.competitions(),
        "honours": honours.honours(),
        "ladders": honours.ladders(),
        "rungs": honours.rungs(),
        "selection_stages": honours.selection_stages(),
        "criteria": honours.criteria(),
        "selection_rounds": selections.selection_rounds(),
        "challenges": challenges.challenges(),
        "bids": challenges.bids(),
        "service_teams": service_teams.service_teams(),
        "policies": policies.policies(),
        "promotion_rules": promotions.promotion_rules(),
        "prize_rules": prizes.prize_rules(),
        "subsidy_rules": subsidies.subsidy_rules(),
        "facilities": services.facilities(),
        "events": services.events(),
        "benefits": services.benefits(),
        "figures": figures.figures(),
        "targets": figures.targets(),
        "completeness": counted.completeness(),
    }


def people() -> dict[str, list[Row]]:
    masters, learners = mentors.draw_mentors(), trainees.draw_trainees()
    workforce = craftsmen.draw_craftsmen()
    leaders = studios.leaders(masters, workforce)
    young, others = placings.of_trainees(learners), placings.of_others(workforce)
    placed = [*young, *others]
    standings = selections.draw_standings(workforce, leaders)
    conferrals = [
        *honours.conferrals(placed, leaders),
        *selections.conferrals(standings, workforce),
    ]
    medallists = {one.recipient for one in young}
    known = {*leaders.values(), *(one.recipient for one in others)}
    known |= {str(row["worker"]) for row in conferrals if row["worker"]}
    return {
        "workers": [
            *trainees.workers(learners, medallists),
            *mentors.workers(masters, known),
            *craftsmen.workers(workforce, known),
        ],
        "enrolments": [*trainees.enrolments(learners), *college.apprentices(workforce)],
        "mentorships": [*trainees.mentorships(learners, masters), *skills.mentorships(workforce)],
        "results": placings.results(placed),
        "qualifications": [
            *careers.qualifications(careers.draw_certificates(learners, young)),
            *skills.qualifications(workforce, others),
        ],
        "conferrals": conferrals,
        "employments": [
            *careers.employments(learners, medallists),
            *mentors.employments(masters, known),
            *craftsmen.employments(workforce),
        ],
        "teachings": academies.teachings(workforce, known),
        "studio_memberships": studios.studio_memberships(masters, workforce),
        "service_team_memberships": service_teams.service_team_memberships(workforce),
        "positions": positions.positions(leaders),
        "nominations": selections.nominations(standings),
        "grants": subsidies.grants(placed, standings),
    }
