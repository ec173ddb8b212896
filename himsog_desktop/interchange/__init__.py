"""Bytes in, records out; records in, bytes out: tables (CSV), calendars (iCalendar) and paper (PDF).

Nothing here knows the cache: services turn the records into acts. Everything streams and has bounds
(``bounds``); what is wrong with one line or one entry is said of that line or entry, never with its
content in an exception. The calendar reader runs in a child process, which ``runtime`` starts.
May import: domain, icalendar, recurring_ical_events, dateutil, charset_normalizer, msgspec, reportlab (lazily).
"""
