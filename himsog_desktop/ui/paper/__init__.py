"""Paper in the window: the page "Print the day", its preview, and printing.

What stands on a sheet was laid out by ``services.printing``; here it is drawn, on the screen and by a printer, with
the same letters at the same places as in a PDF. Made when it is first asked for. May import: services, ui.
"""
