"""Reasons for a collaborator, as sentences with the records behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kit.i18n import Language, Message
from kit.values.labelled_enum import LabelledEnum
from models.outcome import OutcomeKind
from resolvers.collaborators.links import StudioLink
from resolvers.collaborators.profiles import Capability, RecordRef, StudioProfile
from resolvers.collaborators.score import LinkKind, ScoreParts, divide_rounded, is_recent

MAX_LINK_REASONS = 5  # reasons for one collaborator; further links still count
MAX_REASON_NAMES = 4
MAX_REASON_RECORDS = 10


class ReasonKind(
    LabelledEnum, description="Type of reason for two studios to work together. 理由类别"
):
    COMPLEMENTARITY = "COMPLEMENTARITY", "互补", "They complement each other"
    OUTCOME = "OUTCOME", "共同成果", "They contributed to the same outcome"
    MENTORSHIP = "MENTORSHIP", "师徒", "A member of one is the mentor of a member of the other"
    ALLIANCE = "ALLIANCE", "同属联盟", "They are in the same alliance"
    HOST = "HOST", "同一依托单位", "They have the same host"
    ACADEMY = "ACADEMY", "同一工匠学院任教", "Their members teach at the same academy"
    COMPETITION = "COMPETITION", "同场竞赛", "Their members took part in the same competition"
    STANDING = "STANDING", "声誉与成果", "Honours and outcomes of the studio"
    ACTIVITY = "ACTIVITY", "近三年活跃", "Activity of the studio in the last three years"


@dataclass(frozen=True, slots=True)
class CollaborationReason:
    """A reason; `millionths` is its part of the score."""

    kind: ReasonKind
    sentence: Message
    millionths: int
    records: list[RecordRef]

    def said(self, language: Language) -> str:
        return self.sentence.said(language)


def explain_score(
    mine: StudioProfile,
    other: StudioProfile,
    links: Sequence[StudioLink],
    shares: ScoreParts,
    day: date,
) -> list[CollaborationReason]:
    """Return the reasons that add to the score, the largest first."""
    reasons = [
        complementarity_reason(mine, other, shares.complementarity),
        *link_reasons(mine, other, links, shares.closeness),
        standing_reason(other, shares.standing),
        activity_reason(other, shares.activity, day),
    ]
    order = list(ReasonKind)
    adding = [reason for reason in reasons if reason.millionths]
    return sorted(adding, key=lambda entry: (-entry.millionths, order.index(entry.kind)))


def complementarity_reason(
    mine: StudioProfile, other: StudioProfile, millionths: int
) -> CollaborationReason:
    theirs = [
        capability for key, capability in sorted(other.covers.items()) if key not in mine.covers
    ]
    ours = [
        capability for key, capability in sorted(mine.covers.items()) if key not in other.covers
    ]
    have, need = list_capabilities(theirs), list_capabilities(ours)
    sentence = Message(
        f"{other.name} has {have.english}; {mine.name} has {need.english}.",
        f"{other.name}有{have.chinese}，{mine.name}有{need.chinese}，可以互补。",
    )
    records = [capability.record for capability in (*theirs, *ours) if capability.record]
    return CollaborationReason(
        ReasonKind.COMPLEMENTARITY, sentence, millionths, records[:MAX_REASON_RECORDS]
    )


def list_capabilities(covered: Sequence[Capability]) -> Message:
    first = covered[:MAX_REASON_NAMES]
    english = ", ".join(capability_name(capability, Language.ENGLISH) for capability in first)
    chinese = "、".join(capability_name(capability, Language.CHINESE) for capability in first)
    number, further = len(covered), len(covered) - len(first)
    if further:
        english, chinese = f"{english} and {further} more", f"{chinese}等{number}项"
    return Message(*(english, chinese))


def capability_name(capability: Capability, language: Language) -> str:
    if capability.record is None:
        return outcome_kind_name(OutcomeKind[capability.name], language)
    return capability.name


def outcome_kind_name(kind: OutcomeKind, language: Language) -> str:
    return kind.label if language is Language.CHINESE else kind.value.lower().replace("_", " ")


def link_reasons(
    mine: StudioProfile, other: StudioProfile, links: Sequence[StudioLink], millionths: int
) -> list[CollaborationReason]:
    """Return reasons of the strongest links; closeness is divided by strength among all links."""
    total = sum(link.strength for link in links)
    return [
        CollaborationReason(
            ReasonKind[link.kind.name],
            link_message(link, mine, other),
            divide_rounded(millionths * link.strength, total),
            link_records(link),
        )
        for link in links[:MAX_LINK_REASONS]
    ]


def link_message(link: StudioLink, mine: StudioProfile, other: StudioProfile) -> Message:
    name, ours, theirs = link.name, link.mine.person, link.theirs.person
    match link.kind:
        case LinkKind.OUTCOME:
            if name is None:
                return Message("Both had a part in an outcome.", "共同完成一项成果。")
            return Message(f"Both had a part in an outcome: {name}.", f"共同完成成果：{name}。")
        case LinkKind.MENTORSHIP:
            return Message(
                f"{ours} of {mine.name} and {theirs} of {other.name} are mentor and apprentice.",
                f"{mine.name}的{ours}与{other.name}的{theirs}是师徒。",
            )
        case LinkKind.ALLIANCE:
            return Message(f"Both are members of {name}.", f"同为{name}成员。")
        case LinkKind.HOST:
            return Message(f"Both are hosted by {name}.", f"同以{name}为依托单位。")
        case LinkKind.ACADEMY:
            return Message(
                f"{ours} and {theirs} both teach at {name}.", f"{ours}与{theirs}同在{name}任教。"
            )
        case LinkKind.COMPETITION:
            return Message(f"Both won a place in {name}.", f"均在{name}取得名次。")


def link_records(link: StudioLink) -> list[RecordRef]:
    """Return the facts on both sides, and the hub if the path can't name it."""
    facts = [link.hub] if link.kind in (LinkKind.OUTCOME, LinkKind.HOST) else []
    if link.kind is not LinkKind.HOST:  # a host is a column of the studios, not a fact
        facts += [link.mine.fact, link.theirs.fact]
    return list(dict.fromkeys(facts))


def standing_reason(other: StudioProfile, millionths: int) -> CollaborationReason:
    honours, outcomes, value = len(other.honours), len(other.outcomes), other.value
    said = Message(f"honours {honours}, outcomes {outcomes}", f"荣誉{honours}项、成果{outcomes}项")
    if value:
        worth = Message(f", verified value {value} yuan", f"，已核实价值{value}元")
        said = Message(*(text + addition for text, addition in zip(said, worth, strict=True)))
    records = [deed.record for deed, _ in other.honours.values()]
    records += [deed.record for deed in other.outcomes.values()]
    sentence = Message(f"{other.name} has: {said.english}.", f"{other.name}有{said.chinese}。")
    return CollaborationReason(
        ReasonKind.STANDING, sentence, millionths, records[:MAX_REASON_RECORDS]
    )


def activity_reason(other: StudioProfile, millionths: int, day: date) -> CollaborationReason:
    recent = [dated for dated in other.dated_records if is_recent(dated.happened_on, day)]
    sentence = Message(
        f"Honours, outcomes, places and joinings of {other.name} in the three years before {day}: "
        f"{len(recent)}.",
        f"{other.name}在{day}之前三年内的荣誉、成果、名次和入盟共{len(recent)}项。",
    )
    records = [dated.record for dated in recent[:MAX_REASON_RECORDS]]
    return CollaborationReason(ReasonKind.ACTIVITY, sentence, millionths, records)
