"""`lift up`: our own PostgreSQL and Valkey, the web and the workers, in order, in one foreground process."""
