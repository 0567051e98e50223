"""Ruby sites, workers, scripts and libraries."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grove import backed, engines, plant, rules
from jarvis.analysis.candidate import Candidate
from jarvis.analysis.detectors import ruby

Look = Callable[[dict[str, str]], Candidate]
RUN = "run App\n"
SINATRA = 'require "sinatra"\n\nget "/" do\n  "hello"\nend\n'
LISTEN = "-o 0.0.0.0 -p ${PORT:-4567}"
HANAMI = "bundle exec hanami server --host 0.0.0.0 --port ${PORT:-2300}"
SIDEKIQ = "bundle exec sidekiq -C config/sidekiq.yml"
RAILS = {"config.ru": "run Rails.application\n", "bin/rails": "#!/usr/bin/env ruby\n", "Gemfile.lock": ""}


def gemfile(*gems: str, more: str = "") -> str:
    return 'source "https://rubygems.org"\n' + "".join(f'gem "{gem}"\n' for gem in gems) + more


@pytest.fixture
def look(tmp_path: Path) -> Look:
    def write(files: dict[str, str]) -> Candidate:
        tree = plant(tmp_path, files)
        return backed(ruby.detect(tree), tree)

    return write


def test_it_works(look: Look):
    found = look({"Gemfile": gemfile("rails", "puma", "propshaft"), **RAILS})
    assert (found.kind, found.language, found.framework, found.confidence) == ("web", "ruby", "rails", 0.97)
    assert (found.package_manager, found.install_command, found.port) == ("bundler", "bundle install", 3000)
    assert found.start_command == "bundle exec bin/rails server -b 0.0.0.0 -p ${PORT:-3000}"
    assert found.build_command.endswith("bundle exec rails assets:precompile")
    assert found.dependencies["rails"] == ("Gemfile", 2)


@pytest.mark.parametrize(
    ("gem", "name"),
    [
        ("rails", "rails"),
        ("railties", "rails"),
        ("sinatra", "sinatra"),
        ("hanami", "hanami"),
        ("padrino", "padrino"),
        ("grape", "grape"),
        ("roda", "roda"),
        ("cuba", "cuba"),
        ("rack", "rack"),
    ],
)
def test_a_framework_is_known_by_its_gem(look: Look, gem: str, name: str):
    found = look({"Gemfile": gemfile(gem, "puma"), "config.ru": RUN})
    assert (found.kind, found.framework, found.confidence) == ("web", name, 0.97)


def test_a_framework_beats_what_is_mounted_in_it(look: Look):
    assert look({"Gemfile": gemfile("sinatra", "grape", "rails"), **RAILS}).framework == "rails"


@pytest.mark.parametrize(
    "more",
    [
        'group :development, :test do\n  gem "rails"\nend\n',
        'gem "rails", group: :test\n',
        'gem "rails", groups: %i[development test]\n',
        'group :test do\n  platforms :ruby do\n    gem "rails"\n  end\nend\n',
        '# gem "rails"\n',
    ],
)
def test_gems_for_tests_claim_nothing(look: Look, more: str):
    found = look({"Gemfile": gemfile("json", more=more), "app.rb": "puts 1\n"})
    assert (found.kind, found.framework) == ("script", "none")


def test_gems_after_a_group_belong_to_the_program_again(look: Look):
    more = 'group :test do\n  gem "rspec"\nend\nif ENV["X"]\n  gem "json"\nend\ngem "sinatra"\n'
    assert look({"Gemfile": gemfile(more=more), "app.rb": SINATRA}).framework == "sinatra"


def test_gems_rb_is_a_gemfile_too(look: Look):
    found = look({"gems.rb": gemfile("sinatra"), "app.rb": SINATRA})
    assert (found.framework, found.package_manager) == ("sinatra", "bundler")


@pytest.mark.parametrize(
    ("gems", "config", "start"),
    [
        (("rack", "puma"), "", "bundle exec puma -b tcp://0.0.0.0:${PORT:-9292}"),
        (("rack", "puma"), "config/puma.rb", "bundle exec puma -C config/puma.rb"),
        (("rack", "unicorn"), "", "bundle exec unicorn -p ${PORT:-9292}"),
        (
            ("rack", "unicorn"),
            "config/unicorn.rb",
            "bundle exec unicorn -c config/unicorn.rb -p ${PORT:-9292}",
        ),
        (("rack", "thin"), "", "bundle exec thin start -a 0.0.0.0 -p ${PORT:-9292}"),
        (("rack", "falcon"), "", "bundle exec falcon serve --bind http://0.0.0.0:${PORT:-9292}"),
        (("rack", "passenger"), "", "bundle exec passenger start -p ${PORT:-9292}"),
        (("rack",), "", "bundle exec rackup --host 0.0.0.0 --port ${PORT:-9292}"),
    ],
)
def test_config_ru_is_served_by_the_server_of_the_gemfile(
    look: Look, gems: tuple[str, ...], config: str, start: str
):
    more = {config: "workers 2\n"} if config else {}
    assert look({"Gemfile": gemfile(*gems), "config.ru": RUN, **more}).start_command == start


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"Gemfile": gemfile("sinatra"), "web.rb": SINATRA}, f"bundle exec ruby web.rb {LISTEN}"),
        ({"hello.rb": SINATRA}, f"ruby hello.rb {LISTEN}"),
        ({"Gemfile": gemfile("sinatra"), "app.rb": 'require "sinatra/base"\n'}, "bundle exec ruby app.rb"),
        ({"Gemfile": gemfile("hanami"), "config/app.rb": ""}, HANAMI),
    ],
)  # fmt: skip
def test_an_app_without_config_ru_serves_itself(look: Look, files: dict[str, str], start: str):
    found = look(files)
    assert (found.kind, found.start_command) == ("web", start)


def test_rack_alone_is_enough_for_a_site(look: Look):
    found = look({"config.ru": "run ->(env) { [200, {}, ['ok']] }\n"})
    assert (found.framework, found.start_command) == ("rack", "rackup --host 0.0.0.0 --port ${PORT:-9292}")


def test_rails_is_known_by_its_application_where_the_gem_comes_with_another(look: Look):
    application = "module Shop\n  class Application < Rails::Application\n  end\nend\n"
    found = look({"Gemfile": gemfile("solidus"), "config/application.rb": application, "config.ru": RUN})
    assert found.framework == "rails"


def test_the_command_of_rails_without_its_gem_is_doubted(look: Look):
    found = look({"Gemfile": gemfile("sinatra"), "bin/rails": "", "app.rb": SINATRA})
    assert (found.framework, found.confidence) == ("rails", 0.75)
    assert found.against == ["It has Rails' command, but no gem brings Rails."]


def test_the_command_of_rails_alone_is_enough_for_a_guess(look: Look):
    found = look({"bin/rails": "", "myapp.rb": SINATRA})
    assert (found.framework, found.package_manager, found.confidence) == ("rails", "none", 0.7)


def test_a_part_for_rails_is_a_library(look: Look):
    spec = 'Gem::Specification.new do |s|\n  s.add_dependency "rails", ">= 7"\nend\n'
    found = look({"shop.gemspec": spec, "Gemfile": "gemspec\n", "bin/rails": "", "lib/shop.rb": ""})
    assert (found.kind, found.framework) == ("library", "none")
    assert "rails" in found.dependencies


def test_an_app_that_is_also_a_gem_stays_an_app(look: Look):
    spec = 'Gem::Specification.new do |s|\n  s.add_dependency "sinatra"\nend\n'
    assert look({"shop.gemspec": spec, "Gemfile": "gemspec\n", "config.ru": RUN}).framework == "sinatra"


@pytest.mark.parametrize(
    ("files", "kind", "start"),
    [
        ({"app.rb": "puts 1\n"}, "script", "ruby app.rb"),
        ({"say it.rb": "puts 1\n"}, "script", "ruby 'say it.rb'"),
        ({"Gemfile": gemfile("json"), "main.rb": "puts 1\n"}, "script", "bundle exec ruby main.rb"),
        ({"Gemfile": gemfile(), "app.rb": "puts 1\n"}, "script", "ruby app.rb"),
        ({"Gemfile": gemfile("rake"), "Rakefile": "task :default\n"}, "script", "bundle exec rake"),
        ({"Gemfile": gemfile("sidekiq"), "config/sidekiq.yml": ""}, "worker", SIDEKIQ),
        ({"Gemfile": gemfile("discordrb"), "bot.rb": ""}, "worker", "bundle exec ruby bot.rb"),
        ({"shop.gemspec": "Gem::Specification.new\n", "lib/shop.rb": ""}, "library", ""),
    ],
)  # fmt: skip
def test_what_is_no_site_is_told_apart(look: Look, files: dict[str, str], kind: str, start: str):
    found = look(files)
    assert (found.kind, found.framework, found.start_command) == (kind, "none", start)


@pytest.mark.parametrize(
    ("main", "kind", "port"),
    [
        ('require "webrick"\nWEBrick::HTTPServer.new(Port: 8001).start\n', "web", 8001),
        ('server = TCPServer.new(8002)\nclient.print "HTTP/1.1 200\\r\\n"\n', "web", 8002),
        ("server = TCPServer.new(8003)\n", "worker", None),
    ],
)
def test_a_server_by_hand_is_a_site_only_when_it_speaks_http(
    look: Look, main: str, kind: str, port: int | None
):
    found = look({"server.rb": main})
    assert (found.kind, found.framework, found.port) == (kind, "none", port)


@pytest.mark.parametrize(
    "files",
    [
        {"Gemfile": gemfile("functions_framework"), "app.rb": "FunctionsFramework.http do |request|\nend\n"},
        {"Gemfile": gemfile("functions_framework"), "config.ru": RUN},
        {"lambda_function.rb": "def lambda_handler(event:, context:)\nend\n"},
        {"api/hello.rb": "Handler = Proc.new do |request, response|\nend\n"},
    ],
)
def test_code_that_a_platform_calls_is_a_function(look: Look, files: dict[str, str]):
    assert look(files).kind == "function"


@pytest.mark.parametrize(
    ("gem", "name", "folder", "build"),
    [
        ("middleman", "middleman", "build", "bundle exec middleman build"),
        ("bridgetown", "bridgetown", "output", "bundle exec bridgetown build"),
        ("nanoc", "nanoc", "output", "bundle exec nanoc compile"),
    ],
)
def test_a_generator_makes_finished_pages(look: Look, gem: str, name: str, folder: str, build: str):
    found = look({"Gemfile": gemfile(gem), "config.rb": "", "source/index.html.erb": ""})
    assert (found.kind, found.framework, found.static_dir) == ("static", name, folder)
    assert found.build_command == build


def test_the_settings_of_middleman_name_the_folder(look: Look):
    found = look({"Gemfile": gemfile("middleman"), "config.rb": "set :build_dir, 'docs'\n"})
    assert found.static_dir == "docs"


DATABASE = """default: &default
  adapter: sqlite3
  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>

development:
  <<: *default
  database: db/development.sqlite3

production:
  HERE
"""


@pytest.mark.parametrize(
    ("gems", "production", "expected"),
    [
        (("sqlite3",), "<<: *default", {"sqlite": "embedded"}),
        (("pg", "sqlite3"), "adapter: postgresql", {"postgres": "required", "sqlite": "optional"}),
        (("mysql2", "sqlite3"), "primary:\n    adapter: mysql2", {"mysql": "required", "sqlite": "optional"}),
        (("pg", "sqlite3"), "url: postgres://db/x", {"postgres": "required", "sqlite": "optional"}),
        ((), "<<: *default", {"sqlite": "optional"}),
    ],
)
def test_database_yml_tells_the_database_of_production(
    look: Look, gems: tuple[str, ...], production: str, expected: dict[str, str]
):
    files = {
        "Gemfile": gemfile("rails", *gems),
        "config/database.yml": DATABASE.replace("HERE", production),
        **RAILS,
    }
    assert engines(look(files)) == expected


@pytest.mark.parametrize(
    ("gem", "expected"),
    [
        ("pg", {"postgres": "required"}),
        ("mysql2", {"mysql": "required"}),
        ("sqlite3", {"sqlite": "embedded"}),
        ("mongoid", {"mongodb": "required"}),
        ("redis", {"redis": "required"}),
        ("sidekiq", {"redis": "required"}),
        ("bunny", {"rabbitmq": "required"}),
        ("dalli", {"memcached": "required"}),
        ("tiny_tds", {"mssql": "required"}),
        ("json", {}),
    ],
)
def test_a_driver_tells_the_database(look: Look, gem: str, expected: dict[str, str]):
    assert engines(look({"Gemfile": gemfile("sinatra", gem), "app.rb": SINATRA})) == expected


def test_a_driver_for_tests_is_optional(look: Look):
    more = 'group :development do\n  gem "sqlite3"\nend\ngroup :production do\n  gem "pg"\nend\n'
    found = look({"Gemfile": gemfile("sinatra", more=more), "app.rb": SINATRA})
    assert engines(found) == {"postgres": "required", "sqlite": "optional"}


def test_redis_of_the_skeleton_of_rails_is_needed_only_where_it_is_used(look: Look):
    assert engines(look({"Gemfile": gemfile("rails", "redis"), **RAILS})) == {"redis": "optional"}
    assert engines(
        look({"config/environments/production.rb": "  config.cache_store = :redis_cache_store\n"})
    ) == {"redis": "required"}


def test_of_two_sql_drivers_the_settings_choose(look: Look):
    files = {"Gemfile": gemfile("sinatra", "pg", "mysql2"), "app.rb": SINATRA}
    found = look({**files, ".env.example": "DATABASE_URL=mysql2://db/x\n"})
    assert engines(found) == {"mysql": "required", "postgres": "optional"}


@pytest.mark.parametrize(
    ("file", "text", "port"),
    [
        ("app.rb", SINATRA + "set :port, 8001\n", 8001),
        ("app.rb", SINATRA + 'set :port, ENV["PORT"] || 8002\n', 8002),
        ("app.rb", SINATRA + 'port = ENV.fetch("PORT", 8003)\n', 8003),
        ("app.rb", SINATRA + "# set :port, 8004\n", 4567),
        ("config/puma.rb", 'port ENV.fetch("PORT") { 8005 }\n', 8005),
        ("config/puma.rb", 'bind "tcp://0.0.0.0:8006"\n', 8006),
    ],
)
def test_the_port_is_read_where_it_is_written(look: Look, file: str, text: str, port: int):
    assert look({"Gemfile": gemfile("sinatra"), "app.rb": SINATRA, file: text}).port == port


@pytest.mark.parametrize(
    ("files", "stated"),
    [
        ({".ruby-version": "ruby-3.4.1\n", "Gemfile": gemfile(more='ruby "3.3.0"\n')}, "3.4.1"),
        ({"Gemfile": gemfile(more='ruby "~> 3.3"\n')}, "~> 3.3"),
        (
            {"Gemfile": gemfile(more='ruby file: ".ruby-version"\n'), ".tool-versions": "ruby 3.4.2\n"},
            "3.4.2",
        ),
        ({"Gemfile": gemfile(), "Gemfile.lock": "RUBY VERSION\n   ruby 3.4.3p32\n"}, "3.4.3"),
    ],
)
def test_the_version_is_taken_from_what_pins_it(look: Look, files: dict[str, str], stated: str):
    assert look({**files, "app.rb": "puts 1\n"}).language_version == stated


def test_an_old_version_is_a_finding(look: Look):
    assert "end-of-life" in rules(look({".ruby-version": "2.7.8\n", "app.rb": "puts 1\n"}))


def test_a_missing_lock_file_is_a_finding(look: Look):
    assert rules(look({"Gemfile": gemfile("sinatra"), "app.rb": SINATRA})) == ["missing-lock-file"]
    assert rules(look({"Gemfile.lock": ""})) == []


@pytest.mark.parametrize(
    ("files", "secret"),
    [({}, "SECRET_KEY_BASE"), ({"config/credentials.yml.enc": "x"}, "RAILS_MASTER_KEY")],
)
def test_rails_needs_a_secret_in_production(look: Look, files: dict[str, str], secret: str):
    found = look({"Gemfile": gemfile("rails"), **RAILS, **files})
    assert {(item.name, item.required, item.secret) for item in found.environment} == {
        ("RAILS_ENV", False, False),
        (secret, True, True),
    }


def test_rails_for_an_interface_alone_makes_no_styles(look: Look):
    application = "module Shop\n  config.api_only = true\nend\n"
    files = {"Gemfile": gemfile("rails", "sprockets-rails"), "config/application.rb": application, **RAILS}
    assert look(files).build_command == ""


@pytest.mark.parametrize(
    ("routes", "path"),
    [
        ('get "up" => "rails/health#show", as: :rails_health_check\n', "/up"),
        ('get "/status/live", to: "rails/health#show"\n', "/status/live"),
        ('  get "/healthz", to: "x#y"\n', "/healthz"),
        ('get "/orders", to: "orders#index"\n', ""),
    ],
)
def test_the_health_path_of_rails_is_a_route(look: Look, routes: str, path: str):
    assert look({"Gemfile": gemfile("rails"), **RAILS, "config/routes.rb": routes}).health_path == path


def test_an_app_with_a_package_json_stays_sure(look: Look):
    files = {"package.json": '{"scripts": {"build": "esbuild"}}', "yarn.lock": ""}
    found = look({"Gemfile": gemfile("rails", "jsbundling-rails"), **RAILS, **files})
    assert found.confidence == 0.97
    assert found.build_command.startswith("yarn install --frozen-lockfile && ")


def test_a_project_one_folder_down_is_told_as_from_the_top(look: Look):
    found = look({"README.md": "", "back/Gemfile": gemfile("rack", "puma"), "back/config.ru": RUN})
    assert (found.framework, found.confidence) == ("rack", 0.85)
    assert found.start_command == "cd back && bundle exec puma -b tcp://0.0.0.0:${PORT:-9292}"


def test_a_source_beside_another_manifest_is_only_a_guess(look: Look):
    assert look({"package.json": "{}", "deploy.rb": "puts 1\n"}).confidence < 0.5


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"Gemfile": gemfile("cocoapods", "fastlane"), "package.json": "{}"},
        {"Gemfile": gemfile("jekyll"), "_config.yml": ""},
        {"ios/Gemfile": gemfile("cocoapods")},
    ],
)
def test_nothing_of_ruby_is_nothing(tmp_path: Path, files: dict[str, str]):
    assert ruby.detect(plant(tmp_path, files)) is None
