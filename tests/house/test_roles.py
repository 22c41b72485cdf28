"""The page about roles says what the policy says, which the matrix tests against the application."""

from tests.house.roles_page import REFERENCE, reference


def test_the_page_is_made_from_the_policy() -> None:
    """Whoever changes who may do what runs `python -m tests.house.roles_page`."""
    assert REFERENCE.read_text() == reference()
