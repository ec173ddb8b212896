"""The transports to the shared database: each is a ``ports.Remote``. The only place with psycopg beside ``server``."""
