"""How an image tells whether the program in it is well, with what the image has: no curl, no wget."""

from typing import Literal

Probe = Literal["node", "python", "bash", "busybox"]

_NODE_HTTP = (
    "require('http').get({port: process.env.PORT, path: process.argv[1], timeout: 4000},"
    " r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"
)
_NODE_TCP = (
    "require('net').connect(process.env.PORT, '127.0.0.1')"
    ".on('connect', () => process.exit(0)).on('error', () => process.exit(1))"
)
_PYTHON_HTTP = (
    "import os, sys, urllib.request as u;"
    " u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + sys.argv[1], timeout=4)"
)
_PYTHON_TCP = "import os, socket; socket.create_connection(('127.0.0.1', int(os.environ['PORT'])), 4)"
_BASH_HTTP = (
    'exec 3<>"/dev/tcp/127.0.0.1/$PORT" && printf "GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" "$1" >&3'
    ' && read -r -t 4 line <&3 && [[ $line == *" "[23]??* ]]'
)
_BASH_TCP = 'exec 3<>"/dev/tcp/127.0.0.1/$PORT"'
_BUSYBOX_HTTP = 'wget -q -T 4 -O /dev/null "http://127.0.0.1:$PORT$1"'
_BUSYBOX_TCP = 'nc -z 127.0.0.1 "$PORT"'


def words(probe: Probe, path: str) -> tuple[str, ...]:
    """The program that ends with 0 while something answers on PORT; at `path` if that is known.

    The path is a word of its own, so that nothing in it is read as a program.
    """
    match probe:
        case "node":
            return ("node", "-e", _NODE_HTTP, path) if path else ("node", "-e", _NODE_TCP)
        case "python":
            return ("python", "-c", _PYTHON_HTTP, path) if path else ("python", "-c", _PYTHON_TCP)
        case "bash":
            return ("/bin/bash", "-c", _BASH_HTTP, "health", path) if path else ("/bin/bash", "-c", _BASH_TCP)
        case "busybox":
            shell = ("/bin/sh", "-c")
            return (*shell, _BUSYBOX_HTTP, "health", path) if path else (*shell, _BUSYBOX_TCP)
