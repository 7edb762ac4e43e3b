"""Our own stand-in for Stripe: strict, stateful, spoken to by the official client at another address.

It never charges a card. It is built by :func:`billing.sandbox.app.create_app` and refuses production settings.
"""
