"""Slack spoken to through its own kit, over one kept HTTP session."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from channels._slack_answers import api_error, webhook_error
from channels._slack_blocks import blocks, fallback
from channels.base import Accepted, Ambiguous, Message, Transient
from core.settings import Settings

CONNECT_TIMEOUT = 5
TOTAL_TIMEOUT = 14
REDIRECT = 300
BAD_REQUEST = 400
OK = 200

# The kit logs bodies and webhook URLs at DEBUG; a logger of our own, kept above that level, never does.
_QUIET = logging.getLogger("channels.slack.kit")
_QUIET.setLevel(logging.WARNING)


class RedirectRefusedError(aiohttp.ClientError):
    """The provider pointed elsewhere; we post to no address that was not checked."""


async def _refuse_redirects(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    # The kit offers no switch for redirects, and aiohttp would follow them.
    response = await handler(request)
    if REDIRECT <= response.status < BAD_REQUEST:
        response.close()
        raise RedirectRefusedError
    return response


class SlackClient:
    """Posts messages by token or by webhook; nothing is retried here. `total` bounds one call, in seconds."""

    def __init__(self, settings: Settings, lanes: int, *, total: float = TOTAL_TIMEOUT) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=lanes),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=total, sock_connect=CONNECT_TIMEOUT),
            middlewares=(_refuse_redirects,),
            trust_env=False,
        )
        token = settings.slack_bot_token
        self._web = AsyncWebClient(
            token=token.get_secret_value() if token else None,
            base_url=settings.slack_api_url,
            session=self._session,
            retry_handlers=[],
            logger=_QUIET,
        )
        # Given no proxy, the kit takes one from the environment.
        self._web.proxy = None

    async def post(self, conversation: str, message: Message) -> Accepted:
        """Send by chat.postMessage; `ref` is the conversation and the message's `ts`."""
        try:
            with _network():
                answer = await self._web.api_call(
                    "chat.postMessage",
                    json={
                        "channel": conversation,
                        "text": fallback(message),
                        "blocks": blocks(message),
                        "unfurl_links": False,
                        "unfurl_media": False,
                        "client_msg_id": message.delivery_id,
                        "metadata": _metadata(message),
                    },
                )
        except SlackApiError as error:
            raise _api_failure(error) from None
        except AttributeError as error:
            # The kit stumbles over a 200 whose body is text or a list.
            detail = "unreadable answer"
            raise Ambiguous(detail) from error
        return Accepted(ref=f"{answer.get('channel')}/{answer.get('ts')}")

    async def post_webhook(self, url: str, message: Message) -> Accepted:
        """Send by an incoming webhook, which names no reference."""
        hook = AsyncWebhookClient(url, session=self._session, retry_handlers=[], logger=_QUIET)
        hook.proxy = None
        with _network():
            answer = await hook.send(
                text=fallback(message),
                blocks=blocks(message),
                unfurl_links=False,
                unfurl_media=False,
                headers={"X-Reminder-Delivery": message.delivery_id},
            )
        if answer.status_code != OK:
            raise webhook_error(answer.status_code, answer.body, answer.headers)
        return Accepted()

    async def close(self) -> None:
        """Close the session with its connections."""
        await self._session.close()


def _metadata(message: Message) -> dict[str, Any]:
    return {"event_type": "reminder", "event_payload": {"delivery_id": message.delivery_id}}


def _api_failure(error: SlackApiError) -> Exception:
    response: Any = error.response
    # Where the body is no JSON the kit hands over aiohttp's response, which has other names for the same things.
    if isinstance(response, aiohttp.ClientResponse):
        if response.status == OK:
            return Ambiguous("unreadable answer")
        return api_error(response.status, "", response.headers)
    body = response.data if isinstance(response.data, dict) else {}
    return api_error(cast("int", response.status_code), str(body.get("error", "")), response.headers)


@contextmanager
def _network() -> Iterator[None]:
    """Turn failures of the network into ours: before the request left it is Transient, after it Ambiguous."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        detail = f"connect: {type(error).__name__}"
        raise Transient(detail) from error
    except RedirectRefusedError as error:
        detail = "redirect refused"
        raise Transient(detail) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        detail = f"answer: {type(error).__name__}"
        raise Ambiguous(detail) from error
