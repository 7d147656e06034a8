"""`POST /webhooks/{provider}`: where payment providers tell that something happened.

The signature is checked over the raw body. What is not genuine is answered 400 and does nothing; what cannot be looked
into right now is answered 503, so that the provider delivers it again.
"""

import structlog
from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.kernel import ConcurrentUpdate, NotFound
from services.billing.application.commands.receive_webhook import ReceiveWebhook, ReceiveWebhookHandler
from services.billing.application.payment_ports import OutcomeUnknown, WebhookRefused

_LOG = structlog.stdlib.get_logger("webhooks")
DELIVERIES = Counter("portal_payment_webhooks", "Deliveries of payment providers.", ["provider", "outcome"])


def webhook_routes(receive_webhook: ReceiveWebhookHandler) -> list[Route]:
    """Return the routes for providers."""

    async def receive(request: Request) -> Response:
        provider = request.path_params["provider"]
        command = ReceiveWebhook(provider=provider, headers=request.headers, body=await request.body())
        try:
            news = await receive_webhook(command)
        except NotFound:
            return JSONResponse({"error": "not found"}, 404)
        except WebhookRefused as refused:
            DELIVERIES.labels(provider, "refused").inc()
            _LOG.warning("webhook_refused", provider=provider, reason=str(refused))
            return JSONResponse({"error": "refused"}, 400)
        except (OutcomeUnknown, ConcurrentUpdate):
            DELIVERIES.labels(provider, "later").inc()
            return JSONResponse({"error": "try again later"}, 503)
        DELIVERIES.labels(provider, "news" if news else "known").inc()
        return JSONResponse({"received": True})

    return [Route("/webhooks/{provider}", receive, methods=["POST"])]
