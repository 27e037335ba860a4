"""Rules for payments, and payments."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Field

from kit.values.composite import Composite
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier, quantity_columns
from models.row import (
    DatedSpell,
    Fact,
    at_most_one,
    complete_quantity,
    decimal_column,
    enum_column,
    exactly_one,
    optional_enum,
    optional_reference,
    optional_text,
    spell_order_check,
    text_column,
    year_check,
)


class SubsidyKind(LabelledEnum, description="Type of subsidy. 补助类别"):
    SUBSIDY = "SUBSIDY", "补助"
    FUND = "FUND", "专项资金", "Earmarked fund"
    ALLOWANCE = "ALLOWANCE", "津贴"
    BUDGET = "BUDGET", "预算"
    TAX = "TAX", "税收优惠", "Tax relief"
    FINANCE = "FINANCE", "金融支持", "Financial support"
    AWARD = "AWARD", "奖励", "Reward"
    INSURANCE = "INSURANCE", "保障", "Protection by insurance"


class SubsidyRule(Fact, DatedSpell, table=True):
    """A rule for payments. `amount` is empty if unpublished; `per` is the unit that is paid for."""

    __tablename__ = "subsidy_rule"
    __table_args__ = (spell_order_check(), complete_quantity("amount"))
    amount: ClassVar[Composite] = quantity_columns("amount")

    subsidy_kind: SubsidyKind = enum_column(SubsidyKind)
    label: str = text_column()
    amount_value: Decimal | None = decimal_column()
    amount_unit: str | None = optional_text()
    amount_qualifier: Qualifier | None = optional_enum(Qualifier)
    per: str | None = optional_text()
    beneficiaries: str | None = optional_text()
    payer_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    policy_id: str | None = optional_reference("policy")
    clause: str | None = optional_text()


class Grant(Fact, table=True):
    """A payment to one recipient, under a rule if it is on record.

    `region_id` is the recipient's region.
    """

    __table_args__ = (
        year_check(),
        exactly_one("one_recipient", "worker_id", "organisation_id", "studio_id", "alliance_id"),
        at_most_one("one_rule", "prize_rule_id", "subsidy_rule_id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    amount: ClassVar[Composite] = quantity_columns("amount")

    worker_id: str | None = optional_reference("worker")
    organisation_id: str | None = optional_reference("organisation")
    studio_id: str | None = optional_reference("studio")
    alliance_id: str | None = optional_reference("alliance")
    amount_value: Decimal = decimal_column(required=True)
    amount_unit: str = text_column()
    amount_qualifier: Qualifier = enum_column(Qualifier, default=Qualifier.EXACT)
    year: int | None = Field(default=None)
    purpose: str | None = optional_text()
    payer_id: str | None = optional_reference("organisation")
    prize_rule_id: str | None = optional_reference("prize_rule")
    subsidy_rule_id: str | None = optional_reference("subsidy_rule")
    based_on_id: str | None = optional_reference("result")
    region_id: str | None = optional_reference("region")
    lies_in_id: str | None = optional_reference("region")
