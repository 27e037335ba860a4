import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Proportion:
    """`count` of one thing to `of` another; `published` are keys of figures, `assumed` a reason."""

    count: float
    of: float
    published: list[list[str]] = field(default_factory=list)
    assumed: str = ""

    @property
    def share(self) -> float:
        return self.count / self.of

    def to(self, total: float) -> int:
        """One at least: a small population has a bit of everything."""
        return max(1, round(self.share * total))


TABLE = Path(__file__).with_suffix(".toml")
PROPORTIONS = {
    name: Proportion(**entry) for name, entry in tomllib.loads(TABLE.read_text("utf-8")).items()
}


def share(name: str) -> float:
    return PROPORTIONS[name].share


def number(name: str, total: float) -> int:
    return PROPORTIONS[name].to(total)
