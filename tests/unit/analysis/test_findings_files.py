"""Files and folders that should not have been handed in, known by their names and rights."""

import random
from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis.evidence import Finding
from jarvis.analysis.findings import scan
from jarvis.analysis.tree import Tree

DIGITS = "0123456789"
HEX = "0123456789abcdef"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MIXED = LETTERS + LETTERS.upper() + DIGITS
PLAIN = "print('hello')\nfor at in range(10):\n    print(at)\n"


def drawn(signs: str, length: int, seed: int = 1) -> str:
    """Never a real secret: made here, the same each time."""
    chance = random.Random(f"{signs}{length}{seed}")
    return "".join(chance.choice(signs) for _ in range(length))


def look(folder: Path, files: dict[str, str]) -> list[Finding]:
    return scan(plant(folder, files))


def pem(kind: str, sign: str = "\n") -> str:
    lines = [drawn(MIXED + "+/", 64, seed) for seed in range(6)]
    return sign.join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])


def test_it_works(tmp_path: Path):
    found = look(
        tmp_path, {".ssh/id_rsa": pem("OPENSSH PRIVATE KEY"), ".ssh/id_rsa.pub": "ssh-rsa AAAA kim@shop"}
    )
    assert [(item.rule, item.severity, item.file) for item in found] == [
        ("key-file", "danger", ".ssh/id_rsa")
    ]


NAMES = [
    ("env-file", "danger", ".env", f"DEBUG=1\nSTRIPE_SECRET={drawn(MIXED, 24)}\n"),
    ("env-file", "danger", "backend/.env.production", "DB_PASSWORD=Gr7mPz2x\n"),
    ("env-file", "danger", "prod.env", f"export API_KEY='{drawn(MIXED, 24)}'\n"),
    ("env-file", "danger", ".env.local", f"DATABASE_URL=mysql://shop:{drawn(MIXED, 12)}@db.shop.io/shop\n"),
    ("env-file", "note", ".env", "PORT=3000\nDEBUG=true\n"),
    (
        "env-file",
        "note",
        ".env",
        "DATABASE_URL=postgres://postgres:postgres@localhost/x\nSECRET_KEY=changeme\n",
    ),
    ("key-file", "danger", ".ssh/id_rsa", pem("OPENSSH PRIVATE KEY")),
    ("key-file", "danger", "deploy/id_ed25519", pem("OPENSSH PRIVATE KEY")),
    ("key-file", "danger", "server.key", pem("RSA PRIVATE KEY")),
    ("key-file", "danger", "server.pem", pem("RSA PRIVATE KEY")),
    ("key-file", "danger", "store.p12", "binary"),
    ("key-file", "danger", "cert.pfx", "binary"),
    ("key-file", "danger", "release.jks", "binary"),
    ("key-file", "danger", "config/credentials/production.key", drawn(HEX, 32) + "\n"),
    ("npmrc", "danger", ".npmrc", f"//registry.shop.io/:_authToken={drawn(MIXED, 36)}\n"),
    ("pypirc", "danger", ".pypirc", f"[pypi]\nusername = kim\npassword = {drawn(MIXED, 16)}\n"),
    ("netrc", "danger", ".netrc", f"machine git.shop.io login kim password {drawn(MIXED, 16)}\n"),
    ("git-credentials", "danger", ".git-credentials", f"https://kim:{drawn(MIXED, 20)}@git.shop.io\n"),
    (
        "aws-credentials",
        "danger",
        ".aws/credentials",
        f"[default]\naws_access_key_id = x\naws_secret_access_key = {drawn(MIXED, 40)}\n",
    ),
    (
        "kubeconfig",
        "danger",
        "kubeconfig",
        f"kind: Config\nusers:\n- user:\n    client-key-data: {drawn(MIXED, 80)}\n",
    ),
    (
        "kubeconfig",
        "danger",
        ".kube/config",
        f"kind: Config\nusers:\n- user:\n    token: {drawn(MIXED, 80)}\n",
    ),
    (
        "docker-login",
        "danger",
        ".docker/config.json",
        f'{{"auths": {{"https://index.docker.io/v1/": {{"auth": "{drawn(MIXED, 24)}"}}}}}}',
    ),
    ("htpasswd", "danger", ".htpasswd", "kim:$apr1$" + drawn(MIXED, 8) + "$" + drawn(MIXED, 22) + "\n"),
    ("pgpass", "danger", ".pgpass", f"db.shop.io:5432:shop:kim:{drawn(MIXED, 16)}\n"),
    ("terraform-state", "danger", "terraform.tfstate", "{}"),
    ("terraform-state", "danger", "terraform.tfstate.backup", "{}"),
    ("tfvars", "danger", "prod.tfvars", f'db_password = "{drawn(MIXED, 16)}"\n'),
    (
        "client-secret",
        "danger",
        "client_secret.json",
        f'{{"web": {{"client_secret": "{drawn(MIXED, 24)}"}}}}',
    ),
    ("database-dump", "warning", "backup/dump.sql", "CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n"),
    ("database-dump", "warning", "all.sql", "INSERT INTO a VALUES (1);\n" * 30000),
    ("database-file", "warning", "db.sqlite3", "x" * 100),
    ("database-file", "warning", "data/app.db", "x" * 9000),
]


@pytest.mark.parametrize(("rule", "severity", "file", "text"), NAMES)
def test_a_file_gives_itself_away(tmp_path: Path, rule: str, severity: str, file: str, text: str):
    found = look(tmp_path, {file: text})
    assert [(item.rule, item.severity, item.file) for item in found] == [(rule, severity, file)]


def test_the_history_is_told_with_how_to_leave_it_out(tmp_path: Path):
    found = look(tmp_path, {".git/HEAD": "ref: refs/heads/main\n", "a.txt": "x"})
    assert [(item.rule, item.severity, item.file) for item in found] == [("history", "warning", ".git")]
    assert ".jarvisignore" in found[0].why


def test_installed_packages_are_told_once(tmp_path: Path):
    found = look(tmp_path, {"node_modules/a/index.js": "", "web/node_modules/b/index.js": "", "a.txt": "x"})
    assert [(item.rule, item.severity, item.file) for item in found] == [
        ("installed-packages", "note", "node_modules")
    ]


def test_files_that_everybody_may_change_are_told_once(tmp_path: Path):
    plant(tmp_path, {"a.txt": "x", "b.txt": "x", "c.txt": "x"})
    (tmp_path / "a.txt").chmod(0o666)
    (tmp_path / "c.txt").chmod(0o646)
    found = scan(Tree(tmp_path))
    assert [(item.rule, item.file) for item in found] == [("world-writable", "a.txt")]
    assert "2 files" in found[0].why


def test_links_are_not_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    plant(outside, {"secret.txt": pem("PRIVATE KEY")})
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "id_rsa").symlink_to(outside / "secret.txt")
    assert scan(Tree(inside)) == []
