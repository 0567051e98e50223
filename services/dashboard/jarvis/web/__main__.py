"""The web process: `python -m jarvis.web`."""

from jarvis.web.server import serve

if __name__ == "__main__":
    serve()
