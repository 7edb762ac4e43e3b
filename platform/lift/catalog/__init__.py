"""Facts about companies, roles, topics and rounds, loaded from the YAML that ships with the product."""
