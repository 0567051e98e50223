"""PHP sites, systems, functions and scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import php

Look = Callable[[dict[str, str]], Candidate]
PAGE = "<?php\n\necho '<h1>Hello</h1>';\n"
SERVE = "frankenphp php-server --listen :${PORT:-8080} --root "


def composer(*packages: str, **more: object) -> str:
    return json.dumps({"require": dict.fromkeys(packages, "^1"), **more}, indent=2)


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(php.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"composer.json": composer("laravel/framework"), "artisan": "", "public/index.php": PAGE})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "php", "laravel", 0.97)
    assert (found.package_manager, found.port) == ("composer", 8080)
    assert found.install_command == "composer install --no-dev --optimize-autoloader --no-interaction"
    assert found.start_command == SERVE + "public"
    assert found.dependencies == {"laravel/framework": ("composer.json", 3)}


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("laravel/framework", "laravel"),
        ("laravel/lumen-framework", "lumen"),
        ("symfony/framework-bundle", "symfony"),
        ("slim/slim", "slim"),
        ("codeigniter4/framework", "codeigniter"),
        ("cakephp/cakephp", "cakephp"),
        ("yiisoft/yii2", "yii"),
        ("laminas/laminas-mvc", "laminas"),
        ("mezzio/mezzio", "mezzio"),
        ("nette/application", "nette"),
        ("drupal/core-recommended", "drupal"),
        ("roots/wordpress", "wordpress"),
        ("craftcms/cms", "craft"),
        ("typo3/cms-core", "typo3"),
        ("leafs/leaf", "leaf"),
        ("flightphp/core", "flight"),
        ("silex/silex", "silex"),
        ("twig/twig", "twig"),
    ],
)
def test_a_framework_is_known_by_its_package(look: Look, package: str, name: str):
    found = look({"composer.json": composer("php", package), "index.php": PAGE})
    assert (found.kind, found.framework, found.confidence) == ("web", name, 0.97)


def test_a_framework_beats_the_templates_it_is_used_with(look: Look):
    assert look({"composer.json": composer("twig/twig", "slim/slim"), "index.php": PAGE}).framework == "slim"


@pytest.mark.parametrize(
    "package", ["symfony/console", "monolog/monolog", "illuminate/support", "vlucas/phpdotenv"]
)
def test_a_part_of_a_framework_claims_none(look: Look, package: str):
    assert look({"composer.json": composer(package), "index.php": PAGE}).framework == "none"


def test_packages_for_tests_claim_no_framework(look: Look):
    manifest = json.dumps({"require-dev": {"laravel/framework": "^11"}})
    assert look({"composer.json": manifest, "index.php": PAGE}).framework == "none"


@pytest.mark.parametrize(
    ("files", "name", "root"),
    [
        (["wp-config-sample.php", "wp-load.php", "index.php"], "wordpress", "."),
        (["core/lib/Drupal.php", "index.php"], "drupal", "."),
        (["web/core/lib/Drupal.php", "web/index.php"], "drupal", "web"),
        (["administrator/index.php", "libraries/src/Version.php", "index.php"], "joomla", "."),
        (["system/core/CodeIgniter.php", "application/x.php", "index.php"], "codeigniter", "."),
        (["system/CodeIgniter.php", "app/Config/App.php", "public/index.php"], "codeigniter", "public"),
        (["artisan", "public/index.php"], "laravel", "public"),
    ],
)
def test_a_system_is_known_by_its_files(look: Look, files: list[str], name: str, root: str):
    found = look(dict.fromkeys(files, PAGE))
    assert (found.kind, found.framework, found.start_command) == ("web", name, SERVE + root)


def test_a_framework_may_be_known_by_what_the_first_page_does(look: Look):
    found = look({"index.php": "<?php $f3 = Base::instance(); $f3->run();"})
    assert found.framework == "fatfree"


@pytest.mark.parametrize(
    "folder", ["public", "web", "htdocs", "www", "public_html", "webroot", "html", "docroot", "httpdocs"]
)
def test_the_folder_with_the_first_page_is_served(look: Look, folder: str):
    found = look({f"{folder}/index.php": PAGE, "src/x.php": "<?php"})
    assert (found.kind, found.start_command, found.confidence) == ("web", SERVE + folder, 0.85)


def test_a_page_at_the_top_is_served_from_there(look: Look):
    found = look({"index.php": PAGE, "public/style.css": ""})
    assert (found.start_command, found.confidence, found.package_manager) == (SERVE + ".", 0.92, "none")


def test_with_a_manifest_the_inner_page_is_served_rather_than_the_outer(look: Look):
    files = {"composer.json": composer("slim/slim"), "index.php": PAGE, "public/index.php": PAGE}
    assert look(files).start_command == SERVE + "public"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Procfile", "web: vendor/bin/heroku-php-apache2 site/pages/\n"),
        ("Procfile", "web: heroku-php-nginx -C nginx_app.conf site/pages\n"),
        ("Procfile", "web: heroku-php-apache2 -t site/pages\n"),
        ("Procfile", "web: php -S 0.0.0.0:$PORT -t site/pages\n"),
        ("app.yaml", "runtime: php\nruntime_config:\n  document_root: site/pages\n"),
        (".platform.app.yaml", "web:\n  locations:\n    /:\n      root: 'site/pages'\n"),
        ("nixpacks.toml", '[variables]\nNIXPACKS_PHP_ROOT_DIR = "/app/site/pages"\n'),
        ("composer.json", '{"extra": {"public-dir": "site/pages/"}}'),
    ],
)
def test_settings_name_the_folder_that_is_served(look: Look, file: str, text: str):
    found = look({file: text, "index.php": PAGE, "site/pages/main.php": PAGE})
    assert (found.kind, found.start_command) == ("web", SERVE + "site/pages")


def test_a_folder_that_is_not_there_is_not_served(look: Look):
    found = look({"Procfile": "web: heroku-php-apache2 gone/\n", "index.php": PAGE})
    assert found.start_command == SERVE + "."


@pytest.mark.parametrize(
    ("package", "start"),
    [
        ("hyperf/framework", "php bin/hyperf.php start"),
        ("react/http", "php server.php"),
        ("workerman/workerman", "php server.php start"),
        ("spiral/framework", "./rr serve"),
    ],
)
def test_a_framework_with_its_own_server_uses_it(look: Look, package: str, start: str):
    found = look({"composer.json": composer(package), "server.php": "<?php"})
    assert (found.kind, found.start_command) == ("web", start)


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"main.php": "<?php\n$name = $argv[1];\n"}, "script"),
        ({"hello.php": "<?php\necho 'done';\n"}, "script"),
        ({"info.php": "<?php phpinfo();\n"}, "web"),
        ({"form.php": "<form><?php echo $_GET['q']; ?></form>"}, "web"),
        ({"composer.json": composer(type="library"), "src/Shop.php": "<?php class Shop {}"}, "library"),
        ({"composer.json": composer("symfony/console"), "src/Shop.php": "<?php class Shop {}"}, "library"),
        ({"composer.json": composer(bin=["bin/tool"]), "src/Tool.php": "<?php"}, "script"),
        ({"composer.json": composer("php-amqplib/php-amqplib"), "worker.php": "<?php"}, "worker"),
        ({"shop.php": "<?php\n/*\n * Plugin Name: Shop\n */\n"}, "library"),
        ({"style.css": "/*\nTheme Name: Shop\n*/", "index.php": PAGE}, "library"),
    ],
)
def test_what_is_no_site_is_told_apart(look: Look, files: dict[str, str], kind: str):
    assert look(files).kind == kind


def test_a_script_is_started_by_php(look: Look):
    assert look({"say it.php": "<?php echo $argv[1];"}).start_command == "php 'say it.php'"


@pytest.mark.parametrize(
    "files",
    [
        {"composer.json": composer("google/cloud-functions-framework"), "index.php": "<?php"},
        {"index.php": "<?php\nfunction hello(ServerRequestInterface $request): string\n{\n}\n"},
        {"index.php": "<?php\nfunction seen(CloudEventInterface $event): void\n{\n}\n"},
        {"vercel.json": '{"functions": {"api/*.php": {"runtime": "vercel-php@0.7"}}}', "api/x.php": PAGE},
    ],
)
def test_code_that_a_platform_calls_is_a_function(look: Look, files: dict[str, str]):
    found = look(files)
    assert (found.kind, found.framework, found.start_command) == ("function", "none", "")


LARAVEL = {"composer.json": composer("laravel/framework"), "artisan": "", "public/index.php": PAGE}
DEFAULT = "<?php return ['default' => env('DB_CONNECTION', 'sqlite'), 'connections' => ['mysql' => []]];"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({".env.example": "DB_CONNECTION=pgsql\n"}, {"postgres": "required"}),
        ({".env.example": "DB_CONNECTION=mysql\n", ".env": "DB_CONNECTION=sqlite\n"}, {"sqlite": "embedded"}),
        ({"config/database.php": DEFAULT}, {"sqlite": "embedded"}),
        ({"config/database.php": DEFAULT, ".env.example": "DB_CONNECTION=mariadb\n"}, {"mysql": "required"}),
        ({".env.example": "# DB_CONNECTION=mysql\nREDIS_HOST=127.0.0.1\n"}, {}),
        ({".env.example": "QUEUE_CONNECTION=redis\nCACHE_STORE=redis\n"}, {"redis": "required"}),
        ({".env.example": "SESSION_DRIVER=database\nCACHE_DRIVER=memcached\n"}, {"memcached": "required"}),
    ],
)
def test_the_settings_of_laravel_tell_the_database(
    look: Look, files: dict[str, str], expected: dict[str, str]
):
    assert engines(look({**LARAVEL, **files})) == expected


def test_an_engine_that_is_required_on_purpose_beats_the_default_of_the_framework(look: Look):
    files = {
        "composer.json": composer("laravel/framework", "ext-mongodb"),
        ".env.example": "DB_CONNECTION=sqlite\n",
        "config/database.php": DEFAULT,
    }
    assert engines(look({**LARAVEL, **files})) == {"mongodb": "required", "sqlite": "optional"}


SYMFONY = {"composer.json": composer("symfony/framework-bundle", "doctrine/orm"), "public/index.php": PAGE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('DATABASE_URL="postgresql://app@127.0.0.1:5432/app"\n', {"postgres": "required"}),
        ("# DATABASE_URL=mysql://x\nDATABASE_URL=sqlite:///%here%/data.db\n", {"sqlite": "embedded"}),
        ("MESSENGER_TRANSPORT_DSN=amqp://guest@localhost\n", {"rabbitmq": "required"}),
        ("MESSENGER_TRANSPORT_DSN=doctrine://default\n", {}),
    ],
)  # fmt: skip
def test_the_settings_of_symfony_tell_the_database(look: Look, text: str, expected: dict[str, str]):
    assert engines(look({**SYMFONY, ".env": text})) == expected


def test_an_address_without_anything_that_would_use_it_is_no_need(look: Look):
    files = {"composer.json": composer("symfony/framework-bundle"), ".env": "DATABASE_URL=mysql://x\n"}
    assert engines(look({**files, "public/index.php": PAGE})) == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("mysqli_connect('db', 'u', 'p');", {"mysql": "required"}),
        ("new mysqli($host);", {"mysql": "required"}),
        ("new PDO('mysql:host=db;dbname=x');", {"mysql": "required"}),
        ('new PDO("pgsql:host=$host;dbname=$name");', {"postgres": "required"}),
        ("new PDO('sqlite:' . __DIR__ . '/x.db');", {"sqlite": "embedded"}),
        ("pg_connect('host=db');", {"postgres": "required"}),
        ("new SQLite3('x.db');", {"sqlite": "embedded"}),
        ("new MongoDB\\Client('mongodb://db');", {"mongodb": "required"}),
        ("new \\Redis();", {"redis": "required"}),
        ("new Memcached();", {"memcached": "required"}),
        ("sqlsrv_connect('db');", {"mssql": "required"}),
        ("$x = ['driver' => 'mysql', 'host' => 'db'];", {"mysql": "required"}),
        ("echo 'mysql: a database';", {}),
    ],
)
def test_a_connection_in_the_sources_tells_the_database(look: Look, code: str, expected: dict[str, str]):
    assert engines(look({"index.php": f"<?php\n{code}\n"})) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/Config/Database.php": "<?php 'DBDriver' => 'Postgre',"}, {"postgres": "required"}),
        ({"config/app_local.example.php": "<?php 'driver' => Mysql::class,"}, {"mysql": "required"}),
        (
            {"config/db.php": "<?php return ['dsn' => 'mysql:host=localhost;dbname=x'];"},
            {"mysql": "required"},
        ),
    ],
)
def test_the_settings_of_other_frameworks_tell_the_database(
    look: Look, files: dict[str, str], expected: dict[str, str]
):
    assert engines(look({"index.php": PAGE, **files})) == expected


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        (("ext-mysqli", "ext-pdo"), {"mysql": "optional"}),
        (("ext-redis",), {"redis": "optional"}),
        (("mongodb/mongodb",), {"mongodb": "required"}),
        (("predis/predis",), {"redis": "required"}),
        (("laravel/framework", "predis/predis"), {"redis": "optional"}),
        (("johnpbloch/wordpress",), {"mysql": "required"}),
        (("elasticsearch/elasticsearch",), {"elasticsearch": "required"}),
    ],
)
def test_packages_tell_the_database(look: Look, packages: tuple[str, ...], expected: dict[str, str]):
    assert engines(look({"composer.json": composer(*packages), "index.php": PAGE})) == expected


@pytest.mark.parametrize(
    ("lock", "command"),
    [
        ("package-lock.json", "npm ci && npm run build"),
        ("yarn.lock", "yarn install --frozen-lockfile && yarn run build"),
        ("pnpm-lock.yaml", "pnpm install --frozen-lockfile && pnpm run build"),
        ("README.md", "npm install && npm run build"),
    ],
)
def test_styles_and_scripts_are_made_with_node(look: Look, lock: str, command: str):
    found = look({**LARAVEL, "package.json": '{"scripts": {"build": "vite build"}}', lock: ""})
    assert (found.framework, found.build_command, found.confidence) == ("laravel", command, 0.97)


@pytest.mark.parametrize(
    ("manifest", "stated", "old"),
    [
        ({"require": {"php": "^8.2"}}, "^8.2", False),
        ({"require": {"php": ">=7.1"}}, ">=7.1", False),
        ({"require": {"php": "^7.2"}}, "^7.2", True),
        ({"require": {"php": "^7.4|^8.0"}}, "^7.4|^8.0", False),
        ({"require": {"php": "7.4.*"}}, "7.4.*", True),
        ({"require": {"php": "~8.0.0"}}, "~8.0.0", True),
        ({"require": {"php": "8.0.*"}}, "8.0.*", True),
        ({"require": {"php": "~8.0"}}, "~8.0", False),
        ({"require": {"php": "8.*"}}, "8.*", False),
        ({"require": {"php": "^8.1"}, "config": {"platform": {"php": "8.0.30"}}}, "8.0.30", True),
    ],
)
def test_the_version_is_stated_and_judged_by_what_it_allows(
    look: Look, manifest: dict[str, object], stated: str, old: bool
):
    found = look({"composer.json": json.dumps(manifest), "index.php": PAGE})
    assert (found.language_version, "end-of-life" in rules(found)) == (stated, old)


def test_a_missing_lock_file_is_a_finding(look: Look):
    files = {"composer.json": composer("slim/slim"), "index.php": PAGE}
    assert rules(look(files)) == ["missing-lock-file"]
    assert rules(look({"composer.lock": "{}"})) == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("php -S 0.0.0.0:$PORT", True),
        ("php artisan serve --host 0.0.0.0", True),
        ("heroku-php-apache2", False),
    ],
)
def test_the_server_for_trying_out_is_a_finding(look: Look, command: str, found: bool):
    assert ("debug-server" in rules(look({"index.php": PAGE, "Procfile": f"web: {command}\n"}))) == found


def test_the_health_path_of_laravel_is_read_where_it_is_set(look: Look):
    found = look({**LARAVEL, "bootstrap/app.php": "<?php\n  health: '/up',\n"})
    assert found.health_path == "/up"


def test_a_health_route_is_found(look: Look):
    found = look({**LARAVEL, "routes/api.php": "<?php\nRoute::get('/healthz', fn () => 'ok');\n"})
    assert found.health_path == "/healthz"


def test_a_project_one_folder_down_is_told_as_from_the_top(look: Look):
    found = look(
        {"README.md": "", "shop/composer.json": composer("slim/slim"), "shop/public/index.php": PAGE}
    )
    assert (found.framework, found.confidence) == ("slim", 0.85)
    assert found.start_command == f"cd shop && {SERVE}public"
    assert found.against == ["It lies in shop, not at the top."]


def test_a_page_beside_another_manifest_is_only_a_guess(look: Look):
    assert look({"index.php": PAGE, "package.json": "{}"}).confidence <= 0.6


@pytest.mark.parametrize("files", [{}, {"index.html": ""}, {"vendor/a/composer.json": composer("slim/slim")}])
def test_nothing_of_php_is_nothing(tmp_path: Path, files: dict[str, str]):
    assert php.detect(plant(tmp_path, files)) is None
