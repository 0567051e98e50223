"""Secrets that were planted are found, dummies are not, and no secret is ever shown."""

import base64
import json
import random
from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis.evidence import Finding
from jarvis.analysis.findings import EACH, scan

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


def test_it_works(tmp_path: Path):
    token = "ghp_" + drawn(MIXED, 36)
    found = look(tmp_path, {"app.py": f"import os\nTOKEN = '{token}'\n"})
    assert [(item.rule, item.severity, item.file, item.line) for item in found] == [
        ("github-token", "danger", "app.py", 2)
    ]
    assert token not in found[0].why


def jwt(body: dict[str, object]) -> str:
    def part(value: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(body)}.{drawn(MIXED, 43)}"


def pem(kind: str, sign: str = "\n") -> str:
    lines = [drawn(MIXED + "+/", 64, seed) for seed in range(6)]
    return sign.join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])


TOKENS = [
    ("aws-access-key", "AKIA" + drawn(LETTERS.upper() + DIGITS, 16)),
    ("aws-access-key", "ASIA" + drawn(LETTERS.upper() + DIGITS, 16)),
    ("google-api-key", "AIza" + drawn(MIXED, 35)),
    ("google-oauth", "GOCSPX-" + drawn(MIXED, 28)),
    (
        "azure-storage-key",
        f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={drawn(MIXED + '+/', 86)}==;",
    ),
    ("azure-shared-key", f"Endpoint=sb://a.servicebus.windows.net/;SharedAccessKey={drawn(MIXED, 43)}="),
    ("azure-client-secret", f"{drawn(MIXED, 3)}8Q~{drawn(MIXED, 34)}"),
    ("digitalocean-token", "dop_v1_" + drawn(HEX, 64)),
    ("fly-token", f"FlyV1 fm2_{drawn(MIXED, 90)}"),
    ("databricks-token", "dapi" + drawn(HEX, 32)),
    ("supabase-token", "sbp_" + drawn(HEX, 40)),
    ("github-token", "gho_" + drawn(MIXED, 36)),
    ("github-token", f"github_pat_{drawn(MIXED, 22)}_{drawn(MIXED, 59)}"),
    ("gitlab-token", "glpat-" + drawn(MIXED + "-_", 20)),
    ("npm-token", "npm_" + drawn(MIXED, 36)),
    ("pypi-token", "pypi-AgEIcHlwaS5vcmc" + drawn(MIXED + "-_", 140)),
    ("rubygems-key", "rubygems_" + drawn(HEX, 48)),
    ("docker-token", "dckr_pat_" + drawn(MIXED, 27)),
    ("vault-token", "hvs." + drawn(MIXED, 90)),
    ("terraform-token", f"{drawn(MIXED, 14)}.atlasv1.{drawn(MIXED, 66)}"),
    ("stripe-key", "sk_live_" + drawn(MIXED, 24)),
    ("stripe-key", "rk_live_" + drawn(MIXED, 24)),
    ("stripe-webhook", "whsec_" + drawn(MIXED, 32)),
    ("shopify-token", "shpat_" + drawn(HEX, 32)),
    ("slack-token", f"xoxb-{drawn(DIGITS, 12)}-{drawn(DIGITS, 12)}-{drawn(MIXED, 24)}"),
    (
        "slack-webhook",
        f"https://hooks.slack.com/services/T{drawn(DIGITS, 8)}/B{drawn(DIGITS, 8)}/{drawn(MIXED, 24)}",
    ),
    ("discord-webhook", f"https://discord.com/api/webhooks/{drawn(DIGITS, 18)}/{drawn(MIXED + '-_', 68)}"),
    ("discord-webhook", f"https://discordapp.com/api/webhooks/{drawn(DIGITS, 18)}/{drawn(MIXED + '-_', 68)}"),
    ("discord-token", f"M{drawn(MIXED, 25)}.{drawn(MIXED, 6)}.{drawn(MIXED, 38)}"),
    ("telegram-token", f"{drawn('123456789', 10)}:AA{drawn(MIXED, 33)}"),
    ("twilio-key", "SK" + drawn(HEX, 32)),
    ("sendgrid-key", f"SG.{drawn(MIXED, 22)}.{drawn(MIXED, 43)}"),
    ("mailgun-key", "key-" + drawn(HEX, 32)),
    ("mailchimp-key", drawn(HEX, 32) + "-us19"),
    ("openai-key", "sk-proj-" + drawn(MIXED, 80)),
    ("openai-key", f"sk-{drawn(MIXED, 20)}T3BlbkFJ{drawn(MIXED, 20)}"),
    ("anthropic-key", f"sk-ant-api03-{drawn(MIXED, 93)}AA"),
    ("huggingface-token", "hf_" + drawn(MIXED, 34)),
    ("groq-key", "gsk_" + drawn(MIXED, 52)),
    ("notion-token", "secret_" + drawn(MIXED, 43)),
    ("age-key", "AGE-SECRET-KEY-1" + drawn(LETTERS.upper() + DIGITS, 58)),
    ("jwt", jwt({"sub": "8841", "exp": 1999999999, "name": "Kim"})),
    ("password-in-url", f"postgres://shop:{drawn(MIXED, 14)}@db.shop.io:5432/shop"),
    ("password-in-url", f"mongodb+srv://shop:{drawn(MIXED, 14)}@cluster0.abcde.mongodb.net/shop"),
    ("password-in-url", f"redis://:{drawn(MIXED, 20)}@redis-123.cloud.redislabs.com:6379"),
    ("password-in-url", f"https://kim:{drawn(MIXED, 20)}@git.shop.io/team/shop.git"),
]
AROUND = [
    "TOKEN = '{}'\n",
    '  "token": "{}",\n',
    "token: {}\n",
    "export TOKEN={}\n",
    "call({}, 3)\n".replace("{}", '"{}"'),
]


@pytest.mark.parametrize(("rule", "token"), TOKENS, ids=[rule for rule, _ in TOKENS])
@pytest.mark.parametrize("around", AROUND)
def test_a_planted_token_is_found_where_it_stands(tmp_path: Path, rule: str, token: str, around: str):
    files = ["config.json", "deploy.sh", "src/app.py"]
    found = look(tmp_path, dict.fromkeys(files, PLAIN + around.format(token) + PLAIN))
    assert [(item.rule, item.file, item.line) for item in found] == [(rule, file, 4) for file in files]
    assert not any(len(part) > 12 and part in found[0].why for part in token.replace("/", ":").split(":"))


SHAPES = [
    ("private-key", "danger", "key.txt", pem("PRIVATE KEY")),
    ("private-key", "danger", "app.py", f'KEY = """{pem("RSA PRIVATE KEY")}"""\n'),
    ("private-key", "danger", "app.js", f'const key = "{pem("EC PRIVATE KEY", chr(92) + "n")}";\n'),
    ("private-key", "danger", "account.json", json.dumps({"private_key": pem("PRIVATE KEY")})),
    ("private-key", "danger", "notes.txt", pem("OPENSSH PRIVATE KEY")),
    ("private-key", "warning", "notes.txt", pem("ENCRYPTED PRIVATE KEY")),
    ("aws-secret-key", "danger", "app.py", f"aws_secret_access_key = '{drawn(MIXED, 40)}'\n"),
    ("aws-secret-key", "danger", "app.yml", f"AWS_SECRET_ACCESS_KEY: {drawn(MIXED, 40)}\n"),
    (
        "bearer-token",
        "danger",
        "call.sh",
        f"curl -H 'Authorization: Bearer {drawn(MIXED, 40)}' https://api.shop.io\n",
    ),
    ("bearer-token", "danger", "call.js", f'headers: {{ "Authorization": "Bearer {drawn(MIXED, 40)}" }}\n'),
    (
        "bearer-token",
        "danger",
        "call.sh",
        f"curl -H 'Authorization: Bearer {jwt({'sub': '8841'})}' https://api.shop.io\n",
    ),
    ("password-in-command", "danger", "call.sh", f"curl -u kim:{drawn(MIXED, 12)} https://api.shop.io\n"),
    ("password-in-url", "warning", "compose.yml", f"URL: postgres://shop:{drawn(MIXED, 16)}@db:5432/shop\n"),
    (
        "secret-key",
        "warning",
        "shop/settings.py",
        "SECRET_KEY = 'django-insecure-h2!k3l_9x@c7v$b5n&m1q^w4e*r8t(y6'\n",
    ),
    ("secret-key", "warning", "shop/settings.py", f"SECRET_KEY = '{drawn(MIXED + '!@#^&*', 50)}'\n"),
    ("secret-key", "warning", "app.py", f"app.config['SECRET_KEY'] = '{drawn(MIXED, 32)}'\n"),
    ("secret-key", "warning", "config/secrets.yml", f"production:\n  secret_key_base: {drawn(HEX, 128)}\n"),
    ("secret-key", "warning", ".env.example", f"APP_KEY=base64:{drawn(MIXED, 43)}=\n"),
    (
        "password-in-code",
        "warning",
        "wp-config.php",
        f"<?php\ndefine( 'DB_PASSWORD', '{drawn(MIXED, 14)}' );\n",
    ),
    ("secret-in-code", "warning", "app.js", f'const apiKey = "{drawn(MIXED, 40)}";\n'),
    ("secret-in-code", "warning", "config.yml", f'client_secret: "{drawn(HEX, 40)}"\n'),
    ("heroku-key", "danger", "deploy.yml", "HEROKU_API_KEY: 7d1f3a92-41bc-4e0a-9b5d-c20e8f6a1d37\n"),
]


@pytest.mark.parametrize(("rule", "severity", "file", "text"), SHAPES)
def test_a_secret_is_known_by_what_stands_around_it(
    tmp_path: Path, rule: str, severity: str, file: str, text: str
):
    found = look(tmp_path, {file: text})
    assert [(item.rule, item.severity, item.file) for item in found] == [(rule, severity, file)]


HARMLESS = [
    (".env.example", "API_KEY=\nDB_PASSWORD=changeme\nSTRIPE=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx\n"),
    (".env", ""),
    (".env", "# nothing yet\nAPI_KEY=\n"),
    ("app.py", "AWS = 'AKIAIOSFODNN7EXAMPLE'\nKEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'\n"),
    ("app.py", "import os\nTOKEN = os.environ['GITHUB_TOKEN']\nSECRET_KEY = os.environ.get('SECRET_KEY')\n"),
    ("app.py", "SECRET_KEY = 'change-me-in-production'\napp.secret_key = 'dev'\n"),
    ("app.py", "if '-----BEGIN PRIVATE KEY-----' in text:\n    raise ValueError\n"),
    (
        "README.md",
        "postgres://user:password@localhost:5432/db\npostgres://user:password@host.example.com/db\n",
    ),
    ("README.md", "curl -H 'Authorization: Bearer YOUR_TOKEN' -u user:password https://api.example.com\n"),
    ("README.md", f"Use your key: `ghp_{'x' * 36}` or `sk-ant-your-key-goes-here-please`\n"),
    (
        "compose.yml",
        "POSTGRES_PASSWORD: postgres\nURL: postgres://postgres:postgres@db:5432/app\nOTHER: mysql://root:${PASS}@db.shop.io/x\n",
    ),
    ("app.js", f"const token = '{jwt({'sub': '1234567890', 'name': 'John Doe'})}'\n"),
    ("app.js", f"const key = '{jwt({'role': 'anon', 'iss': 'supabase'})}'\n"),
    (
        "azure.json",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==\n",
    ),
    ("package-lock.json", f'{{"integrity": "sha512-{drawn(MIXED, 86)}==", "x": "ghp_{drawn(MIXED, 36)}"}}'),
    ("app.min.js", f"var a='ghp_{drawn(MIXED, 36)}'"),
    (".npmrc", "//registry.example.org/:_authToken=${NPM_TOKEN}\nsave-exact=true\n"),
    ("cert.pem", "-----BEGIN CERTIFICATE-----\n" + drawn(MIXED, 64) + "\n-----END CERTIFICATE-----\n"),
    ("id_rsa.pub", "ssh-rsa " + drawn(MIXED, 200) + " kim@shop\n"),
    ("schema.sql", "CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n"),
    (
        "app.py",
        (
            f"COLOR = '#{drawn(HEX, 6)}'\nHASH = 'sha256:{drawn(HEX, 64)}'\n"
            "UUID = '7d1f3a92-41bc-4e0a-9b5d-c20e8f6a1d37'\n"
        ),
    ),
    ("prod.tfvars", 'db_password = ""\nregion = "eu-central-1"\n'),
    (
        "app.ts",
        (
            "const secretKey = 'this-is-a-very-long-sentence-with-dashes-only'\n"
            "const tokenKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij'\n"
        ),
    ),
    (
        "settings.py",
        "SECRET_KEY = '{{ cookiecutter.secret_key }}'\nSECRET_KEY = '<your secret key goes here>'\n",
    ),
    ("url.py", "url = 'https://user:pass@example.com'\nurl = 'http://localhost:8000/@kim'\n"),
    ("app.env.ts", "export const PASSWORD = 'Gr7mPz2xQw'\n"),
]


@pytest.mark.parametrize(("file", "text"), HARMLESS)
def test_a_dummy_is_no_finding(tmp_path: Path, file: str, text: str):
    assert look(tmp_path, {file: text}) == []


def test_in_tests_and_manuals_it_weighs_less(tmp_path: Path):
    files = {
        "tests/fixtures/key.txt": pem("PRIVATE KEY"),
        "tests/server.key": pem("PRIVATE KEY"),
        "examples/.env": "DB_PASSWORD=Gr7mPz2x\n",
        "docs/start.md": "token: ghp_" + drawn(MIXED, 36),
        "src/app.py": "token = 'ghp_" + drawn(MIXED, 36) + "'",
    }
    found = look(tmp_path, files)
    assert [(item.file, item.severity) for item in found] == [
        ("src/app.py", "danger"),
        ("docs/start.md", "warning"),
        ("examples/.env", "warning"),
        ("tests/server.key", "note"),
        ("tests/fixtures/key.txt", "note"),
    ]


def test_many_of_one_kind_in_one_file_are_told_a_few_times(tmp_path: Path):
    text = "".join(f"k{at} = 'ghp_{drawn(MIXED, 36, at)}'\n" for at in range(40))
    assert len(look(tmp_path, {"keys.py": text})) == EACH


def test_one_line_is_told_once(tmp_path: Path):
    token = "sk_live_" + drawn(MIXED, 32)
    assert len(look(tmp_path, {".env": f"STRIPE_SECRET_KEY={token}\n"})) == 1
    assert len(look(tmp_path, {".env": "", "a.js": f'const apiKey = "{token}"\n'})) == 1


def test_dangers_come_first(tmp_path: Path):
    found = look(tmp_path, {"a/db.sqlite": "x", "z/id_rsa": pem("OPENSSH PRIVATE KEY"), ".env": "PORT=1\n"})
    assert [item.severity for item in found] == ["danger", "warning", "note"]


def test_without_time_only_names_are_looked_at_and_that_is_said(tmp_path: Path):
    tree = plant(
        tmp_path, {"id_rsa": pem("OPENSSH PRIVATE KEY"), "app.py": "t = 'ghp_" + drawn(MIXED, 36) + "'"}
    )
    assert [item.rule for item in scan(tree, seconds=-1)] == ["key-file", "scan-incomplete"]


ODD = [
    "\0",
    "\udcff".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "://" * 20000,
    "://a:" * 20000,
    "eyJ" * 20000,
    "-----BEGIN PRIVATE KEY-----" * 3000,
    "'" * 50000,
    "sv=20" * 9000,
    "secret_key='" * 5000,
    "curl " * 20000,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_borne(tmp_path: Path, text: str):
    assert [
        item.severity
        for item in look(tmp_path, {"a.txt": text, ".env": "A=" + text[:1000]})
        if item.severity == "danger"
    ] == []
