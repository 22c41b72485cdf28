"""Sealed values open only where they belong."""

from uuid import uuid4

import pytest
from pydantic import SecretStr

from core.sealing import BrokenSeal, key_names, keyed_hash, seal, unseal
from core.settings import Settings

SETTINGS = Settings(_env_file=None, secret_key=SecretStr("k" * 40))
OTHER = Settings(_env_file=None, secret_key=SecretStr("o" * 40))
WHERE = "addresses.sealed_value"


def test_what_was_sealed_is_opened() -> None:
    """A value comes back whole, is not readable while sealed, and is never sealed the same way twice."""
    row = uuid4()
    sealed = seal(SETTINGS, "ada@exämple.com", where=WHERE, row_id=row)
    assert unseal(SETTINGS, sealed, where=WHERE, row_id=row) == "ada@exämple.com"
    assert sealed.startswith("v1.")
    assert "ada" not in sealed
    assert sealed != seal(SETTINGS, "ada@exämple.com", where=WHERE, row_id=row)


def test_a_value_opens_only_in_its_place() -> None:
    """Copied to another row or column, under another key, or changed in one letter, it stays shut."""
    row = uuid4()
    sealed = seal(SETTINGS, "secret", where=WHERE, row_id=row)
    changed = sealed[:-3] + ("A" if sealed[-3] != "A" else "B") + sealed[-2:]
    for settings, text, where, row_id in (
        (SETTINGS, sealed, WHERE, uuid4()),
        (SETTINGS, sealed, "users.name", row),
        (OTHER, sealed, WHERE, row),
        (SETTINGS, changed, WHERE, row),
        (SETTINGS, "v1.x.y", WHERE, row),
        (SETTINGS, "", WHERE, row),
    ):
        with pytest.raises(BrokenSeal):
            unseal(settings, text, where=where, row_id=row_id)


def test_a_former_key_opens_and_seals_nothing_new() -> None:
    """After a rotation old values are read and new ones bear the new key; without it the old ones stay shut."""
    row = uuid4()
    old = seal(OTHER, "secret", where=WHERE, row_id=row)
    rotated = SETTINGS.model_copy(update={"secret_keys_previous": (OTHER.secret_key,)})
    assert unseal(rotated, old, where=WHERE, row_id=row) == "secret"
    new = seal(rotated, "secret", where=WHERE, row_id=row)
    assert [text.split(".")[1] for text in (new, old)] == key_names(rotated)
    assert unseal(SETTINGS, new, where=WHERE, row_id=row) == "secret"
    with pytest.raises(BrokenSeal):
        unseal(SETTINGS, old, where=WHERE, row_id=row)


def test_hashes_outlive_a_rotation() -> None:
    """They cannot be made anew, so they stay what they were, under the old key or under HASH_KEY."""
    before = keyed_hash(OTHER, "address", "x")
    for more in ({"secret_keys_previous": (OTHER.secret_key,)}, {"hash_key": OTHER.secret_key}):
        assert keyed_hash(SETTINGS.model_copy(update=more), "address", "x") == before


def test_a_keyed_hash_depends_on_key_and_purpose() -> None:
    """Equal values have equal hashes only under the same key and for the same purpose."""
    assert keyed_hash(SETTINGS, "address", "x") == keyed_hash(SETTINGS, "address", "x")
    assert keyed_hash(SETTINGS, "address", "x") != keyed_hash(OTHER, "address", "x")
    assert keyed_hash(SETTINGS, "address", "x") != keyed_hash(SETTINGS, "login", "x")
