"""What the operating system gives us: paths, keys, locks, settings, the clock, logs and crash capture.

Everything here is imported on the way to the first paint, so modules stay small and import heavy
things (``cryptography``, ``argon2``, ``keyring``, ``platformdirs``) inside the functions that need
them. Starts no thread, loop or process: that is ``runtime``'s job.
May import: ``domain``, ``ports`` and the standard library; ``cryptography``, ``argon2``, ``keyring``
and ``platformdirs``, lazily.
"""
