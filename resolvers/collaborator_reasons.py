"""Why two studios might go together, in sentences, with the records behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kit.language import Language, Sentence
from kit.words import Labelled
from models.outcome import OutcomeKind
from resolvers.collaborator_facts import Covered, Named, Profile
from resolvers.collaborator_links import Link
from resolvers.collaborator_score import LinkKind, Parts, divided, is_recent

MOST_LINKS = 5  # told of one collaborator; the rest count all the same
MOST_NAMES = 4
MOST_RECORDS = 10


class ReasonKind(Labelled):
    COMPLEMENTARITY = "COMPLEMENTARITY", "互补"
    OUTCOME = "OUTCOME", "共同成果"
    MENTORSHIP = "MENTORSHIP", "师徒"
    ALLIANCE = "ALLIANCE", "同属联盟"
    HOST = "HOST", "同一依托单位"
    ACADEMY = "ACADEMY", "同一工匠学院任教"
    COMPETITION = "COMPETITION", "同场竞赛"
    STANDING = "STANDING", "声誉与成果"
    ACTIVITY = "ACTIVITY", "近三年活跃"


@dataclass(frozen=True, slots=True)
class Reason:
    """`millionths` of the score that it gives."""

    kind: ReasonKind
    sentence: Sentence
    millionths: int
    records: list[Named]

    def said(self, language: Language) -> str:
        return self.sentence.said(language)


def reasons(
    mine: Profile, other: Profile, links: Sequence[Link], given: Parts, day: date
) -> list[Reason]:
    """Those that give something to the score, the weightiest first."""
    found = [
        together(mine, other, given.complementarity),
        *linked(mine, other, links, given.closeness),
        of_standing(other, given.standing),
        of_activity(other, given.activity, day),
    ]
    order = list(ReasonKind)
    told = [one for one in found if one.millionths]
    return sorted(told, key=lambda one: (-one.millionths, order.index(one.kind)))


def together(mine: Profile, other: Profile, millionths: int) -> Reason:
    theirs = [one for key, one in sorted(other.covers.items()) if key not in mine.covers]
    ours = [one for key, one in sorted(mine.covers.items()) if key not in other.covers]
    have, need = listed(theirs), listed(ours)
    sentence = Sentence(
        f"{other.name} has {have.english}; {mine.name} has {need.english}.",
        f"{other.name}有{have.chinese}，{mine.name}有{need.chinese}，可以互补。",
    )
    records = [one.record for one in (*theirs, *ours) if one.record]
    return Reason(ReasonKind.COMPLEMENTARITY, sentence, millionths, records[:MOST_RECORDS])


def listed(covered: Sequence[Covered]) -> Sentence:
    first = covered[:MOST_NAMES]
    english = ", ".join(called(one, Language.ENGLISH) for one in first)
    chinese = "、".join(called(one, Language.CHINESE) for one in first)
    number, more = len(covered), len(covered) - len(first)
    if more:
        english, chinese = f"{english} and {more} more", f"{chinese}等{number}项"
    return Sentence(*(english, chinese))


def called(one: Covered, language: Language) -> str:
    if one.record is None:
        return kind_of_outcome(OutcomeKind[one.name], language)
    return one.name


def kind_of_outcome(kind: OutcomeKind, language: Language) -> str:
    return kind.label if language is Language.CHINESE else kind.value.lower().replace("_", " ")


def linked(mine: Profile, other: Profile, links: Sequence[Link], millionths: int) -> list[Reason]:
    """What closeness gives, shared out by the strengths of the links; the strongest are told."""
    whole = sum(one.strength for one in links)
    return [
        Reason(
            ReasonKind[one.kind.name],
            sentence_of(one, mine, other),
            divided(millionths * one.strength, whole),
            records_of(one),
        )
        for one in links[:MOST_LINKS]
    ]


def sentence_of(link: Link, mine: Profile, other: Profile) -> Sentence:
    name, one, another = link.name, link.mine.person, link.theirs.person
    match link.kind:
        case LinkKind.OUTCOME:
            if name is None:
                return Sentence("Both had a part in an outcome.", "共同完成一项成果。")
            return Sentence(f"Both had a part in an outcome: {name}.", f"共同完成成果：{name}。")
        case LinkKind.MENTORSHIP:
            return Sentence(
                f"{one} of {mine.name} and {another} of {other.name} are mentor and apprentice.",
                f"{mine.name}的{one}与{other.name}的{another}是师徒。",
            )
        case LinkKind.ALLIANCE:
            return Sentence(f"Both are members of {name}.", f"同为{name}成员。")
        case LinkKind.HOST:
            return Sentence(f"Both are hosted by {name}.", f"同以{name}为依托单位。")
        case LinkKind.ACADEMY:
            return Sentence(
                f"{one} and {another} both teach at {name}.", f"{one}与{another}同在{name}任教。"
            )
        case LinkKind.COMPETITION:
            return Sentence(f"Both won a place in {name}.", f"均在{name}取得名次。")


def records_of(link: Link) -> list[Named]:
    """The hub where the path can't name it, and the facts on either side."""
    facts = [link.hub] if link.kind in (LinkKind.OUTCOME, LinkKind.HOST) else []
    if link.kind is not LinkKind.HOST:  # a host is no fact: the studios say so themselves
        facts += [link.mine.fact, link.theirs.fact]
    return list(dict.fromkeys(facts))


def of_standing(other: Profile, millionths: int) -> Reason:
    honours, outcomes, value = len(other.honours), len(other.outcomes), other.value
    said = Sentence(f"honours {honours}, outcomes {outcomes}", f"荣誉{honours}项、成果{outcomes}项")
    if value:
        worth = Sentence(f", verified value {value} yuan", f"，已核实价值{value}元")
        said = Sentence(*(one + more for one, more in zip(said, worth, strict=True)))
    records = [deed.record for deed, _ in other.honours.values()]
    records += [deed.record for deed in other.outcomes.values()]
    sentence = Sentence(f"{other.name} has: {said.english}.", f"{other.name}有{said.chinese}。")
    return Reason(ReasonKind.STANDING, sentence, millionths, records[:MOST_RECORDS])


def of_activity(other: Profile, millionths: int, day: date) -> Reason:
    recent = [one for one in other.deeds if is_recent(one.happened, day)]
    sentence = Sentence(
        f"Honours, outcomes, places and joinings of {other.name} in the three years before {day}: "
        f"{len(recent)}.",
        f"{other.name}在{day}之前三年内的荣誉、成果、名次和入盟共{len(recent)}项。",
    )
    records = [one.record for one in recent[:MOST_RECORDS]]
    return Reason(ReasonKind.ACTIVITY, sentence, millionths, records)
