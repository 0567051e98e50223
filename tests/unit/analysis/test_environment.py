"""The variables that a program reads."""

from pathlib import Path

import pytest

from grove import plant
from jarvis.analysis import environment
from jarvis.analysis.environment import variables
from jarvis.analysis.evidence import Variable
from jarvis.analysis.secrecy import is_secret


def read(folder: Path, files: dict[str, str]) -> dict[str, Variable]:
    return {item.name: item for item in variables(plant(folder, files))}


def test_it_works(tmp_path: Path):
    source = 'import os\nurl = os.environ["BASE"]\nport = os.environ.get("LEVEL", "info")\n'
    assert read(tmp_path, {"app.py": source}) == {
        "BASE": Variable("BASE", True, False, None, "app.py", 2),
        "LEVEL": Variable("LEVEL", False, False, "info", "app.py", 3),
    }


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("a.py", 'os.getenv("X_Y")'), ("a.py", "env.str('X_Y')"), ("a.py", 'config("X_Y")'),
        ("a.py", 'env("X_Y")'),
        ("a.js", "process.env.X_Y"), ("a.mjs", 'process.env["X_Y"]'),
        ("a.ts", "const { X_Y, } = process.env;"),
        ("a.ts", "const { X_Y: own } = process.env"), ("a.vue", "import.meta.env.X_Y"),
        ("a.ts", "Bun.env.X_Y"),
        ("a.ts", 'Deno.env.get("X_Y")'), ("a.rb", 'ENV["X_Y"]'), ("a.rb", "ENV.fetch('X_Y')"),
        ("config/database.yml", 'url: <%= ENV["X_Y"] %>'), ("a.php", "getenv('X_Y')"),
        ("a.php", "$_ENV['X_Y']"),
        ("a.php", "env('X_Y')"), ("A.java", 'System.getenv("X_Y")'), ("A.kt", 'System.getenv("X_Y")!!'),
        ("a.scala", 'sys.env("X_Y")'), ("a.clj", '(System/getenv "X_Y")'), ("a.java", '@Value("${X_Y}")'),
        ("src/main/resources/application.properties", "a=${X_Y}"), ("a.rs", 'env::var("X_Y").unwrap()'),
        ("a.go", 'os.Getenv("X_Y")'), ("a.cs", 'Environment.GetEnvironmentVariable("X_Y")'),
        ("a.ex", 'System.fetch_env!("X_Y")'), ("a.exs", 'System.get_env("X_Y")'), ("a.pl", "$ENV{X_Y}"),
        ("a.c", 'getenv("X_Y")'), ("a.dart", "Platform.environment['X_Y']"), ("a.R", 'Sys.getenv("X_Y")'),
        ("schema.prisma", 'url = env("X_Y")'), ("a.sh", ': "${X_Y:?missing}"'), ("a.hs", 'getEnv "X_Y"'),
        ("compose.yaml", "services: {a: {image: '${X_Y}'}}"), ("compose.yaml", "a: $X_Y"),
        ("compose.yaml", "a: ${X_Y:?must be set}"), ("app.json", '{"env": {"X_Y": {"description": "d"}}}'),
        ("render.yaml", "services: [{envVars: [{key: X_Y, sync: false}]}]"),
    ],
)  # fmt: skip
def test_what_is_read_without_a_default_is_required(tmp_path: Path, file: str, source: str):
    found = read(tmp_path, {file: source})
    assert list(found) == ["X_Y"]
    assert found["X_Y"].required
    assert found["X_Y"].default is None


@pytest.mark.parametrize(
    ("file", "source", "default"),
    [
        ("a.py", 'os.getenv("X_Y", "d")', "d"), ("a.py", 'os.environ.get("X_Y") or "d"', "d"),
        ("a.py", 'config("X_Y", default="d")', "d"), ("a.py", 'os.environ.get("X_Y", compute())', None),
        ("a.py", 'if os.environ.get("X_Y"):', None), ("a.py", 'os.environ.setdefault("X_Y", "d")', "d"),
        ("a.js", "process.env.X_Y || 'd'", "d"), ("a.js", 'process.env.X_Y ?? "d"', "d"),
        ("a.js", "Number(process.env.X_Y) || 7", "7"), ("a.js", "parseInt(process.env.X_Y, 10) || 7", "7"),
        ("a.js", "if (process.env.X_Y) {", None), ("a.js", "process.env.X_Y === 'on'", None),
        ("a.js", "process.env.X_Y ? 1 : 2", None), ("a.js", "const { X_Y = 'd' } = process.env", "d"),
        ("a.rb", 'ENV.fetch("X_Y", 7)', "7"), ("a.rb", 'ENV.fetch("X_Y") { "d" }', "d"),
        ("a.rb", 'ENV["X_Y"] || "d"', "d"), ("a.rb", 'ENV["X_Y"] ||= "d"', "d"),
        ("config/puma.yml", "a: <%= ENV.fetch('X_Y') { 5 } %>", "5"), ("a.php", "env('X_Y', 'd')", "d"),
        ("a.php", "getenv('X_Y') ?: 'd'", "d"), ("A.kt", 'System.getenv("X_Y") ?: "d"', "d"),
        ("A.java", '@Value("${X_Y:d}")', "d"), ("src/main/resources/application.yml", "a: ${X_Y:d}", "d"),
        ("a.rs", 'env::var("X_Y").unwrap_or_else(|_| "d".into())', "d"),
        ("a.rs", 'env::var("X_Y").ok()', None),
        ("a.go", 'if p := os.Getenv("X_Y"); p == "" {\n', None), ("a.go", 'getEnv("X_Y", "d")', "d"),
        ("a.go", 'v, ok := os.LookupEnv("X_Y")', None), ("a.ex", 'System.get_env("X_Y", "d")', "d"),
        ("a.cs", 'Environment.GetEnvironmentVariable("X_Y") ?? "d"', "d"), ("a.pl", "$ENV{X_Y} // 'd'", "d"),
        ("compose.yaml", "a: ${X_Y:-d}", "d"), ("app.json", '{"env": {"X_Y": "d"}}', "d"),
        ("app.json", '{"env": {"X_Y": {"required": false}}}', None), ("fly.toml", "[env]\nX_Y = 'd'", "d"),
        ("Dockerfile", "FROM a\nENV X_Y=d", "d"), (".env.example", "X_Y=d", None),
        ("app.js", "import.meta.env.VITE_X", None), ("app.js", "process.env.NEXT_PUBLIC_X", None),
    ],
)  # fmt: skip
def test_what_has_a_default_is_not(tmp_path: Path, file: str, source: str, default: str | None):
    (found,) = read(tmp_path, {file: source}).values()
    assert not found.required
    assert found.default == default


def test_a_check_that_ends_the_program_is_no_default(tmp_path: Path):
    assert read(tmp_path, {"a.js": "if (!process.env.X_Y) { throw new Error('X_Y') }"})["X_Y"].required
    assert read(tmp_path, {"a.go": 'p := os.Getenv("X_Y")\nif p == "" {\n  log.Fatal("no")\n'})[
        "X_Y"
    ].required


def test_one_strict_reading_counts_more_than_a_careful_one(tmp_path: Path):
    found = read(tmp_path, {"a.py": 'os.getenv("X_Y", "d")\n', "b.py": 'os.environ["X_Y"]\n'})["X_Y"]
    assert (found.required, found.default, found.file) == (False, "d", "a.py")


def test_the_value_of_a_secret_is_never_kept(tmp_path: Path):
    found = variables(
        plant(
            tmp_path,
            {
                "a.py": 'os.getenv("API_KEY", "hunter2")\n',
                ".env": "TOKEN=hunter2\nPLAIN=hunter2\n",
                "app.json": '{"env": {"DB_PASSWORD": "hunter2"}}',
                "compose.yaml": "a: ${DATABASE_URL:-postgres://u:hunter2@db}",
                "Dockerfile": "FROM a\nENV SECRET_KEY_BASE=hunter2",
            },
        )
    )
    assert "hunter2" not in str(found)
    assert {item.name for item in found if item.secret} == {
        "API_KEY", "TOKEN", "DB_PASSWORD", "DATABASE_URL", "SECRET_KEY_BASE",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("STRIPE_SECRET_KEY", True), ("apiKey", True), ("DB_PASS", True), ("SENTRY_DSN", True),
        ("REDIS_URL", True),
        ("JWT_SECRET", True), ("MONGO_URI", True), ("AZURE_CONNECTION_STRING", True), ("GITHUB_TOKEN", True),
        ("PUBLIC_KEY", False), ("STRIPE_PUBLISHABLE_KEY", False), ("VITE_API_KEY", False),
        ("KEYBOARD", False),
        ("AWS_ACCESS_KEY_ID", False), ("BASE_URL", False), ("PASSENGER_APP", False),
        ("POSTGRES_PASSWORD_FILE", False),
        ("NEXT_PUBLIC_TOKEN", False), ("PWD", False), ("TOKEN_TTL", False),
    ],
)  # fmt: skip
def test_secrets_are_known_by_name(name: str, secret: bool):
    assert is_secret(name) is secret


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": 'os.environ["HOME"]'}, {"a.js": "process.env.npm_package_version"},
        {"a.js": "process.env.get()"},
        {"tests/a.py": 'os.environ["X_Y"]'}, {"a.test.js": "process.env.X_Y"},
        {"vendor/a.go": 'os.Getenv("X_Y")'},
        {"dist/a.js": "process.env.X_Y"}, {"a.min.js": "process.env.X_Y"},
        {".github/a.js": "process.env.X_Y"},
        {"compose.yaml": "a: $$X_Y $${X_Y}"}, {"compose.yaml": "# ${X_Y}"}, {"a.txt": "process.env.X_Y"},
        {"other.yml": "a: ${X_Y}"}, {"app.json": "[]"}, {"app.json": '{"env": []}'},
        {"render.yaml": "services: 1"},
    ],
)  # fmt: skip
def test_what_is_not_the_programs_own_is_left_out(tmp_path: Path, files: dict[str, str]):
    assert read(tmp_path, files) == {}


def test_what_jarvis_sets_is_never_required(tmp_path: Path):
    assert not read(tmp_path, {"a.py": 'os.environ["PORT"]'})["PORT"].required


def test_what_the_image_sets_is_not_required(tmp_path: Path):
    found = read(tmp_path, {"Dockerfile": "FROM a\nENV X_Y=d", "a.py": 'os.environ["X_Y"]'})
    assert (found["X_Y"].required, found["X_Y"].default) == (False, "d")


def test_no_more_is_read_than_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "FILES", 3)
    assert len(read(tmp_path, {f"{n}.js": f"process.env.X_{n}" for n in range(9)})) == 3
    monkeypatch.setattr(environment, "FILES", 9)
    monkeypatch.setattr(environment, "BYTES", 40)
    assert len(read(tmp_path, {})) == 2
    monkeypatch.setattr(environment, "MOST", 1)
    assert len(read(tmp_path, {})) == 1
