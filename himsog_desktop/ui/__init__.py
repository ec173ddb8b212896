"""The window: Qt widgets over services.

Widgets get frozen rows in and give signals out; they hold no state that the cache does not hold.
May import domain, services, ports, runtime and PySide6; never storage, schema, sqlalchemy,
sqlcipher3 or httpx. What the first paint needs stays light: no QtSvg, no QtNetwork.
"""
