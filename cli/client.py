"""A client for the API of this machine, as small as `reminders up` needs it."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

SECONDS = 10.0


class Refused(Exception):
    """The API answered with an error; `code` is the one of its problem details."""

    def __init__(self, status: int, body: object) -> None:
        self.status = status
        self.code = str(body.get("code", "")) if isinstance(body, dict) else ""
        super().__init__(f"{status} {self.code}")


class Client:
    """Asks as one person, once `token` is set; paths begin with a slash."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.token = ""

    def get(self, path: str) -> dict[str, Any]:
        """Get; raises Refused, OSError."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: object = None) -> dict[str, Any]:
        """Post JSON; raises Refused, OSError."""
        return self._ask("POST", path, json.dumps(body or {}), {"Content-Type": "application/json"})

    def sign_in(self, email: str, password: str) -> None:
        """Take a token; raises Refused, OSError."""
        form = urlencode({"username": email, "password": password})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.token = self._ask("POST", "/api/v1/auth/token", form, kind)["access_token"]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> dict[str, Any]:
        signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        connection = HTTPConnection(self.host, self.port, timeout=SECONDS)
        try:
            connection.request(method, path, body, headers | signed)
            answer = connection.getresponse()
            content: dict[str, Any] = json.loads(answer.read() or b"null")
        except (HTTPException, ValueError) as error:
            raise Refused(0, None) from error
        finally:
            connection.close()
        if answer.status >= 400:  # noqa: PLR2004  where the errors of HTTP begin
            raise Refused(answer.status, content)
        return content
