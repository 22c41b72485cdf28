"""The application as a whole, through FastAPI's own test client."""

from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from core.settings import Settings
from tests.fixtures.api import PASSWORD

ADA = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}


def test_from_registration_to_the_first_address(settings: Settings) -> None:
    """It starts, registers, signs in, shows the account's address, and ends."""
    with TestClient(create_app(settings), base_url="http://test/api/v1") as client:
        assert client.post("/auth/register", json=ADA).status_code == 201
        tokens = client.post("/auth/token", data={"username": ADA["email"], "password": PASSWORD}).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        [address] = client.get("/users/me/addresses", headers=headers).json()["items"]
    assert (address["kind"], address["value"], address["verified"]) == ("email", ADA["email"], True)


def test_where_mail_is_proven_an_address_begins_unproven(settings: Settings) -> None:
    """With EMAIL_VERIFICATION=required a new mail address is not verified."""
    strict = settings.model_copy(update={"email_verification": "required"})
    with TestClient(create_app(strict), base_url="http://test/api/v1") as client:
        assert client.post("/auth/register", json=ADA).json()["email_verified"] is False


def test_another_key_voids_all_tokens(settings: Settings) -> None:
    """A token of an installation with another SECRET_KEY opens nothing."""
    with TestClient(create_app(settings), base_url="http://test/api/v1") as client:
        client.post("/auth/register", json=ADA)
        tokens = client.post("/auth/token", data={"username": ADA["email"], "password": PASSWORD}).json()
    other = settings.model_copy(update={"secret_key": SecretStr("another key of thirty-two letters")})
    with TestClient(create_app(other), base_url="http://test/api/v1") as client:
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert client.get("/users/me", headers=headers).status_code == 401
