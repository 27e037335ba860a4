"""Column types with the same meaning on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Numeric, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from kit.values.fixed_point import from_thousandths, thousandths_bound, to_thousandths


class Text(TypeDecorator[str]):
    """Text in binary order on every database, so that both sort and page alike."""

    impl = String
    cache_ok = True

    def __init__(self, length: int | None = None) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))


class NormalizedText(Text):
    """Text that has one spelling: what is stored, and what is compared with it, is brought to it.

    So a filter finds what was stored, however either was typed.
    """

    cache_ok = True

    def __init__(self, spell: Callable[[str], str], length: int | None = None) -> None:
        super().__init__(length)
        self.spell = spell

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.spell(value)

    @property
    def verbatim(self) -> Text:
        """For images of what was stored once, by the rules of then."""
        return Text(self.length)


class EnumText(TypeDecorator[StrEnum]):
    """A StrEnum kept as its text: a list may grow without a migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__(40)
        self.words = words
        self.value_members = {
            member.value: member for member in words
        }  # a tenth of the time of calling the enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.value_members.get(value) or self.words(value)


class EnumSetText(TypeDecorator[frozenset[StrEnum]]):
    """Several words of a StrEnum in one text, in the order in which the list has them."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return (
            None if value is None else " ".join(member for member in self.words if member in value)
        )

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else frozenset(map(self.words, value.split()))


class PartialDateText(TypeDecorator[str]):
    """A date as precisely as it is known: see kit.partial_date."""

    impl = Text
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(10)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, in UTC. SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


class FixedDecimal(TypeDecorator[Decimal]):
    """A decimal number, to three decimals: see kit.thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else to_thousandths(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        # PostgreSQL gives a sum of whole numbers as a decimal.
        return None if value is None else from_thousandths(int(value))


class FixedDecimalSum(FixedDecimal):
    """A sum of such numbers, as long as it takes; SQLite keeps no more than 64 bits."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        wide = Numeric(40, 0) if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(wide)


class FixedDecimalBound(TypeDecorator[float]):
    """A Float with which a sum is compared: the thousandths that are at least it, or at most."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, *, least: bool) -> None:
        super().__init__()
        self.least = least

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        wide = Numeric(asdecimal=True) if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(wide)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        bound = thousandths_bound(value, least=self.least)
        if dialect.name == "postgresql":
            return Decimal(bound)
        # SQLite's sums are less than this, and it compares a Float with them exactly.
        return bound if abs(bound) < 2**63 else float(2**63 if bound > 0 else -(2**64))
