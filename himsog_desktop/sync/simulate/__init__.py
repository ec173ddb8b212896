"""A deterministic simulator of many desks and one server, with faults, oracles and mutants.

The engine, the exchange, chain repair and the law of merging are the real ones; the store, the server and the
network are models. Everything that happens follows from a seed. Source: reliability, section 3.
"""
