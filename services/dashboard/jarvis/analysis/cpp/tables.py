"""Frameworks and client libraries of C and C++, by the headers that sources include."""

import re

FRAMEWORKS = tuple(
    (name, re.compile(pattern), port, re.compile(also))
    for name, pattern, port, also in (
        ("drogon", r"#include\s*[<\"]drogon/|find_package\(\s*Drogon|drogon::app\(\)", 8080, ""),
        ("oatpp", r"#include\s*[<\"]oatpp[/-]|find_package\(\s*oatpp", 8000, ""),
        ("crow", r"#include\s*[<\"]crow(?:\.h|_all\.h|/)|find_package\(\s*Crow|crow::SimpleApp", 18080, ""),
        ("pistache", r"#include\s*[<\"]pistache/|pkg_check_modules\([^)]*libpistache", 9080, ""),
        ("restinio", r"#include\s*[<\"]restinio/", 8080, ""),
        ("cutelyst", r"#include\s*[<\"]Cutelyst/", 3000, ""),
        ("cppcms", r"#include\s*[<\"]cppcms/", 8080, ""),
        ("wt", r"#include\s*[<\"]Wt/W", 8080, ""),
        ("userver", r"#include\s*[<\"]userver/", 8080, ""),
        ("lithium", r"#include\s*[<\"]lithium_http_server", 8080, ""),
        ("uwebsockets", r"#include\s*[<\"](?:uWebSockets/)?App\.h[>\"]", 9001, ""),
        ("cpp-httplib", r"#include\s*[<\"](?:[\w/]*/)?httplib\.h[>\"]", 8080, r"\bServer\b"),
        ("cpprestsdk", r"#include\s*[<\"]cpprest/http_listener", 8080, ""),
        ("mongoose", r"#include\s*[<\"](?:[\w/]*/)?mongoose\.h[>\"]", 8000, ""),
        ("civetweb", r"#include\s*[<\"](?:[\w/]*/)?(?:civetweb|CivetServer)\.h[>\"]", 8080, ""),
        ("libmicrohttpd", r"#include\s*[<\"]microhttpd\.h", 8080, ""),
        ("ulfius", r"#include\s*[<\"]ulfius\.h", 8080, ""),
        ("kore", r"#include\s*[<\"]kore/kore\.h", 8888, ""),
        ("facil.io", r"#include\s*[<\"](?:fio|facil|http)\.h[>\"]", 3000, r"\bhttp_listen\b"),
        ("beast", r"#include\s*[<\"]boost/beast", 8080, r"\bacceptor\b"),
        ("poco", r"#include\s*[<\"]Poco/Net/HTTPServer", 8080, ""),
        ("grpc", r"#include\s*[<\"]grpcpp/(?:server|grpcpp)", 50051, r"\bServerBuilder\b"),
    )
)
"""Framework, what shows it in a source or a build file, its usual port, what a server must say besides."""

DATABASES = tuple(
    (re.compile(rf"#include\s*[<\"](?:{headers})"), engine)
    for headers, engine in (
        ("pqxx/|libpq-fe|postgresql/|soci/postgresql", "postgres"),
        ("mysql|mariadb|cppconn|soci/mysql", "mysql"),
        ("sqlite3|SQLiteCpp|sqlite_modern_cpp|soci/sqlite3|sqlite_orm", "sqlite"),
        ("mongocxx|mongoc|bsoncxx", "mongodb"),
        ("hiredis|sw/redis|cpp_redis", "redis"),
        ("amqp|SimpleAmqpClient|amqpcpp", "rabbitmq"),
        ("librdkafka|cppkafka", "kafka"),
    )
)
"""What shows a client library in a source, and its engine."""

ASIDE = re.compile(
    r"(?:^|/)(?:tests?|examples?|samples?|benchmarks?|third_party|vendor|external|extern|deps|lib|libs|build"
    r"|node_modules|docs)/",
    re.IGNORECASE,
)
"""Folders of sources that are not the program's own."""

PORTS = re.compile(
    r"\.port\(\s*(\d{2,5})|addListener\(\s*\"[^\"]*\"\s*,\s*(\d{2,5})|\.listen\(\s*(?:\"[^\"]*\"\s*,\s*)?(\d{2,5})"
    r"|http://0\.0\.0\.0:(\d{2,5})|htons\(\s*(\d{2,5})|\bPORT\s*(?:=\s*)?(\d{4,5})\b|\bport\s*=\s*(\d{4,5})\b"
    r"|\"0\.0\.0\.0:(\d{4,5})\""
)
