"""The pages that people see: checkout, 3-D Secure, an invoice, the portal."""
