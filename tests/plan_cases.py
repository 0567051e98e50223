"""Verdicts as the analysis gives them, at least one for every ecosystem, for the tests of build plans."""

from pathlib import Path
from typing import Any

from jarvis.builds.plan import Dockerfile, plan

EMPTY: dict[str, Any] = {
    "kind": "web",
    "root": "",
    "language": "",
    "language_version": "",
    "framework": "none",
    "package_manager": "none",
    "install_command": "",
    "build_command": "",
    "start_command": "",
    "port": None,
    "health_path": "",
    "static_dir": None,
    "spa": False,
    "databases": [],
    "needs": [],
    "environment": [],
    "dockerfile": "",
    "compose": "",
    "parts": [],
    "evidence": [],
    "confidence": 0.9,
    "corrected": [],
}
"""A verdict with every member that a plan reads."""


def need(engine: str, level: str) -> dict[str, Any]:
    """One entry of `needs`."""
    return {"engine": engine, "level": level, "file": "a", "line": 1, "why": "It says so."}


def variable(name: str, *, required: bool = False, secret: bool = False) -> dict[str, Any]:
    """One entry of `environment`, with a default that must never come up in a plan."""
    default = None if required else "the-default"
    return {"name": name, "required": required, "secret": secret, "default": default, "file": "a", "line": 1}


def verdict(**members: Any) -> dict[str, Any]:
    """A verdict with these members."""
    return {**EMPTY, **members}


def row(language: str, manager: str, install: str, build: str, start: str, **more: Any) -> dict[str, Any]:
    """A verdict of a program, in the order of its life."""
    return verdict(
        language=language,
        package_manager=manager,
        install_command=install,
        build_command=build,
        start_command=start,
        **more,
    )


def pages(language: str, manager: str, install: str, build: str, folder: str, **more: Any) -> dict[str, Any]:
    """A verdict of pages that are made."""
    return row(language, manager, install, build, "", kind="static", static_dir=folder, **more)


CASES: dict[str, dict[str, Any]] = {
    "node-npm": row(
        "node", "npm", "npm ci", "npm run build", "npm run start",
        framework="express", language_version=">=20", port=3000, health_path="/healthz",
        needs=[need("postgres", "required")],
        environment=[variable("DATABASE_URL", required=True, secret=True), variable("LOG_LEVEL")],
    ),
    "node-without-lock": row("node", "npm", "npm install", "", "node server.js"),
    "node-alone": row("node", "none", "", "", "node server.js"),
    "node-14": row("node", "npm", "npm ci", "", "node .", language_version="14.x"),
    "node-yarn-1": row("node", "yarn", "yarn install --frozen-lockfile", "yarn build", "yarn start"),
    "node-yarn-berry": row(
        "node", "yarn", "yarn install --immutable", "", "node index.js", language_version="26",
    ),
    "node-pnpm": row("node", "pnpm", "pnpm install --frozen-lockfile", "pnpm run build", "pnpm run start"),
    "node-pnpm-26": row("node", "pnpm", "pnpm install", "", "pnpm start", language_version="^26.1"),
    "node-next": row("node", "npm", "npm ci", "npm run build", "next start", framework="nextjs"),
    "node-shell": row("node", "npm", "npm ci", "", "npx prisma migrate deploy && node dist/main.js"),
    "node-worker": row("node", "npm", "npm ci", "", "node worker.js", kind="worker"),
    "node-vite": pages(
        "node", "npm", "npm ci", "npm run build", "dist", framework="vite", spa=True,
        environment=[
            variable("VITE_API_URL"), variable("VITE_SECRET_TOKEN", secret=True), variable("NPM_TOKEN"),
        ],
    ),
    "node-odd-folder": pages("node", "npm", "npm ci", "npm run build", "out put/$pages"),
    "bun": row("node", "bun", "bun install --frozen-lockfile", "", "bun run start", port=3000),
    "deno": row("deno", "none", "deno install", "", "deno run --allow-all main.ts", port=8000),
    "deno-1": row("deno", "none", "deno cache main.ts", "", "deno run -A main.ts", language_version="1.40"),
    "python-pip": row(
        "python", "pip", "pip install -r requirements.txt", "", "gunicorn app:app",
        framework="flask", language_version="3.12.4", port=8000, needs=[need("sqlite", "embedded")],
    ),
    "python-pip-folder": row("python", "pip", "pip install -r requirements/prod.txt", "", "python app.py"),
    "python-pip-itself": row("python", "pip", "pip install .", "", "serve --port $PORT"),
    "python-uv": row(
        "python", "uv", "uv sync --locked", "python manage.py collectstatic --noinput",
        "uv run gunicorn shop.wsgi", framework="django",
        environment=[variable("SECRET_KEY", required=True, secret=True)],
    ),
    "python-poetry": row("python", "poetry", "poetry install --only main", "", "poetry run uvicorn a:app"),
    "python-pipenv": row("python", "pipenv", "pipenv install --deploy", "", "pipenv run python app.py"),
    "python-pdm": row("python", "pdm", "pdm sync --prod", "", "pdm run app.py", language_version=">=3.9"),
    "python-conda": row(
        "python", "conda", "conda env create -f environment.yml", "", "conda run -n x python a.py",
    ),
    "python-alone": row("python", "none", "", "", "python3 main.py", kind="script"),
    "mkdocs": pages("python", "pip", "pip install -r requirements.txt", "mkdocs build", "site"),
    "sphinx": pages("python", "pip", "pip install sphinx", "sphinx-build docs _build/html", "_build/html"),
    "go": row(
        "go", "go", "go mod download", "go build -o bin/shop ./cmd/shop", "./bin/shop",
        language_version="1.21",
    ),
    "go-alone": row("go", "none", "", "", ""),
    "go-run": row("go", "go", "go mod download", "", "go run ."),
    "rust": row(
        "rust", "cargo", "", "cargo build --release --locked", "./target/release/shop",
        framework="rocket", language_version="1.70", needs=[need("mysql", "required")],
    ),
    "ruby-rails": row(
        "ruby", "bundler", "bundle install", "bundle exec rails assets:precompile",
        "bundle exec puma -C config/puma.rb",
        framework="rails", language_version="ruby-3.3.1", port=3000, needs=[need("postgres", "required")],
    ),
    "ruby-alone": row("ruby", "none", "", "", "ruby app.rb", framework="sinatra", port=4567),
    "jekyll": pages("ruby", "bundler", "bundle install", "bundle exec jekyll build", "_site"),
    "php-laravel": row(
        "php", "composer", "composer install --no-dev --optimize-autoloader", "npm ci && npm run build",
        "php artisan serve", framework="laravel", language_version="^8.2", needs=[need("mysql", "required")],
    ),
    "php-alone": row("php", "none", "", "", "php -S 0.0.0.0:$PORT -t web", port=80),
    "php-worker": row(
        "php", "composer", "composer install", "", "php bin/console messenger:consume", kind="worker",
    ),
    "java-maven": row(
        "java", "maven", "", "mvn -B -DskipTests package", "java -jar target/shop.jar",
        framework="spring-boot", language_version="17",
    ),
    "java-wrapper": row(
        "java", "maven", "", "./mvnw -DskipTests package", "java -Dserver.port=$PORT -jar target/*.jar"
    ),
    "java-gradle": row(
        "java", "gradle", "", "gradle build -x test", "java -jar $(ls build/libs/*.jar | head -1)",
    ),
    "kotlin-gradlew": row(
        "kotlin", "gradle", "", "./gradlew installDist", "build/install/a/bin/a", framework="ktor",
    ),
    "java-jar": row("java", "none", "", "", "java -jar app.jar", language_version="1.8"),
    "java-war": row("java", "maven", "", "mvn package", "", framework="servlet", language_version="11"),
    "java-war-ready": row("java", "none", "", "", "", framework="war", language_version="21"),
    "scala": row("scala", "sbt", "", "sbt stage", "target/universal/stage/bin/shop"),
    "scala-sbt": row("scala", "sbt", "", "sbt compile", "sbt run"),
    "clojure-lein": row(
        "clojure", "lein", "lein deps", "lein uberjar", "java -jar target/shop-standalone.jar",
    ),
    "clojure-tools": row("clojure", "clojure", "", "", "clojure -M -m shop.core"),
    "dotnet": row(
        "dotnet", "nuget", "dotnet restore", "dotnet publish -c Release -o out", "dotnet out/Shop.dll",
        framework="aspnetcore", language_version="net8.0",
    ),
    "dotnet-run": row("dotnet", "nuget", "", "", "dotnet run"),
    "blazor": pages("dotnet", "nuget", "", "dotnet publish -c Release -o out", "out/wwwroot", spa=True),
    "elixir": row(
        "elixir", "mix", "mix deps.get --only prod", "mix compile", "mix phx.server", framework="phoenix",
    ),
    "elixir-release": row("elixir", "mix", "mix deps.get", "mix release", "_build/prod/rel/a/bin/a start"),
    "gleam": row("gleam", "gleam", "gleam deps download", "", ""),
    "dart": row(
        "dart", "pub", "dart pub get", "dart compile exe bin/server.dart -o bin/server", "./bin/server",
    ),
    "dart-run": row("dart", "pub", "dart pub get", "", "dart run bin/server.dart"),
    "flutter": pages("dart", "pub", "flutter pub get", "flutter build web", "build/web", framework="flutter"),
    "swift": row("swift", "swiftpm", "swift package resolve", "", ".build/release/Run", framework="vapor"),
    "haskell-stack": row("haskell", "stack", "", "stack install --local-bin-path bin", "./bin/shop"),
    "haskell-cabal": row("haskell", "cabal", "cabal update", "cabal build", "cabal run shop"),
    "cpp-cmake": row("cpp", "cmake", "", "cmake -B build && cmake --build build", "./build/shop"),
    "c-make": row("c", "make", "", "make", "./shop", needs=[need("sqlite", "embedded")]),
    "zig": row("zig", "zig", "", "zig build", "./zig-out/bin/shop", language_version="0.13.0"),
    "crystal": row("crystal", "shards", "shards install --production", "", "./bin/shop"),
    "perl": row("perl", "cpanm", "cpanm --installdeps .", "", "perl app.pl daemon", framework="mojolicious"),
    "perl-carton": row("perl", "carton", "carton install --deployment", "", "carton exec plackup app.psgi"),
    "r": row("r", "renv", "Rscript -e 'renv::restore()'", "", "Rscript app.R", framework="plumber"),
    "shell": row("shell", "none", "", "", "zsh start.sh", kind="script"),
    "binary": row("binary", "none", "", "", "./server --port $PORT"),
    "cobol": row("cobol", "none", "", "cobc -x -free -o index index.cob", "./index", kind="script"),
    "hugo": pages("hugo", "none", "", "hugo --minify", "public"),
    "hugo-npm": pages("hugo", "npm", "npm ci", "hugo", "public"),
    "zola": pages("zola", "none", "", "zola build", "public"),
    "static": verdict(kind="static", language="static", static_dir="."),
    "static-folder": verdict(kind="static", language="node", static_dir="dist", spa=True),
    "static-odd-folder": verdict(kind="static", language="static", static_dir="my pages"),
}  # fmt: skip
"""Name → verdict; for each of them a Dockerfile is written."""


def written(members: dict[str, Any], **options: Any) -> Dockerfile:
    """The Dockerfile for a verdict with `members`."""
    made = plan(members, **options).dockerfile
    assert made is not None
    return made


def text(name: str, **members: Any) -> str:
    """The text of the Dockerfile for a case, with some members changed."""
    return written({**CASES[name], **members}).text


GOLDENS = (
    "dotnet",
    "elixir",
    "go",
    "java-wrapper",
    "node-npm",
    "node-pnpm",
    "node-vite",
    "php-laravel",
    "python-pip",
    "python-uv",
    "ruby-rails",
    "rust",
    "static",
)
"""Those whose Dockerfile is kept to be read."""


def write() -> None:
    """Write the kept Dockerfiles anew."""
    folder = Path(__file__).parent / "unit/builds/golden"
    folder.mkdir(exist_ok=True)
    for name in GOLDENS:
        (folder / f"{name}.Dockerfile").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    write()
