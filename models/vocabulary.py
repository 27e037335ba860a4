"""Public code lists. Operators load them from a file; the registry invents no code."""

import re
from collections.abc import Mapping
from typing import Any

from models.row import Thing, optional_reference, text_column


class Occupation(Thing, table=True):
    """职业工种. `scheme` names the list: GBM 2022 is the national classification of 2022."""

    scheme: str = text_column()
    parent_id: str | None = optional_reference("occupation")


class Industry(Thing, table=True):
    """An industry of GB/T 4754. `scheme` names the edition."""

    scheme: str = text_column()
    parent_id: str | None = optional_reference("industry")


SECONDARY_SCHEME = re.compile("中等|中职|中专")  # catalogues of schools below college level


def is_secondary_major(major: Mapping[str, Any]) -> bool:
    return SECONDARY_SCHEME.search(major["scheme"] or "") is not None


class Major(Thing, table=True):
    """专业, from the catalogues of vocational education. `scheme` names catalogue and year."""

    scheme: str = text_column()
    parent_id: str | None = optional_reference("major")
