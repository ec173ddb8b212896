"""The rules of the front desk as pure functions and frozen dataclasses.

Instants are integers: microseconds since 1970-01-01T00:00:00Z (``domain.time.Micros``). Wall times
of rules (hours, breaks) are minutes of a clinic day, 0 to 1440. Money is integer centavos.
May import: the standard library only.
"""
