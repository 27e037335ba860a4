"""The statements of the pages about access and personal data are true."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type

from feeds.csv_folder import columns_by_heading, models_by_file
from models.personal import PersonalField
from models.row import Audience
from resolvers.core.declare import REGISTRY
from settings import Settings
from tests.house import access_tables
from tests.support.sdl import SDL, camel_case
from tests.support.walled_tables import PERSON_MODELS

ROOT = Path(__file__).parent.parent.parent
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "README.zh.md"]
# That something of this isn't held at all: nobody may say so while the model has a column for it.
DENIED = re.compile(
    r"(holds?|stores?|keeps?) no[^.]*(identity|telephone|phone|birth)"
    r"|(不保存|没有)[^。]*(身份证|电话|出生)"
)


@pytest.mark.parametrize("page", access_tables.GENERATED_PARTS)
def test_what_is_made_from_the_code_is_as_the_code_is(page: str) -> None:
    assert (access_tables.DOCS / page).read_text("utf-8") == access_tables.render_page(page), (
        "Run 'make answers'."
    )


def test_every_kind_of_fact_about_persons_is_behind_the_second_wall() -> None:
    guarded = [
        line.split(" | ")[0] for line in access_tables.kinds_table().splitlines() if "✓" in line
    ]
    assert guarded == [f"| {name}" for name in sorted(model.__name__ for model in PERSON_MODELS)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_denies_what_is_held(page: Path) -> None:
    assert DENIED.search(page.read_text("utf-8").replace("\n", " ")) is None
    assert DENIED.search("The registry holds no identity numbers.")
    assert DENIED.search("登记簿不保存身份证件号码、电话号码和出生日期。")


def test_the_guide_tells_each_field_that_is_held_with_its_group() -> None:
    page = (ROOT / "docs" / "personal.md").read_text("utf-8")
    table = page.partition("## What is held")[2].partition("\n\nEach value")[0]
    told: dict[str, str] = {}
    for line in table.splitlines():
        if line.startswith("| `"):
            fields, group, _ = line.strip("| ").split(" | ")
            told |= dict.fromkeys(re.findall("`([A-Z_]+)`", fields), group.strip("`"))
    assert told == {field.value: field.group.value for field in PersonalField}


def test_personal_data_is_asked_for_in_two_places_and_nowhere_else() -> None:
    """In no list, filter, order, group, search, history or export."""
    names = {camel_case(field.value.lower()) for field in PersonalField}
    words = {field.value for field in PersonalField}
    for of in SDL.type_map.values():
        if isinstance(of, GraphQLObjectType | GraphQLInputObjectType):
            assert names.isdisjoint(of.fields), of.name
        if isinstance(of, GraphQLEnumType) and of.name != "PersonalField":
            assert words.isdisjoint(of.values), of.name
    giving = {
        f"{of.name}.{name}"
        for of in SDL.type_map.values()
        if isinstance(of, GraphQLObjectType)
        for name, field in of.fields.items()
        if get_named_type(field.type).name in {"Personal", "PersonalValue", "RevealPersonalPayload"}
    }
    assert giving == {
        "Worker.personal",
        "Personal.values",
        "Mutation.revealPersonal",
        "RevealPersonalPayload.values",
    }
    exported = {name for model in models_by_file().values() for name in columns_by_heading(model)}
    assert exported.isdisjoint(field.value.lower() for field in PersonalField)


def test_the_kinds_that_the_guides_name_are_their_owners_alone_unasked() -> None:
    """“Workers, certificates, other mentorships and nominations”, and enrolments."""
    owners = {
        kind.name
        for kind in REGISTRY.kinds.values()
        if kind.model.model_fields["audience"].get_default() is not Audience.PUBLIC
    }
    assert owners == {"Worker", "Qualification", "Mentorship", "Nomination", "Enrolment"}


OF_NO_VALUES = {"KEEP_ALIVE_SECONDS", "KEEP_REPORTS"}


@pytest.mark.parametrize("page", ["configuration.md", "configuration.zh.md"])
def test_how_long_values_are_kept_is_told(page: str) -> None:
    lines = re.findall(
        r"\| `(KEEP_\w+)` \| (\d+) \|", (access_tables.DOCS / page).read_text("utf-8")
    )
    told = {name: years for name, years in lines if name not in OF_NO_VALUES}
    held = Settings(database_url="sqlite:///none").model_dump()
    assert told == {f"KEEP_{group}": str(held[f"keep_{group.lower()}"]) for group in groups()}


def groups() -> set[str]:
    return {field.group.value for field in PersonalField}
