"""A registry of any size in which each contract query leads to every kind that it can."""

from typing import Any

from tests.support.graph import RowFactory

PROVINCES = ("370000", "230000")
CITIES = ("370200", "230100")


async def populate_to_size(make: RowFactory, size: int) -> None:
    await make(**thing_rows(size))
    await make(**fact_rows(size))


def thing_rows(size: int) -> dict[str, list[dict[str, Any]]]:
    numbers = range(size)
    return {
        "sources": [{"key": "s", "title": "生长", "asserted_by": "demo_college"}],
        "occupations": [{"code": "o", "name": "铣工", "scheme": "TEST"}],
        "industries": [{"code": "i", "name": "航空", "scheme": "TEST"}],
        "majors": [{"code": "m", "name": "数控", "scheme": "TEST"}],
        "organisations": [
            organisation_cells("demo_college", "VOCATIONAL_COLLEGE", 0),
            *(organisation_cells(f"org{n}", "ENTERPRISE", n) for n in numbers),
        ],
        "workers": [
            {"code": "qin_shijun", "name": "甲", "region": "230100", "occupation": "o"},
            *(
                {"code": f"w{n}", "name": f"工{n}", "region": CITIES[n % 2], "occupation": "o"}
                for n in numbers
            ),
        ],
        "studios": [
            {
                "code": f"st{n}",
                "name": f"室{n}",
                "studio_kind": "CRAFTSMAN",
                "level": "CITY",
                "industry": "i",
                "region": CITIES[n % 2],
                "host": f"org{n - n % 3}",
            }
            for n in numbers
        ],
        "academies": [
            {
                "code": f"ac{n}",
                "name": f"院{n}",
                "level": "PROVINCIAL",
                "industry": "i",
                "host": f"org{n}",
                "region": CITIES[n % 2],
            }
            for n in numbers
        ],
        "alliances": [
            {"code": "cross_sector_alliance", "name": "盟", "alliance_kind": "STUDIO",
             "region": "370000"},
            *(
                {"code": f"al{n}", "name": f"盟{n}", "alliance_kind": "STUDIO",
                 "region": CITIES[n % 2]}
                for n in numbers
            ),
        ],
        "competition_series": [{"code": "series", "name": "赛"}],
        "competitions": [
            {"code": "national_voc_skill_contest", "name": "赛", "series": "series",
             "occupation": "o", "host": "org0", "region": "230100", "academy": "ac1"},
            *(
                {"code": f"co{n}", "name": f"赛{n}", "series": "series", "year": 2024,
                 "level": "CITY", "academy": f"ac{n}", "region": CITIES[n % 2]}
                for n in numbers
            ),
        ],
        "honours": [
            {"code": f"h{n}", "name": f"荣{n}", "level": "CITY", "grantor": "org0"}
            for n in numbers
        ],
        "ladders": [{"code": "ladder_langya", "name": "梯", "region": "370200"}],
        "programmes": [{"code": "p", "name": "项目", "mode": "订单式"}],
        "training_classes": [
            {"code": f"cl{n}", "name": f"班{n}", "programme": "p", "academy": f"ac{n}"}
            for n in numbers
        ],
    }  # fmt: skip


def organisation_cells(code: str, kind: str, number: int) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"单位{code}",
        "organisation_kind": kind,
        "region": CITIES[number % 2],
    }


def fact_rows(size: int) -> dict[str, list[dict[str, Any]]]:
    numbers = range(size)
    cited = {"sources": "s"}
    members = ("organisation", "studio", "academy")
    codes = ("org", "st", "ac")
    return {
        "rungs": [
            {"key": f"r{n}", "ladder": "ladder_langya", "rank": n + 1, "name": f"级{n}",
             "honour": f"h{n}"}
            for n in numbers
        ],
        "selection_stages": [
            {"key": f"ss{n}", "ladder": "ladder_langya", "order": n + 1, "name": f"环{n}"}
            for n in numbers
        ],
        "criteria": [
            {"key": f"cr{n}", "ladder": "ladder_langya", "order": n + 1, "name": f"标{n}"}
            for n in numbers
        ],
        "alliance_memberships": [
            *(
                {"key": f"am{kind}", "alliance": "cross_sector_alliance",
                 **dict.fromkeys(members, ""), members[kind]: f"{codes[kind]}0", **cited}
                for kind in range(3)
            ),
            *(
                {"key": f"an{n}", "alliance": f"al{n}",
                 **dict.fromkeys(members, ""), "academy": f"ac{n}", **cited}
                for n in numbers
            ),
        ],
        "alliance_supports": [
            {"key": f"as{n}", "alliance": "cross_sector_alliance", "organisation": f"org{n}",
             **cited}
            for n in numbers
        ],
        "employments": [
            {"key": f"em{n}", "worker": f"w{n}", "organisation": f"org{n}", **cited}
            for n in numbers
        ] + [{"key": "emq", "worker": "qin_shijun", "organisation": "org0", **cited}],
        "studio_memberships": [
            {"key": f"sm{n}", "studio": f"st{n}", "worker": f"w{n}", "studio_role": "LEADER",
             **cited}
            for n in numbers if n != 1
        ] + [{"key": "smq", "studio": "st1", "worker": "qin_shijun", "studio_role": "LEADER",
              **cited}],
        "results": [
            *(
                {"key": f"re{n}", "competition": "national_voc_skill_contest",
                 "worker": f"w{n}", "rank": n + 1, **cited}
                for n in numbers
            ),
            {"key": "req", "competition": "co0", "worker": "qin_shijun", "rank": 1,
             **cited},
        ],
        "conferrals": [
            *(
                {"key": f"cf{n}", "honour": f"h{n}", "worker": f"w{n}", "based_on": f"re{n}",
                 **cited}
                for n in numbers
            ),
            *(
                {"key": f"cq{n}", "honour": f"h{n}", "worker": "qin_shijun", "based_on": "",
                 **cited}
                for n in numbers
            ),
        ],
        "qualifications": [
            {"key": f"qu{n}", "worker": f"w{n}", "grade": "SENIOR", "occupation": "o",
             "based_on": f"re{n}", **cited}
            for n in numbers
        ],
        "outcomes": [
            {"key": f"ou{n}", "studio": f"st{n}", "outcome_kind": "INNOVATION", "title": "新",
             **cited}
            for n in numbers
        ],
        "teachings": [
            *(
                {"key": f"te{n}", "academy": f"ac{n}", "worker": f"w{n}", "organisation": "",
                 **cited}
                for n in numbers
            ),
            *(
                {"key": f"to{n}", "academy": f"ac{n}", "worker": "", "organisation": f"org{n}",
                 **cited}
                for n in numbers
            ),
            {"key": "teq", "academy": "ac0", "worker": "qin_shijun", "organisation": "", **cited},
        ],
        "mentorships": [
            {"key": f"me{n}", "mentor": "qin_shijun", "apprentice": f"w{n}", **cited}
            for n in numbers
        ],
        "enrolments": [
            {"key": f"en{n}", "college": "demo_college", "training_class": f"cl{n}",
             "trainee": f"w{n}", "major": "m", "cohort": 2023, "enrolment_status": "ENROLLED",
             **cited}
            for n in numbers
        ],
        "prize_rules": [
            {"key": f"pr{n}", "series": "series", "rank_from": n + 1, "rank_to": n + 1,
             "amount_value": 100, "amount_unit": "yuan", "amount_qualifier": "EXACT",
             "payer": "org0", **cited}
            for n in numbers
        ],
        "figures": [
            {"key": f"fi{n}", "metric": "academies_provincial", "label": "学院",
             "quantity_value": n, "quantity_unit": "academy", "quantity_qualifier": "EXACT",
             "region": "370200", **figure_subject(n), **cited}
            for n in numbers
        ],
    }  # fmt: skip


SUBJECTS = {
    "worker": "w", "subject_organisation": "org", "studio": "st", "academy": "ac",
    "alliance": "al", "competition": "co", "honour": "h", "series": "", "programme": "",
}  # fmt: skip
ONLY_ONE = {"series": "series", "programme": "p"}


def figure_subject(number: int) -> dict[str, str]:
    """One of the kinds that a figure may be about, or none, in turn."""
    kinds: dict[str, str] = dict.fromkeys(SUBJECTS, "")
    turn = number % (len(SUBJECTS) + 1)
    if turn < len(SUBJECTS):
        name = list(SUBJECTS)[turn]
        kinds[name] = ONLY_ONE.get(name, f"{SUBJECTS[name]}{number}")
    return kinds
