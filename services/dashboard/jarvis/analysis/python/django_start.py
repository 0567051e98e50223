"""How a Django project is served: by what it asks for, else by the server it has for developing."""

from jarvis.analysis.python import django
from jarvis.analysis.python.django import Django
from jarvis.analysis.python.project import Project
from jarvis.analysis.python.sources import Sources
from jarvis.analysis.python.start import Start, shell_port


def start(project: Project, sources: Sources, found: Django, port: int | None) -> Start | None:
    """The words; None for a project that nothing can serve."""
    tree = sources.tree
    number = shell_port(port or 8000)
    server, file, why = _server(project, sources, found, number)
    if not server:
        return None
    inside = f"cd {found.folder} && " if found.folder else ""
    texts = [tree.text(path) for path in found.settings]
    tables = any("DATABASES" in text or "dj_database_url" in text for text in texts)
    migrate = "python manage.py migrate && " if found.manage and tables else ""
    build = ""
    if found.manage and django.collects(tree, found):
        build = inside + "python manage.py collectstatic --noinput"
    debug = " runserver " in server
    missing = "gunicorn" if server.startswith("gunicorn") and not project.has("gunicorn") else ""
    line = tree.line_of(file, "application")
    return Start(inside + migrate + server, file, line, why, missing, debug, port or 8000, build)


def _server(project: Project, sources: Sources, found: Django, port: str) -> tuple[str, str, str]:
    """The server's words, the file they serve, and the reason."""
    wsgi, asgi = found.module(found.wsgi) + ":application", found.module(found.asgi) + ":application"
    by_asgi = {
        "daphne": f"daphne -b 0.0.0.0 -p {port} {asgi}",
        "uvicorn": f"uvicorn {asgi} --host 0.0.0.0 --port {port}",
        "uvicorn-worker": f"uvicorn {asgi} --host 0.0.0.0 --port {port}",
        "hypercorn": f"hypercorn --bind 0.0.0.0:{port} {asgi}",
    }
    config = sources.tree.first("gunicorn.conf.py") if not found.folder else ""
    by_wsgi = {
        "gunicorn": f"gunicorn{f' --config {config}' if config else ''} --bind 0.0.0.0:{port} {wsgi}",
        "waitress": f"waitress-serve --host=0.0.0.0 --port={port} {wsgi}",
        "uwsgi": f"uwsgi --http 0.0.0.0:{port} --master --module {wsgi}",
        "granian": f"granian --interface wsgi --host 0.0.0.0 --port {port} {wsgi}",
    }
    asked = project.has(*by_asgi) if found.asgi else None
    if asked and (not found.wsgi or django.wants_asgi(sources.tree, found)):
        return by_asgi[asked.name], found.asgi, f"it asks for {asked.written} and has an ASGI application"
    server = project.has(*by_wsgi) if found.wsgi else None
    if server:
        return by_wsgi[server.name], found.wsgi, f"it asks for {server.written}"
    if asked:
        return by_asgi[asked.name], found.asgi, f"it asks for {asked.written}"
    if found.manage:
        return f"python manage.py runserver 0.0.0.0:{port}", found.manage, "it asks for no other server"
    if found.wsgi:
        return by_wsgi["gunicorn"], found.wsgi, "the file holds its WSGI application"
    return "", "", ""
