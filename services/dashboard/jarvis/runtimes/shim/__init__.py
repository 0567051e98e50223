"""The keeper of one program: `python -I -S __main__.py FOLDER LOCK`. It knows only the standard library.

It is a child of init and not of Jarvis, so the program goes on when Jarvis ends, is killed, or is another
version afterwards. It starts the program and starts it again, writes down what it says, and passes the
connections of the proxy on to where the program really listens. Whoever takes over talks to it by `ctl.sock`.
"""
