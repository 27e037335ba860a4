from generator.population.chance import Draw, Weighted
from generator.population.drawn.studios import Studios
from generator.population.numbers import Numbers, numbers
from generator.population.proportions import number, share
from models.outcome import OutcomeKind as Kind

# To one innovation; the last three are assumed.
KINDS = Weighted({Kind.INNOVATION: 1, Kind.INVENTION_PATENT: share("invention_patents"),
                  Kind.UTILITY_MODEL: share("utility_models"), Kind.FIVE_SMALLS: 0.5,
                  Kind.BENEFIT: 0.3, Kind.OTHER: 0.05})  # fmt: skip


def draw_outcomes(chance: Draw, workers: int, studios: Studios) -> Numbers:
    """Return the studio of each outcome; the first studios have most of them."""
    count = round(number("outcomes", workers) * KINDS.upto[-1]) if len(studios) else 0
    return numbers(chance.early(len(studios)) for _ in range(count))
