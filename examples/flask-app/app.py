"""A guest book: whoever comes may leave a line."""

import os
import sqlite3
from pathlib import Path

from flask import Flask, redirect, render_template, request
from werkzeug import Response

app = Flask(__name__)
book = Path(os.environ.get("DATA", app.instance_path)) / "book.sqlite"


def connect() -> sqlite3.Connection:
    book.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(book)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS line (said TEXT NOT NULL, at TEXT DEFAULT CURRENT_TIMESTAMP)"
    )
    return connection


@app.get("/")
def show() -> str:
    with connect() as connection:
        lines = connection.execute("SELECT said, at FROM line ORDER BY rowid DESC LIMIT 50").fetchall()
    return render_template("book.html", lines=lines)


@app.post("/")
def write() -> Response:
    said = request.form.get("said", "").strip()[:200]
    if said:
        with connect() as connection:
            connection.execute("INSERT INTO line (said) VALUES (?)", (said,))
    return redirect("/", 303)


@app.get("/healthz")
def health() -> str:
    return "ok"
