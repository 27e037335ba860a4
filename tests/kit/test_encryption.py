"""Sealed values and the blind index: what opens, and what doesn't."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import CommandFailed
from kit.security.encryption import (
    AssociatedData,
    BlindIndex,
    DecryptionError,
    KeyRing,
    generate_encryption_key,
    load_encryption_keys,
    read_key_file,
)

K1, K2 = bytes(range(32)), bytes(range(1, 33))
HERE = AssociatedData("t", "c", "r")
NAMES = ("PERSONAL_KEYS", "PERSONAL_INDEX_KEYS")


@given(st.text())
def test_what_is_sealed_opens_where_it_stands_and_never_looks_the_same(plain: str) -> None:
    ring = KeyRing({"k1": K1})
    once, again = ring.seal(plain, HERE), ring.seal(plain, HERE)
    assert ring.open(once, HERE) == ring.open(again, HERE) == plain
    assert once != again
    assert once.startswith("v1.A256GCM.k1.")


@pytest.mark.parametrize(
    "elsewhere",
    [AssociatedData("u", "c", "r"), AssociatedData("t", "d", "r"), AssociatedData("t", "c", "s")],
)
def test_moved_to_another_table_column_or_row_it_does_not_open(elsewhere: AssociatedData) -> None:
    ring = KeyRing({"k1": K1})
    with pytest.raises(DecryptionError):
        ring.open(ring.seal("x", HERE), elsewhere)


def test_with_another_key_it_does_not_open() -> None:
    sealed = KeyRing({"k1": K1}).seal("x", HERE)
    for ring in (KeyRing({"k1": K2}), KeyRing({"k2": K1})):
        with pytest.raises(DecryptionError):
            ring.open(sealed, HERE)


SEALED = KeyRing({"k1": K1}).seal("370102", HERE)


@given(st.integers(0, len(SEALED) - 1), st.sampled_from("Aa0.-_=\n"))
def test_changed_in_any_character_it_does_not_open(place: int, other: str) -> None:
    sealed = KeyRing({"k1": K1, "k2": K2}).seal("370102", HERE)
    changed = sealed[:place] + other + sealed[place + 1 :]
    if changed != sealed:
        with pytest.raises(DecryptionError):
            KeyRing({"k1": K1, "k2": K2}).open(changed, HERE)


@pytest.mark.parametrize("text", [
    "", "v1", "v1.A256GCM.k1", "v1.SM4.k1.AAAA", "v2.A256GCM.k1.AAAA", "v1.A256GCM.k1.é",
])  # fmt: skip
def test_what_is_no_sealed_value_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(DecryptionError) as refused:
        KeyRing({"k1": K1}).open(text, HERE)
    assert str(refused.value) == ""


def test_any_key_of_the_ring_opens_and_the_first_seals() -> None:
    old = KeyRing({"k1": K1}).seal("x", HERE)
    both = KeyRing({"k2": K2, "k1": K1})
    assert both.open(old, HERE) == "x"
    assert both.seal("x", HERE).startswith("v1.A256GCM.k2.")


def test_the_blind_index_depends_on_its_key() -> None:
    one, other = BlindIndex({"i1": K1}), BlindIndex({"i1": K2})
    assert one.mark("x") == one.mark("x") != other.mark("x")
    both = BlindIndex({"i2": K2, "i1": K1})
    assert one.mark("x") in both.marks("x")
    assert both.mark("x") == both.marks("x")[0]


@pytest.mark.parametrize("wrong", [
    "k1", "k1:", "k1:AAAA", "k 1:" + "A" * 43 + "=", ":" + "A" * 43 + "=", "k1:*" + "A" * 42 + "=",
    f"{generate_encryption_key('k1')},{generate_encryption_key('k1')}",
    f"{generate_encryption_key('k1')},", "k.1:" + "A" * 43 + "=",
], ids=range(9))  # fmt: skip
def test_wrong_keys_are_refused_by_the_name_of_the_setting_alone(wrong: str) -> None:
    expected = "is `id:key,id:key`: ids of letters, digits, _ and -, keys of 32 bytes in base64."
    for keys in ((wrong, generate_encryption_key("i1")), (generate_encryption_key("k1"), wrong)):
        with pytest.raises(CommandFailed) as refused:
            load_encryption_keys(dict(zip(NAMES, keys, strict=True)))
        assert str(refused.value) == f"{NAMES[keys.index(wrong)]} {expected}"


def test_one_key_does_not_serve_for_both() -> None:
    key = generate_encryption_key("k1")
    with pytest.raises(CommandFailed, match="PERSONAL_INDEX_KEYS holds a key of PERSONAL_KEYS"):
        load_encryption_keys(dict.fromkeys(NAMES, key))


def test_without_settings_and_without_a_file_there_are_no_keys() -> None:
    assert load_encryption_keys(dict.fromkeys(NAMES, "")) is None


def test_the_embedded_keys_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "personal.keys"
    made = read_key_file(path, NAMES)
    assert read_key_file(path, NAMES) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["personal.keys"]
    seals = load_encryption_keys(dict.fromkeys(NAMES, ""), path)
    assert seals is not None
    assert seals.ring.keys == {"k1": load_encryption_keys(made).ring.keys["k1"]}  # type: ignore[union-attr]


def test_keys_do_not_show_when_they_are_printed() -> None:
    seals = load_encryption_keys(
        dict(zip(NAMES, map(generate_encryption_key, ("k1", "i1")), strict=True))
    )
    assert repr(seals) == "EncryptionKeys(ring=KeyRing(k1), index=BlindIndex(i1))"
