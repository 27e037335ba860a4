"""Links between two studios, with the path of each, from the rows of a walk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.catalog.kind import Kind
from resolvers.academy import ACADEMY
from resolvers.alliance import ALLIANCE
from resolvers.collaborators.profiles import RecordRef
from resolvers.collaborators.score import LinkKind, link_strength
from resolvers.competition import COMPETITION
from resolvers.core.declare import REGISTRY
from resolvers.organisation import ORGANISATION
from resolvers.outcome import OUTCOME
from resolvers.studio import STUDIO
from resolvers.worker import WORKER

HUB_KINDS: dict[LinkKind, Kind] = {
    LinkKind.OUTCOME: OUTCOME,
    LinkKind.MENTORSHIP: WORKER,
    LinkKind.ALLIANCE: ALLIANCE,
    LinkKind.HOST: ORGANISATION,
    LinkKind.ACADEMY: ACADEMY,
    LinkKind.COMPETITION: COMPETITION,
}
LINK_KIND_ORDER = {kind: index for index, kind in enumerate(LinkKind)}


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """The way from a studio to a hub: a fact of the studio, or of a worker who is a member."""

    fact: RecordRef
    worker: str | None
    person: str | None  # of the worker

    @property
    def record(self) -> RecordRef | None:
        return None if self.worker is None else (WORKER, self.worker)


@dataclass(frozen=True, slots=True)
class StudioLink:
    kind: LinkKind
    key: str
    name: str | None
    mine: LinkEnd
    theirs: LinkEnd
    strength: int

    @property
    def hub(self) -> RecordRef:
        return HUB_KINDS[self.kind], self.key

    @property
    def sorting(self) -> tuple[int, int, str]:
        return -self.strength, LINK_KIND_ORDER[self.kind], self.key

    def path(self, mine: str, theirs: str) -> list[RecordRef]:
        """Return the records from studio to studio, without an outcome: it has no code or name."""
        between: list[RecordRef | None] = [
            self.mine.record,
            None if self.kind in (LinkKind.OUTCOME, LinkKind.MENTORSHIP) else self.hub,
            self.theirs.record,
        ]
        return [(STUDIO, mine), *(record for record in between if record), (STUDIO, theirs)]


@dataclass(frozen=True, slots=True)
class StudioHub:
    kind: LinkKind
    key: str
    name: str | None
    mine: LinkEnd


@dataclass(frozen=True, slots=True)
class LinkCut:
    """A record of which only `links` links of one kind were followed."""

    record: RecordRef
    link_kind: LinkKind
    links: int


@dataclass(slots=True)
class StudioHubs:
    """The hubs of one studio, each once, and the records at which links were cut."""

    hubs: dict[tuple[LinkKind, str], StudioHub] = field(default_factory=dict)
    cut: list[LinkCut] = field(default_factory=list)


def parse_link_word(text: str) -> tuple[LinkKind, Kind]:
    link, name = text.split(":")
    kind = REGISTRY.named(name)
    assert kind is not None
    return LinkKind[link], kind


def collect_hubs(
    rows: Sequence[Any], staff: Mapping[str, Mapping[str, str]], links: int
) -> dict[str, StudioHubs]:
    """Return hubs by studio; `staff` maps each studio to its workers' keys and names."""
    at = defaultdict(list)
    for studio, people in staff.items():
        for worker in people:
            at[worker].append(studio)
    facts: dict[tuple[str | None, str | None, LinkKind], set[str]] = defaultdict(set)
    hubs_by_studio = {studio: StudioHubs() for studio in staff}
    for text, studio, worker, fact, hub, name in sorted(rows, key=lambda row: (row[0], row[3])):
        kind, fact_kind = parse_link_word(text)
        linked = facts[studio, worker, kind]
        studios = at[worker] if studio is None else [studio]
        if fact not in linked and len(linked) >= links:
            for member_studio in studios:
                record_cut(hubs_by_studio[member_studio], holder_ref(studio, worker), kind, links)
            continue
        linked.add(fact)
        for member_studio in studios:
            side = LinkEnd(
                (fact_kind, fact), worker, staff[member_studio].get(worker) if worker else None
            )
            hubs_by_studio[member_studio].hubs.setdefault(
                (kind, hub), StudioHub(kind, hub, name, side)
            )
    return hubs_by_studio


def holder_ref(studio: str | None, worker: str | None) -> RecordRef:
    if studio is not None:
        return STUDIO, studio
    assert worker is not None
    return WORKER, worker


def record_cut(reach: StudioHubs, record: RecordRef, kind: LinkKind, links: int) -> None:
    cut = LinkCut(record, kind, links)
    if cut not in reach.cut:
        reach.cut.append(cut)


@dataclass(slots=True)
class HubMeeting:
    """The studios at a hub, each with its end of the link; `cut` if not all were read."""

    sides: dict[str, LinkEnd] = field(default_factory=dict)
    cut: bool = False


def collect_meetings(rows: Sequence[Any], links: int) -> dict[tuple[LinkKind, str], HubMeeting]:
    meetings: dict[tuple[LinkKind, str], HubMeeting] = defaultdict(HubMeeting)
    facts: dict[tuple[LinkKind, str], set[str]] = defaultdict(set)
    for text, hub, _, fact, studio, worker in sorted(rows, key=meeting_order):
        kind, fact_kind = parse_link_word(text)
        linked = facts[kind, hub]
        if fact not in linked and len(linked) >= links:
            meetings[kind, hub].cut = True
            continue
        linked.add(fact)
        if studio is not None:
            side = LinkEnd((fact_kind, fact), worker, None)
            meetings[kind, hub].sides.setdefault(studio, side)
    return meetings


def meeting_order(row: Any) -> tuple[Any, ...]:
    """Return the sort key of the statement, then the studio: a worker may be in two."""
    text, hub, rank, fact, studio, worker = row
    return text, hub, rank is None, rank or 0, fact, studio or "", worker or ""


def link_studios(
    studio: str, reach: StudioHubs, meetings: Mapping[tuple[LinkKind, str], HubMeeting], links: int
) -> dict[str, list[StudioLink]]:
    """Return the links by the other studio, strongest first; cuts are added to `reach`."""
    links_by_studio: dict[str, list[StudioLink]] = defaultdict(list)
    for key, hub in reach.hubs.items():
        meeting = meetings.get(key)
        if meeting is None:
            continue
        if meeting.cut:
            record_cut(reach, (HUB_KINDS[hub.kind], hub.key), hub.kind, links)
        strong = link_strength(hub.kind, max(2, len({*meeting.sides, studio})))
        for other, side in meeting.sides.items():
            same = side.worker is not None and side.worker == hub.mine.worker
            if other == studio or same:
                continue  # a person who is in both studios is no link
            links_by_studio[other].append(
                StudioLink(hub.kind, hub.key, hub.name, hub.mine, side, strong)
            )
    for both in links_by_studio.values():
        both.sort(key=lambda link: link.sorting)
    return links_by_studio
