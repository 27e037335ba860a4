"""Values of options that several commands share."""

from commands.declaring import WrongValue
from models.partner import UNAVAILABLE_SCOPES, Scope


def read_scopes(text: str) -> frozenset[Scope]:
    words = text.replace(",", " ").split()
    if not words or (unknown := sorted(set(words) - set(Scope))):
        wrong = ", ".join(unknown) if words else repr(text)
        known = ", ".join(scope for scope in Scope if scope not in UNAVAILABLE_SCOPES)
        raise WrongValue(f"{wrong}: scopes are {known}.", f"{wrong}：权限有 {known}。")
    return frozenset(map(Scope, words))
