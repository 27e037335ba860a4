"""One function a kind: its rows by column, references by code.

Columns that aren't named have their default. Derived columns are the generator's to fill in, but
for the tree of regions, which is derived from the tree of all.
"""

from collections.abc import Iterator

Values = dict[str, object]
Rows = Iterator[Values]
