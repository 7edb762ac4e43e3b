"""Every path of the API that the sandbox speaks, with the parameters that stripe-python declares for it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from werkzeug.routing import Map, Rule

from billing.sandbox.api import catalog, checkout, clocks, customers, invoices, payment_methods, promotions, refunds
from billing.sandbox.api import subscriptions as subs
from billing.sandbox.tables import Body


@dataclass(frozen=True)
class Route:
    """A method and path, the class of its parameters, and who answers."""

    method: str
    path: str
    params: str
    answer: Callable[..., Body]


def routes(return_hosts: frozenset[str]) -> list[Route]:
    """All of them; hosted pages send people back to ``return_hosts`` only."""
    new_session = partial(checkout.create, return_hosts=return_hosts)
    new_portal = partial(checkout.create_portal, return_hosts=return_hosts)
    rows: list[tuple[str, str, Callable[..., Body]]] = [
        ("POST /customers", "CustomerCreateParams", customers.create),
        ("GET /customers", "CustomerListParams", customers.list_),
        ("GET /customers/<a>", "CustomerRetrieveParams", customers.retrieve),
        ("POST /customers/<a>", "CustomerUpdateParams", customers.update),
        ("DELETE /customers/<a>", "CustomerDeleteParams", customers.delete),
        ("GET /customers/<a>/balance_transactions", "CustomerBalanceTransactionListParams", customers.balance),
        (
            "POST /customers/<a>/balance_transactions",
            "CustomerBalanceTransactionCreateParams",
            customers.add_to_balance,
        ),
        ("GET /customers/<a>/payment_methods", "CustomerPaymentMethodListParams", payment_methods.of_customer),
        (
            "GET /customers/<a>/payment_methods/<b>",
            "CustomerPaymentMethodRetrieveParams",
            payment_methods.one_of_customer,
        ),
        ("POST /products", "ProductCreateParams", catalog.create_product),
        ("GET /products", "ProductListParams", catalog.list_products),
        ("GET /products/<a>", "ProductRetrieveParams", catalog.retrieve_product),
        ("POST /products/<a>", "ProductUpdateParams", catalog.update_product),
        ("DELETE /products/<a>", "ProductDeleteParams", catalog.delete_product),
        ("POST /prices", "PriceCreateParams", catalog.create_price),
        ("GET /prices", "PriceListParams", catalog.list_prices),
        ("GET /prices/<a>", "PriceRetrieveParams", catalog.retrieve_price),
        ("POST /prices/<a>", "PriceUpdateParams", catalog.update_price),
        ("POST /checkout/sessions", "checkout.SessionCreateParams", new_session),
        ("GET /checkout/sessions", "checkout.SessionListParams", checkout.list_),
        ("GET /checkout/sessions/<a>", "checkout.SessionRetrieveParams", checkout.retrieve),
        ("POST /checkout/sessions/<a>/expire", "checkout.SessionExpireParams", checkout.expire),
        ("GET /checkout/sessions/<a>/line_items", "checkout.SessionLineItemListParams", checkout.line_items),
        ("POST /billing_portal/sessions", "billing_portal.SessionCreateParams", new_portal),
        ("POST /subscriptions", "SubscriptionCreateParams", subs.create),
        ("GET /subscriptions", "SubscriptionListParams", subs.list_),
        ("GET /subscriptions/<a>", "SubscriptionRetrieveParams", subs.retrieve),
        ("POST /subscriptions/<a>", "SubscriptionUpdateParams", subs.update),
        ("DELETE /subscriptions/<a>", "SubscriptionCancelParams", subs.cancel),
        ("POST /subscriptions/<a>/pause", "SubscriptionPauseParams", subs.pause),
        ("POST /subscriptions/<a>/resume", "SubscriptionResumeParams", subs.resume),
        ("GET /invoices", "InvoiceListParams", invoices.list_),
        ("POST /invoices/create_preview", "InvoiceCreatePreviewParams", invoices.create_preview),
        ("GET /invoices/<a>", "InvoiceRetrieveParams", invoices.retrieve),
        ("GET /invoices/<a>/lines", "InvoiceLineItemListParams", invoices.lines_of),
        ("POST /invoices/<a>/pay", "InvoicePayParams", invoices.pay),
        ("POST /invoices/<a>/finalize", "InvoiceFinalizeInvoiceParams", invoices.finalize),
        ("POST /invoices/<a>/void", "InvoiceVoidInvoiceParams", invoices.void),
        ("POST /invoices/<a>/mark_uncollectible", "InvoiceMarkUncollectibleParams", invoices.uncollectible),
        ("GET /invoice_payments", "InvoicePaymentListParams", invoices.payments),
        ("GET /invoice_payments/<a>", "InvoicePaymentRetrieveParams", invoices.payment),
        ("GET /payment_intents", "PaymentIntentListParams", invoices.intents),
        ("GET /payment_intents/<a>", "PaymentIntentRetrieveParams", invoices.intent),
        ("GET /charges", "ChargeListParams", invoices.charges),
        ("GET /charges/<a>", "ChargeRetrieveParams", invoices.charge),
        ("POST /payment_methods", "PaymentMethodCreateParams", payment_methods.create),
        ("GET /payment_methods", "PaymentMethodListParams", payment_methods.list_),
        ("GET /payment_methods/<a>", "PaymentMethodRetrieveParams", payment_methods.retrieve),
        ("POST /payment_methods/<a>/attach", "PaymentMethodAttachParams", payment_methods.attach),
        ("POST /payment_methods/<a>/detach", "PaymentMethodDetachParams", payment_methods.detach),
        ("POST /refunds", "RefundCreateParams", refunds.create),
        ("GET /refunds", "RefundListParams", refunds.list_),
        ("GET /refunds/<a>", "RefundRetrieveParams", refunds.retrieve),
        ("GET /disputes", "DisputeListParams", refunds.disputes),
        ("GET /disputes/<a>", "DisputeRetrieveParams", refunds.dispute),
        ("POST /disputes/<a>/close", "DisputeCloseParams", refunds.accept),
        ("POST /coupons", "CouponCreateParams", promotions.create_coupon),
        ("GET /coupons", "CouponListParams", promotions.list_coupons),
        ("GET /coupons/<a>", "CouponRetrieveParams", promotions.retrieve_coupon),
        ("DELETE /coupons/<a>", "CouponDeleteParams", promotions.delete_coupon),
        ("POST /promotion_codes", "PromotionCodeCreateParams", promotions.create_code),
        ("GET /promotion_codes", "PromotionCodeListParams", promotions.list_codes),
        ("GET /promotion_codes/<a>", "PromotionCodeRetrieveParams", promotions.retrieve_code),
        ("POST /promotion_codes/<a>", "PromotionCodeUpdateParams", promotions.update_code),
        ("POST /test_helpers/test_clocks", "test_helpers.TestClockCreateParams", clocks.create),
        ("GET /test_helpers/test_clocks", "test_helpers.TestClockListParams", clocks.list_),
        ("GET /test_helpers/test_clocks/<a>", "test_helpers.TestClockRetrieveParams", clocks.retrieve),
        ("DELETE /test_helpers/test_clocks/<a>", "test_helpers.TestClockDeleteParams", clocks.delete),
        ("POST /test_helpers/test_clocks/<a>/advance", "test_helpers.TestClockAdvanceParams", clocks.advance),
        ("GET /events", "EventListParams", clocks.events),
        ("GET /events/<a>", "EventRetrieveParams", clocks.event),
    ]
    made = []
    for where, params, answer in rows:
        method, _, path = where.partition(" ")
        made.append(Route(method, f"/v1{path}", params, answer))
    return made


def url_map(known: list[Route]) -> Map:
    """The map from a path to the index of its route."""
    return Map(
        [Rule(route.path, methods=[route.method], endpoint=str(i)) for i, route in enumerate(known)],
        strict_slashes=False,
    )
