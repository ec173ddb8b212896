"""Needs attention: what the server refused, as cards with both sides and one-key ways out.

Made when the page is first opened; a profile without a server never loads it.
"""
