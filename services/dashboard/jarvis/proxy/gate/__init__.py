"""The gate: says for each request to a site with rules whether it may pass, where to, and with which headers.

`python -I -S __main__.py WWW SOCKET`. The proxy asks it before it answers. It knows only the standard
library, has a keeper like a program, and reads the rules of a release where the proxy finds its pages.
"""
