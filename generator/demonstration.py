import csv
from pathlib import Path

from generator import careers, college, contests, figures, mentors, places, studios, trainees
from generator.chance import SEED
from generator.rows import SOURCES, Row

README = """\
# Demonstration records

本目录的全部资料均为虚构，仅供示范。Everything here is invented: the country 示例国 and its three
provinces, the college, the enterprises, the people, the competitions and every number. Any likeness
to a real person or organisation is chance; nobody here has the name of a person in `../published`.
Every code and key starts with `demo_`, every fact cites the source `demo_source`, and nothing
refers to a real region, so that no real total counts an invented record.

A college (`demo_college`) with three cohorts of trainees: enrolments, mentors, certificates, work
after graduation. Six competitions with trainees' places, and the certificates and titles that
followed. Three studios that meet in an alliance, which one of them left and rejoined, and an
academy that was struck off it. Figures beside what the registry counts.

    python cli.py load examples/demonstration   # into the registry
    python cli.py generate                      # make all these files anew

The files come from `generator/` and are not edited by hand. Made with the seed {seed}, they are the
same bytes every time. Nothing in them happens after October 2026.

| file | rows |
|---|---:|
{counts}
"""


def generate(folder: Path) -> None:
    """Writes the files that are there under these names anew, and leaves others alone."""
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(sorted(made().items()))
    for name, rows in files.items():
        write(folder / f"{name}.csv", rows)
    counts = "\n".join(f"| {name}.csv | {len(rows)} |" for name, rows in files.items())
    text = README.format(seed=SEED, counts=counts)
    (folder / "README.md").write_text(text, encoding="utf-8", newline="\n")


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def made() -> dict[str, list[Row]]:
    return things() | people()


def things() -> dict[str, list[Row]]:
    return {
        "sources": SOURCES,
        "regions": places.regions(),
        "organisations": places.organisations(),
        "industries": places.industries(),
        "occupations": places.occupations(),
        "majors": places.majors(),
        "academies": college.academies(),
        "programmes": college.programmes(),
        "training_classes": college.training_classes(),
        "studios": studios.studios(),
        "outcomes": studios.outcomes(),
        "alliances": studios.alliances(),
        "alliance_memberships": studios.alliance_memberships(),
        "competition_series": contests.series(),
        "competitions": contests.competitions(),
        "honours": contests.honours(),
        "figures": figures.figures(),
        "completeness": figures.completeness(),
    }


def people() -> dict[str, list[Row]]:
    masters, learners = mentors.draw_mentors(), trainees.draw_trainees()
    placings = contests.draw_placings(learners)
    public = {one.trainee.code for one in placings}
    leaders = list(studios.leaders(masters).values())
    certificates = careers.draw_certificates(learners, placings)
    return {
        "workers": trainees.workers(learners, public) + mentors.workers(masters),
        "enrolments": trainees.enrolments(learners),
        "mentorships": trainees.mentorships(learners, masters),
        "results": contests.results(placings),
        "qualifications": careers.qualifications(certificates),
        "conferrals": contests.conferrals(placings, leaders),
        "employments": careers.employments(learners, public) + mentors.employments(masters),
        "studio_memberships": studios.studio_memberships(masters),
    }
