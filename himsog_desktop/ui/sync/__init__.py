"""What the window shows of the server: how it stands with it, what is wrong, the page of the connection.

Loaded only where a profile has a server, or when somebody asks for the connection.
"""
