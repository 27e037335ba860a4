"""Money by rule, and money paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Field

from kit.composite import Composite
from kit.quantity import Qualifier, quantity_of
from kit.words import Labelled
from models.row import (
    Fact,
    Lasting,
    a_year,
    at_most_one,
    exactly_one,
    in_order,
    may_refer_to,
    maybe_text,
    maybe_words,
    number,
    text,
    whole,
    words,
)


class SubsidyKind(Labelled):
    SUBSIDY = "SUBSIDY", "补助"
    FUND = "FUND", "专项资金"
    ALLOWANCE = "ALLOWANCE", "津贴"
    BUDGET = "BUDGET", "预算"
    TAX = "TAX", "税收优惠"
    FINANCE = "FINANCE", "金融支持"
    AWARD = "AWARD", "奖励"
    INSURANCE = "INSURANCE", "保障"


class SubsidyRule(Fact, Lasting, table=True):
    """`amount` is empty where it isn't published; `per` says for what it is paid."""

    __tablename__ = "subsidy_rule"
    __table_args__ = (in_order(), whole("amount"))
    amount: ClassVar[Composite] = quantity_of("amount")

    subsidy_kind: SubsidyKind = words(SubsidyKind)
    label: str = text()
    amount_value: Decimal | None = number()
    amount_unit: str | None = maybe_text()
    amount_qualifier: Qualifier | None = maybe_words(Qualifier)
    per: str | None = maybe_text()
    beneficiaries: str | None = maybe_text()
    payer_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    policy_id: str | None = may_refer_to("policy")
    clause: str | None = maybe_text()


class Grant(Fact, table=True):
    """Money paid to one recipient, under a rule if one is on record; `region_id` is theirs."""

    __table_args__ = (
        a_year(),
        exactly_one("one_recipient", "worker_id", "organisation_id", "studio_id", "alliance_id"),
        at_most_one("one_rule", "prize_rule_id", "subsidy_rule_id"),
    )
    derived: ClassVar[frozenset[str]] = frozenset({"region_id", "lies_in_id"})
    from_all: ClassVar[Mapping[str, str]] = {"region_id": "lies_in_id"}
    amount: ClassVar[Composite] = quantity_of("amount")

    worker_id: str | None = may_refer_to("worker")
    organisation_id: str | None = may_refer_to("organisation")
    studio_id: str | None = may_refer_to("studio")
    alliance_id: str | None = may_refer_to("alliance")
    amount_value: Decimal = number(required=True)
    amount_unit: str = text()
    amount_qualifier: Qualifier = words(Qualifier, default=Qualifier.EXACT)
    year: int | None = Field(default=None)
    purpose: str | None = maybe_text()
    payer_id: str | None = may_refer_to("organisation")
    prize_rule_id: str | None = may_refer_to("prize_rule")
    subsidy_rule_id: str | None = may_refer_to("subsidy_rule")
    based_on_id: str | None = may_refer_to("result")
    region_id: str | None = may_refer_to("region")
    lies_in_id: str | None = may_refer_to("region")
