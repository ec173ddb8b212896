"""The only place that starts loops, threads or processes, and free of Qt.

May import: ports, domain. It knows nobody's work: what to run is handed to it.
"""
