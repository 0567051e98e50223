"""Go projects of every shape."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import go

Look = Callable[[dict[str, str]], Candidate]
MOD = "module example.com/shop\n\ngo 1.24\n"
HELLO = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'
NET = (
    'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.HandleFunc("/healthz", ok)\n'
    '\thttp.ListenAndServe(":9000", nil)\n}\n'
)


def program(path: str, body: str = "") -> str:
    return f'package main\n\nimport (\n\t"os"\n\t_ "{path}"\n)\n\nfunc main() {{\n\t{body}\n}}\n'


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(go.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"go.mod": MOD, "main.go": NET, "go.sum": ""})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "go", "net/http", 0.97)
    assert (found.port, found.health_path, found.language_version) == (9000, "/healthz", "1.24")
    assert found.install_command == "go mod download"
    assert found.build_command == 'go build -ldflags="-s -w" -o out .'
    assert found.start_command == "./out"


@pytest.mark.parametrize(
    ("path", "name", "port"),
    [
        ("github.com/gin-gonic/gin", "gin", 8080),
        ("github.com/gofiber/fiber/v2", "fiber", 3000),
        ("github.com/labstack/echo/v4", "echo", 1323),
        ("github.com/go-chi/chi/v5", "chi", 8080),
        ("github.com/gorilla/mux", "mux", 8080),
        ("github.com/beego/beego/v2/server/web", "beego", 8080),
        ("github.com/kataras/iris/v12", "iris", 8080),
        ("github.com/julienschmidt/httprouter", "httprouter", 8080),
        ("github.com/emicklei/go-restful/v3", "go-restful", 8080),
        ("github.com/cloudwego/hertz/pkg/app/server", "hertz", 8888),
        ("github.com/zeromicro/go-zero/rest", "go-zero", 8888),
        ("github.com/gogf/gf/v2/frame/g", "goframe", 8000),
        ("gofr.dev/pkg/gofr", "gofr", 8000),
        ("connectrpc.com/connect", "connect", 8080),
        ("github.com/pocketbase/pocketbase", "pocketbase", 8090),
    ],
)
def test_a_framework_is_known_by_its_import(look: Look, path: str, name: str, port: int):
    found = look({"go.mod": MOD, "main.go": program(path)})
    assert (found.kind, found.framework, found.port) == ("web", name, port)


@pytest.mark.parametrize("path", ["github.com/valyala/fasthttp", "github.com/a-h/templ"])
def test_a_package_that_is_also_a_client_counts_only_when_something_listens(look: Look, path: str):
    assert look({"go.mod": MOD, "main.go": program(path)}).framework == "none"
    served = program(path, 'srv.ListenAndServe(":80")')
    assert look({"main.go": served}).framework == path.rpartition("/")[2]


def test_a_router_beats_what_it_is_built_on(look: Look):
    main = NET.replace('import "net/http"', 'import (\n\t"net/http"\n\t"github.com/go-chi/chi/v5"\n)')
    assert look({"go.mod": MOD, "main.go": main}).framework == "chi"


def test_a_server_for_grpc_is_known_by_what_it_makes(look: Look):
    served = program("google.golang.org/grpc", "grpc.NewServer()")
    assert look({"go.mod": MOD, "main.go": served}).framework == "grpc"


def test_a_client_of_grpc_or_http_is_a_script(look: Look):
    found = look({"go.mod": MOD, "main.go": program("google.golang.org/grpc", 'http.Get("http://x/health")')})
    assert (found.kind, found.framework, found.port) == ("script", "none", None)


def test_a_framework_that_is_only_required_indirectly_is_none(look: Look):
    mod = (
        MOD
        + "\nrequire (\n\tgithub.com/gin-gonic/gin v1.9.0 // indirect\n\tgithub.com/spf13/cobra v1.8.0\n)\n"
    )
    found = look({"go.mod": mod, "main.go": HELLO})
    assert found.framework == "none"
    assert found.dependencies == {"github.com/spf13/cobra": ("go.mod", 7)}


def test_a_server_in_a_package_of_the_project_belongs_to_the_program_that_imports_it(look: Look):
    found = look(
        {
            "go.mod": MOD,
            "cmd/api/main.go": program("example.com/shop/internal/server"),
            "cmd/cli/main.go": HELLO,
            "internal/server/server.go": NET.replace("package main", "package server").replace(
                "main()", "Run()"
            ),
        }
    )
    assert (found.kind, found.framework, found.port) == ("web", "net/http", 9000)
    assert found.build_command.endswith("-o out ./cmd/api")
    assert found.against == ["cmd/cli/main.go is a program as well."]


@pytest.mark.parametrize(
    ("folders", "chosen"),
    [
        (["cmd/migrate", "cmd/server"], "./cmd/server"),
        (["cmd/a", "cmd/shop", "cmd/b"], "./cmd/a"),
        (["cmd/web", "cmd/worker"], "./cmd/web"),
        (["tools/gen", "service"], "./service"),
        (["", "examples/one"], "."),
    ],
)
def test_of_several_programs_the_likeliest_is_built(look: Look, folders: list[str], chosen: str):
    files = {f"{folder}/main.go".removeprefix("/"): NET for folder in folders}
    assert look({"go.mod": MOD, **files}).build_command.endswith(f"-o out {chosen}")


def test_a_procfile_names_the_program_and_where_it_is_expected(look: Look):
    found = look(
        {"go.mod": MOD, "cmd/shop/main.go": NET, "cmd/api/main.go": NET, "Procfile": "web: bin/shop -v\n"}
    )
    assert (found.build_command[-19:], found.start_command) == ("bin/shop ./cmd/shop", "./bin/shop")


def test_a_lone_source_is_a_program_without_a_module(look: Look):
    found = look({"hello.go": HELLO})
    assert (found.kind, found.package_manager, found.confidence) == ("script", "none", 0.68)
    assert found.install_command == "go mod init app && go mod tidy"
    assert found.start_command == "./out"


def test_two_lone_programs_in_one_folder_are_built_one_at_a_time(look: Look):
    found = look({"a.go": HELLO, "server.go": NET})
    assert found.build_command.endswith(" server.go")


def test_the_module_that_is_missing_is_named_as_its_packages_are_imported(look: Look):
    found = look({"main.go": program("github.com/me/shop/store"), "store/store.go": "package store\n"})
    assert found.install_command.startswith("go mod init github.com/me/shop ")


@pytest.mark.parametrize(
    ("manifest", "manager"),
    [
        ("Gopkg.toml", "dep"),
        ("glide.yaml", "glide"),
        ("Godeps/Godeps.json", "godep"),
        ("vendor/vendor.json", "govendor"),
    ],
)
def test_the_tools_before_modules_are_known(look: Look, manifest: str, manager: str):
    found = look({manifest: "{}", "main.go": NET})
    assert (found.package_manager, found.kind, found.confidence) == (manager, "web", 0.97)


def test_what_is_vendored_or_a_test_is_not_the_project(look: Look):
    found = look(
        {
            "go.mod": MOD,
            "vendor/modules.txt": "",
            "vendor/github.com/gin-gonic/gin/gin.go": NET,
            "main.go": HELLO,
            "main_test.go": NET,
            "testdata/x/main.go": NET,
            "_old/main.go": NET,
            "gen.go": "//go:build ignore\n\n" + NET,
        }
    )
    assert (found.kind, found.install_command) == ("script", "")


def test_a_package_without_a_program_is_a_library(look: Look):
    assert look({"go.mod": MOD, "shop.go": "package shop\n"}).kind == "library"


def test_a_library_with_examples_stays_a_library(look: Look):
    assert look({"go.mod": MOD, "shop.go": "package shop\n", "examples/x/main.go": NET}).kind == "library"


RUNNER = "github.com/GoogleCloudPlatform/functions-framework-go/funcframework"
FUNCTION = 'package hello\n\nimport "net/http"\n\nfunc Hello(w http.ResponseWriter, r *http.Request) {}\n'


EVENT = (
    'package hello\nimport "context"\nfunc Seen(ctx context.Context, e event.Event) error { return nil }\n'
)
LAMBDA = (
    'package main\nimport (\n\t"github.com/aws/aws-lambda-go/lambda"\n\t"github.com/gofiber/fiber/v2"\n)\n'
)
GIN = FUNCTION.replace('"net/http"', '(\n\t"net/http"\n\t"github.com/gin-gonic/gin"\n)')


@pytest.mark.parametrize(
    "files",
    [
        {"go.mod": MOD, "fn.go": EVENT},
        {"go.mod": MOD, "fn.go": FUNCTION},
        {"go.mod": MOD, "fn.go": FUNCTION, "cmd/main.go": program(RUNNER)},
        {"go.mod": MOD, "api/hello.go": FUNCTION},
        {"go.mod": MOD, "main.go": program("github.com/aws/aws-lambda-go/lambda", "lambda.Start(h)")},
    ],
)  # fmt: skip
def test_code_that_a_platform_calls_is_a_function(look: Look, files: dict[str, str]):
    found = look(files)
    assert (found.kind, found.start_command) == ("function", "")


@pytest.mark.parametrize(
    ("files", "framework"),
    [
        ({"fn.go": FUNCTION}, "net/http"),
        ({"fn.go": EVENT}, "none"),
        ({"main.go": LAMBDA + "func main() { lambda.Start(Handler) }\n"}, "fiber"),
        ({"api/index.go": GIN}, "gin"),
    ],
)  # fmt: skip
def test_a_function_has_the_framework_that_it_answers_with(look: Look, files: dict[str, str], framework: str):
    found = look({"go.mod": MOD, **files})
    assert (found.kind, found.framework) == ("function", framework)


def test_a_program_that_listens_where_no_platform_calls_it_is_a_site(look: Look):
    main = LAMBDA + 'func main() { if cloud { lambda.Start(h) }; app.Listen(":3000") }\n'
    assert look({"go.mod": MOD, "main.go": main}).kind == "web"


def test_an_app_engine_app_without_a_main_is_a_site(look: Look):
    served = FUNCTION + 'func init() { http.HandleFunc("/", Hello) }\n'
    found = look({"app.yaml": "runtime: go\n", "lib/a.go": served})
    assert (found.kind, found.framework) == ("web", "net/http")


@pytest.mark.parametrize(
    "main",
    [
        program("github.com/hibiken/asynq"),
        program("github.com/bwmarrin/discordgo"),
        program("github.com/robfig/cron/v3"),
        HELLO.replace("fmt.Println", 'net.Listen("tcp", ":7000"); fmt.Println'),
    ],
)
def test_what_keeps_running_without_http_is_a_worker(look: Look, main: str):
    assert look({"go.mod": MOD, "main.go": main}).kind == "worker"


def test_a_workspace_with_one_program_is_that_program(look: Look):
    found = look(
        {
            "go.work": "go 1.23\n\nuse (\n\t./api\n\t./lib\n)\n",
            "api/go.mod": "module api\n",
            "api/main.go": NET,
            "lib/go.mod": "module lib\n",
            "lib/lib.go": "package lib\n",
        }
    )
    assert (found.kind, found.language_version) == ("web", "1.23")
    assert found.build_command == 'go build -ldflags="-s -w" -o out ./api'


@pytest.mark.parametrize("main", ["", NET])
def test_a_workspace_with_no_server_or_several_is_a_monorepo(look: Look, main: str):
    files = {f"{name}/main.go": main for name in ("a", "b") if main}
    found = look(
        {"go.work": "use ./a\nuse ./b\n", "a/go.mod": "module a\n", "b/go.mod": "module b\n", **files}
    )
    assert found.kind == "monorepo"


def test_a_module_one_folder_down_is_built_there_and_is_less_sure(look: Look):
    found = look({"README.md": "", "back end/go.mod": MOD, "back end/main.go": NET})
    assert found.confidence == 0.8
    assert found.build_command == "go build -C 'back end' -ldflags=\"-s -w\" -o ../out ."
    assert found.install_command == "cd 'back end' && go mod download"


@pytest.mark.parametrize(
    ("line", "port"),
    [
        ('r.Run(":7001")', 7001),
        ('app.Listen("0.0.0.0:7002")', 7002),
        ('http.ListenAndServe("127.0.0.1:7003", nil)', 7003),
        ('s := &http.Server{Addr: ":7004"}', 7004),
        ('port := os.Getenv("PORT"); if port == "" { port = "7005" }', 7005),
        ('port := getEnv("PORT", "7006")', 7006),
        ('addr := flag.String("addr", ":7007", "where")', 7007),
        ('dbPort := "5432"; port := 7008', 7008),
        ("r.Run()", 8080),
    ],
)
def test_the_port_is_read_where_it_is_written(look: Look, line: str, port: int):
    assert look({"go.mod": MOD, "main.go": program("github.com/gin-gonic/gin", line)}).port == port


@pytest.mark.parametrize(
    ("path", "engine", "level"),
    [
        ("github.com/lib/pq", "postgres", "required"),
        ("github.com/jackc/pgx/v5/stdlib", "postgres", "required"),
        ("gorm.io/driver/mysql", "mysql", "required"),
        ("github.com/mattn/go-sqlite3", "sqlite", "embedded"),
        ("modernc.org/sqlite", "sqlite", "embedded"),
        ("go.mongodb.org/mongo-driver/mongo", "mongodb", "required"),
        ("github.com/redis/go-redis/v9", "redis", "required"),
        ("github.com/microsoft/go-mssqldb", "mssql", "required"),
        ("github.com/neo4j/neo4j-go-driver/v5/neo4j", "neo4j", "required"),
        ("github.com/gocql/gocql", "cassandra", "required"),
        ("github.com/IBM/sarama", "kafka", "required"),
    ],
)
def test_a_driver_tells_the_database(look: Look, path: str, engine: str, level: str):
    assert engines(look({"go.mod": MOD, "main.go": program(path)})) == {engine: level}


TWO = 'package main\nimport (\n\t_ "github.com/lib/pq"\n\t_ "github.com/go-sql-driver/mysql"\n)\n'


def test_of_two_sql_drivers_the_one_that_is_opened_is_needed(look: Look):
    found = look({"go.mod": MOD, "main.go": TWO + 'func main() { sql.Open("mysql", dsn) }\n'})
    assert engines(found) == {"mysql": "required", "postgres": "optional"}


def test_of_two_sql_drivers_the_settings_choose_when_the_code_does_not(look: Look):
    main = TWO + "func main() {}\n"
    found = look({"go.mod": MOD, "main.go": main, ".env.example": "DATABASE_URL=postgres://u@db/x\n"})
    assert engines(found) == {"postgres": "required", "mysql": "optional"}


@pytest.mark.parametrize(
    ("files", "stated"),
    [
        ({"go.mod": "module x\n\ngo 1.21\ntoolchain go1.22.3\n"}, "1.22.3"),
        ({"go.mod": "module x\n", ".go-version": "1.23.1\n"}, "1.23.1"),
        ({"go.mod": "module x\n", ".tool-versions": "golang 1.24.2\n"}, "1.24.2"),
        ({"go.mod": "// +heroku goVersion go1.20\nmodule x\n\ngo 1.19\n"}, "1.20"),
    ],
)
def test_the_version_is_taken_from_what_pins_it(look: Look, files: dict[str, str], stated: str):
    assert look({"main.go": HELLO, **files}).language_version == stated


def test_an_old_go_line_is_no_finding_but_an_old_pin_is(look: Look):
    assert "end-of-life" not in rules(look({"go.mod": "module x\n\ngo 1.18\n", "main.go": HELLO}))
    assert "end-of-life" in rules(look({".go-version": "1.18\n"}))


def test_requirements_without_a_lock_file_are_a_finding(look: Look):
    files = {"go.mod": MOD + "require github.com/gin-gonic/gin v1.9.0\n", "main.go": HELLO}
    assert rules(look(files)) == ["missing-lock-file"]
    assert rules(look({"go.sum": ""})) == []


def test_templates_that_were_not_generated_are_generated_first(look: Look):
    found = look({"go.mod": MOD, "main.go": NET, "page.templ": ""})
    assert found.build_command.startswith("go run github.com/a-h/templ/cmd/templ generate && ")


def test_a_source_among_another_language_is_only_a_guess(look: Look):
    assert look({"package.json": "{}", "x.go": HELLO}).confidence < 0.6


def test_nothing_of_go_is_nothing(tmp_path: Path):
    assert go.detect(plant(tmp_path, {"main.py": "", "vendor/a/go.mod": MOD, "x.go": "no go at all"})) is None
