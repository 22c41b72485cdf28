"""Fakes in threads."""

import smtplib
import urllib.request

from tests.fakes.slack_api import TOKEN, FakeSlack
from tests.fakes.smtp_server import FakeSmtp
from tests.fakes.thread import in_thread


def test_a_mail_server_answers_a_test_that_blocks() -> None:
    """A blocking client is served, and what it sent is there when it is done."""
    with in_thread(FakeSmtp()) as server, smtplib.SMTP(server.host, server.port) as client:
        client.sendmail("a@example.com", ["b@example.com"], b"X-Reminder-Delivery: 7\r\n\r\nhello")
        assert [mail.delivery_id for mail in server.messages] == ["7"]


def test_a_slack_answers_a_test_that_blocks() -> None:
    """A blocking client learns whether its token is good."""
    with in_thread(FakeSlack()) as slack:
        for token, good in ((TOKEN, b'"ok": true'), ("other", b'"invalid_auth"')):
            headers = {"Authorization": f"Bearer {token}"}
            request = urllib.request.Request(slack.url + "auth.test", method="POST", headers=headers, data=b"")
            with urllib.request.urlopen(request) as answer:
                assert good in answer.read()
