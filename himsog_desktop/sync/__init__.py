"""Many desks, one truth: the protocol between a profile and the shared database (reliability, section 2).

The core is pure (``engine``, ``repair``, ``backoff``, ``watchdog``: no I/O, no clock of its own) and is run
by the simulator (``simulate``) as by the agent; ``remotes`` are the transports. May import ``ports``,
``domain`` and the standard library; msgspec for the wire; psycopg in ``remotes`` only, when first needed.
"""
