"""Rust packages, workspaces and pages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import rust

Look = Callable[[dict[str, str]], Candidate]
MAIN = 'fn main() { println!("hello"); }\n'
SERVER = 'fn main() { HttpServer::new(app).bind(("0.0.0.0", 8080)) }\n'


def cargo(*dependencies: str, name: str = "shop") -> str:
    return (
        f'[package]\nname = "{name}"\nversion = "0.1.0"\n\n[dependencies]\n' + "\n".join(dependencies) + "\n"
    )


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(rust.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"Cargo.toml": cargo('actix-web = "4"'), "Cargo.lock": "", "src/main.rs": SERVER})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "rust", "actix", 0.97)
    assert (found.port, found.package_manager) == (8080, "cargo")
    assert found.install_command == "cargo fetch --locked"
    assert found.build_command == (
        "cargo build --release --locked --bin shop && mkdir -p bin && cp target/release/shop bin/"
    )
    assert found.start_command == "./bin/shop"
    assert found.dependencies == {"actix-web": ("Cargo.toml", 6)}


@pytest.mark.parametrize(
    ("crate", "name", "port"),
    [
        ("actix-web", "actix", 8080),
        ("axum", "axum", 3000),
        ("rocket", "rocket", 8000),
        ("poem", "poem", 3000),
        ("salvo", "salvo", 5800),
        ("loco-rs", "loco", 5150),
        ("gotham", "gotham", 7878),
        ("ntex", "ntex", 8080),
        ("rouille", "rouille", 8000),
        ("tiny_http", "tiny_http", 8000),
        ("async-graphql-axum", "axum", 3000),
    ],
)
def test_a_framework_is_known_by_its_crate(look: Look, crate: str, name: str, port: int):
    found = look({"Cargo.toml": cargo(f'{crate} = "1"'), "src/main.rs": MAIN})
    assert (found.kind, found.framework, found.port) == ("web", name, port)


@pytest.mark.parametrize(
    ("crate", "said"),
    [
        ("hyper", "use hyper::server::conn;"),
        ("tonic", "Server::builder().serve(addr)"),
        ("warp", "warp::serve(routes)"),
        ("tide", "tide::new()"),
    ],
)
def test_a_crate_that_is_also_a_client_counts_only_when_it_serves(look: Look, crate: str, said: str):
    files = {"Cargo.toml": cargo(f'{crate} = "1"'), "src/main.rs": MAIN}
    assert look(files).kind == "script"
    found = look({"src/main.rs": MAIN + said})
    assert (found.kind, found.framework) == ("web", crate)


@pytest.mark.parametrize(
    "table", ["[dev-dependencies]", "[build-dependencies]", "[target.'cfg(unix)'.dev-dependencies]"]
)
def test_crates_for_tests_and_building_claim_nothing(look: Look, table: str):
    found = look({"Cargo.toml": cargo() + f'\n{table}\naxum = "0.8"\nsqlx = "0.8"\n', "src/main.rs": MAIN})
    assert (found.kind, found.framework, found.needs) == ("script", "none", [])


def test_a_crate_for_one_target_counts(look: Look):
    table = "[target.'cfg(not(windows))'.dependencies]\naxum = \"0.8\"\n"
    assert look({"Cargo.toml": cargo() + table, "src/main.rs": MAIN}).framework == "axum"


@pytest.mark.parametrize(
    ("framework", "start"),
    [
        ("rocket", "ROCKET_ADDRESS=0.0.0.0 ROCKET_PORT=${PORT:-8000} ./bin/shop"),
        ("loco-rs", "./bin/shop start --environment production --binding 0.0.0.0 --port ${PORT:-5150}"),
        ("axum", "./bin/shop"),
    ],
)
def test_a_framework_is_told_where_to_listen(look: Look, framework: str, start: str):
    assert look({"Cargo.toml": cargo(f'{framework} = "1"'), "src/main.rs": MAIN}).start_command == start


@pytest.mark.parametrize(
    ("more", "files", "chosen"),
    [
        ("", ["src/main.rs"], "shop"),
        ("", ["src/bin/one.rs", "src/bin/two.rs"], "one"),
        ("", ["src/bin/tool.rs", "src/bin/server/main.rs"], "server"),
        ("", ["src/bin/chat-client.rs", "src/bin/chat-server.rs"], "chat-server"),
        ("", ["src/main.rs", "src/bin/tool.rs"], "shop"),
        (
            '\n[[bin]]\nname = "first"\npath = "src/a.rs"\n',
            ["src/a.rs", "src/main.rs", "src/bin/x.rs"],
            "shop",
        ),
        ('\n[[bin]]\nname = "first"\npath = "src/main.rs"\n', ["src/main.rs"], "first"),
        ('\n[[bin]]\nname = "named"\n', ["src/bin/named.rs"], "named"),
    ],
)
def test_of_several_programs_the_likeliest_is_made(look: Look, more: str, files: list[str], chosen: str):
    found = look({"Cargo.toml": cargo() + more, **dict.fromkeys(files, MAIN)})
    assert found.start_command == f"./bin/{chosen}"


def test_the_manifest_may_say_which_program_runs(look: Look):
    manifest = cargo().replace('name = "shop"', 'name = "shop"\ndefault-run = "web"')
    found = look({"Cargo.toml": manifest, "src/main.rs": MAIN, "src/bin/web.rs": MAIN})
    assert found.start_command == "./bin/web"
    assert found.against == ["The program shop is there as well."]


def test_a_procfile_may_say_which_program_runs(look: Look):
    files = {"Procfile": "web: ./target/release/b\n", "src/bin/a.rs": MAIN, "src/bin/b.rs": MAIN}
    assert look({"Cargo.toml": cargo(), **files}).start_command == "./bin/b"


@pytest.mark.parametrize("members", ['["api", "core"]', '["*"]', '["./api", "core"]'])
def test_a_workspace_is_the_program_in_it_with_the_crates_of_its_parts(look: Look, members: str):
    found = look(
        {
            "Cargo.toml": f'[workspace]\nmembers = {members}\n\n[workspace.dependencies]\naxum = "0.8"\n',
            "api/Cargo.toml": cargo('core = { path = "../core" }', name="api"),
            "api/src/main.rs": MAIN,
            "core/Cargo.toml": cargo("axum.workspace = true", name="core"),
            "core/src/lib.rs": "",
        }
    )
    assert (found.framework, found.start_command) == ("axum", "./bin/api")
    assert "cargo build --release -p api --bin api" in found.build_command


def test_the_server_of_a_workspace_comes_before_its_tools(look: Look):
    found = look(
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n',
            "crates/a-tool/Cargo.toml": cargo(name="a-tool"),
            "crates/a-tool/src/main.rs": MAIN,
            "crates/web/Cargo.toml": cargo('rocket = "0.5"', name="web"),
            "crates/web/src/main.rs": MAIN,
            "crates/old/Cargo.toml": cargo('axum = "0.5"', name="server"),
            "crates/old/src/main.rs": MAIN,
        }
    )
    assert found.framework == "rocket"
    assert found.against == ["The program a-tool is there as well."]


def test_a_package_one_folder_down_is_less_sure(look: Look):
    found = look({"README.md": "", "back/Cargo.toml": cargo('axum = "1"'), "back/src/main.rs": MAIN})
    assert (found.confidence, found.framework) == (0.8, "axum")
    assert found.build_command.startswith("cargo build --release --manifest-path back/Cargo.toml --bin shop")
    assert "cp back/target/release/shop bin/" in found.build_command


def test_settings_of_cargo_move_the_output(look: Look):
    settings = '[build]\ntarget = "x86_64-unknown-linux-musl"\ntarget-dir = "out"\n'
    found = look({"Cargo.toml": cargo(), "src/main.rs": MAIN, ".cargo/config.toml": settings})
    assert "cp out/x86_64-unknown-linux-musl/release/shop bin/" in found.build_command


def test_a_program_for_webassembly_is_run_by_its_runner(look: Look):
    settings = '[build]\ntarget = "wasm32-wasip1"\n'
    files = {"Cargo.toml": cargo(), "src/main.rs": MAIN, ".cargo/config.toml": settings}
    found = look(files)
    assert found.build_command.endswith("cp target/wasm32-wasip1/release/shop.wasm bin/")
    assert found.start_command == "wasmtime run ./bin/shop.wasm"
    runner = '[target.wasm32-wasip1]\nrunner = "lunatic"\n'
    assert look({**files, ".cargo/config.toml": settings + runner}).start_command == "lunatic ./bin/shop.wasm"


def test_a_package_without_a_program_is_a_library(look: Look):
    assert look({"Cargo.toml": cargo(), "src/lib.rs": ""}).kind == "library"


@pytest.mark.parametrize("crate", ["lambda_http", "vercel_runtime", "spin-sdk", "worker"])
def test_code_that_a_platform_calls_is_a_function(look: Look, crate: str):
    assert look({"Cargo.toml": cargo(f'{crate} = "1"'), "src/main.rs": MAIN}).kind == "function"


@pytest.mark.parametrize(
    ("crates", "main"),
    [
        ('serenity = "0.12"', MAIN),
        ('lapin = "2"', MAIN),
        ("", 'fn main() { TcpListener::bind("0.0.0.0:7000"); }\n'),
    ],
)
def test_what_keeps_running_without_http_is_a_worker(look: Look, crates: str, main: str):
    assert look({"Cargo.toml": cargo(crates), "src/main.rs": main}).kind == "worker"


def test_a_server_that_speaks_http_by_hand_is_a_site(look: Look):
    main = 'fn main() { TcpListener::bind("127.0.0.1:7878"); write("HTTP/1.1 200 OK"); }\n'
    found = look({"Cargo.toml": cargo(), "src/main.rs": main})
    assert (found.kind, found.framework, found.port) == ("web", "none", 7878)


@pytest.mark.parametrize(
    ("crate", "name", "more"),
    [
        ('yew = { version = "0.21", features = ["csr"] }', "yew", {"index.html": "<link data-trunk>"}),
        ('leptos = { version = "0.7", features = ["csr"] }', "leptos", {"Trunk.toml": ""}),
        ('sycamore = "0.9"', "sycamore", {"Trunk.toml": ""}),
    ],
)
def test_a_program_for_the_browser_is_a_page(look: Look, crate: str, name: str, more: dict[str, str]):
    found = look({"Cargo.toml": cargo(crate), "src/main.rs": MAIN, **more})
    assert (found.kind, found.framework, found.static_dir, found.spa) == ("static", name, "dist", True)
    assert found.build_command == "trunk build --release"


def test_the_settings_of_trunk_name_the_folder(look: Look):
    files = {"Trunk.toml": '[build]\ndist = "docs"\n', "src/main.rs": MAIN}
    assert look({"Cargo.toml": cargo('yew = "0.21"'), **files}).static_dir == "docs"


def test_leptos_with_a_server_is_a_site(look: Look):
    metadata = '\n[package.metadata.leptos]\noutput-name = "shop"\n'
    crates = ('leptos = "0.7"', 'axum = { version = "0.8", optional = true }')
    found = look({"Cargo.toml": cargo(*crates) + metadata, "src/main.rs": MAIN})
    assert (found.kind, found.framework) == ("web", "leptos")
    assert found.build_command == "cargo leptos build --release"


def test_dioxus_for_the_web_is_a_page_and_with_a_server_a_site(look: Look):
    dioxus = 'dioxus = {{ version = "0.6", features = ["{}"] }}'
    assert look({"Cargo.toml": cargo(dioxus.format("web")), "src/main.rs": MAIN}).kind == "static"
    assert look({"Cargo.toml": cargo(dioxus.format("fullstack"))}).kind == "web"


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ('.bind(("127.0.0.1", 7001))', 7001),
        ('TcpListener::bind("0.0.0.0:7002")', 7002),
        ("SocketAddr::from(([0, 0, 0, 0], 7003))", 7003),
        ('env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(7004)', 7004),
        ("let port: u16 = 7005;", 7005),
        ('connect("postgres://localhost:5432"); serve("[::]:7006")', 7006),
        ("run(app)", 3000),
    ],
)
def test_the_port_is_read_where_it_is_written(look: Look, line: str, port: int):
    files = {"Cargo.toml": cargo('axum = "0.8"'), "src/main.rs": f"fn main() {{ {line} }}\n"}
    assert look(files).port == port


def test_rocket_keeps_its_port_in_its_settings(look: Look):
    files = {
        "Cargo.toml": cargo('rocket = "0.5"'),
        "src/main.rs": MAIN,
        "Rocket.toml": "[default]\nport = 9001\n",
    }
    found = look(files)
    assert found.port == 9001
    assert "ROCKET_PORT=${PORT:-9001}" in found.start_command


@pytest.mark.parametrize(
    ("crate", "expected"),
    [
        ('sqlx = { version = "0.8", features = ["postgres", "runtime-tokio"] }', {"postgres": "required"}),
        ('diesel = { version = "2", features = ["mysql"] }', {"mysql": "required"}),
        ('sea-orm = { version = "1", features = ["sqlx-sqlite"] }', {"sqlite": "embedded"}),
        ('rocket_db_pools = { version = "0.2", features = ["deadpool_redis"] }', {"redis": "required"}),
        ('tokio-postgres = "0.7"', {"postgres": "required"}),
        ('rusqlite = "0.32"', {"sqlite": "embedded"}),
        ('mongodb = "3"', {"mongodb": "required"}),
        ('redis = { version = "0.27", optional = true }', {"redis": "optional"}),
        ('neo4rs = "0.8"', {"neo4j": "required"}),
        ('tiberius = "0.12"', {"mssql": "required"}),
        ('serde = "1"', {}),
    ],
)
def test_a_driver_tells_the_database(look: Look, crate: str, expected: dict[str, str]):
    assert engines(look({"Cargo.toml": cargo(crate), "src/main.rs": MAIN})) == expected


def test_an_optional_driver_that_is_on_by_default_is_needed(look: Look):
    manifest = cargo('redis = { version = "1", optional = true }')
    found = look(
        {
            "Cargo.toml": manifest + '\n[features]\ndefault = ["cache"]\ncache = ["dep:redis"]\n',
            "src/main.rs": MAIN,
        }
    )
    assert engines(found) == {"redis": "required"}


def test_of_two_sql_drivers_the_settings_choose(look: Look):
    crate = 'sqlx = { version = "0.8", features = ["postgres", "sqlite"] }'
    files = {"Cargo.toml": cargo(crate), "src/main.rs": MAIN, ".env.example": "DATABASE_URL=postgres://x\n"}
    assert engines(look(files)) == {"postgres": "required", "sqlite": "optional"}


@pytest.mark.parametrize(
    ("file", "text", "stated"),
    [
        ("rust-toolchain.toml", '[toolchain]\nchannel = "1.80.1"\n', "1.80.1"),
        ("rust-toolchain", "nightly-2026-01-01\n", "nightly-2026-01-01"),
        (".tool-versions", "rust 1.82.0\n", "1.82.0"),
    ],
)
def test_the_toolchain_is_pinned_by_a_file(look: Look, file: str, text: str, stated: str):
    assert look({"Cargo.toml": cargo(), "src/main.rs": MAIN, file: text}).language_version == stated


def test_the_manifest_may_state_the_least_version(look: Look):
    manifest = cargo().replace('version = "0.1.0"', 'version = "0.1.0"\nrust-version = "1.75"')
    assert look({"Cargo.toml": manifest, "src/main.rs": MAIN}).language_version == "1.75"


def test_a_missing_lock_file_is_a_finding(look: Look):
    assert rules(look({"Cargo.toml": cargo(), "src/main.rs": MAIN})) == ["missing-lock-file"]
    assert rules(look({"Cargo.lock": ""})) == []


@pytest.mark.parametrize("crate", ["tauri", "pyo3", "napi"])
def test_a_part_of_a_program_in_another_language_is_not_the_point(look: Look, crate: str):
    assert look({"Cargo.toml": cargo(f'{crate} = "2"'), "src/main.rs": MAIN}).confidence <= 0.5


def test_a_lone_source_is_compiled_by_itself(look: Look):
    found = look({"main.rs": MAIN})
    assert (found.kind, found.confidence, found.start_command) == ("script", 0.6, "./bin/main")


def test_a_health_route_is_found(look: Look):
    main = 'fn main() { Router::new().route("/health", get(ok)); }\n'
    assert look({"Cargo.toml": cargo('axum = "0.8"'), "src/main.rs": main}).health_path == "/health"


@pytest.mark.parametrize(
    "files", [{}, {"Cargo.toml": "not toml ["}, {"lib.rs": "pub fn x() {}"}, {"a/b/c/Cargo.toml": cargo()}]
)
def test_nothing_of_rust_is_nothing(tmp_path: Path, files: dict[str, str]):
    assert rust.detect(plant(tmp_path, files)) is None
