"""Argument types that several commands share."""

from argparse import ArgumentTypeError

from models.partner import UNAVAILABLE_SCOPES, Scope


def scopes_argument(text: str) -> frozenset[Scope]:
    words = text.replace(",", " ").split()
    if not words or (unknown := sorted(set(words) - set(Scope))):
        known = ", ".join(scope for scope in Scope if scope not in UNAVAILABLE_SCOPES)
        raise ArgumentTypeError(f"{', '.join(unknown) if words else text!r}: scopes are {known}.")
    return frozenset(map(Scope, words))
