"""What `reminders up` says once everything runs: where it is, and what to try."""

from datetime import datetime

from cli.demo_team import EMAIL

RUNNING = """
Team Reminders is running at {address} ({seconds:.1f} s to start).

  Pages   {address}/       API   {address}/docs       Caught mail   {address}/mail
"""
DEMO = """\
  Demo    {email}, password {password}

A first reminder comes at {at:%H:%M:%S}; see it arrive at {address}/mail. To make one yourself:

  TOKEN=$(curl -s {address}/api/v1/auth/token -d username={email} -d password={password} \\
    | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s {address}/api/v1/reminders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
    -d '{{"message": "Drink some water", "schedule": {{"kind": "once", "at": "'$(date -u +%FT%TZ)'"}}}}'
"""
END = """
Ctrl-C stops everything; the data stays in {folder}.
"""


def running(address: str, seconds: float, folder: object) -> tuple[str, str]:
    """Return the first and the last part."""
    return RUNNING.format(address=address, seconds=seconds), END.format(folder=folder)


def demo(address: str, password: str, at: datetime) -> str:
    """Return what the demo offers; `at` is shown in the zone of this machine."""
    return DEMO.format(address=address, email=EMAIL, password=password, at=at.astimezone())
