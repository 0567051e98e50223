"""Web frameworks of Go by the path they are imported from, and the programs that are no servers."""

import re
from collections.abc import Mapping
from typing import TypeVar

_ORDER: tuple[tuple[str, str, int], ...] = (
    ("github.com/gin-gonic/gin", "gin", 8080),
    ("github.com/gofiber/fiber", "fiber", 3000),
    ("github.com/labstack/echo", "echo", 1323),
    ("github.com/beego/beego", "beego", 8080),
    ("github.com/astaxie/beego", "beego", 8080),
    ("github.com/kataras/iris", "iris", 8080),
    ("github.com/revel/revel", "revel", 9000),
    ("github.com/gobuffalo/buffalo", "buffalo", 3000),
    ("github.com/pocketbase/pocketbase", "pocketbase", 8090),
    ("github.com/cloudwego/hertz", "hertz", 8888),
    ("github.com/zeromicro/go-zero", "go-zero", 8888),
    ("github.com/tal-tech/go-zero", "go-zero", 8888),
    ("github.com/go-kratos/kratos", "kratos", 8000),
    ("github.com/gogf/gf", "goframe", 8000),
    ("gofr.dev", "gofr", 8000),
    ("encore.dev", "encore", 4000),
    ("goa.design/goa", "goa", 8080),
    ("github.com/go-fuego/fuego", "fuego", 9999),
    ("github.com/danielgtaylor/huma", "huma", 8888),
    ("github.com/go-martini/martini", "martini", 3000),
    ("goji.io", "goji", 8000),
    ("github.com/zenazn/goji", "goji", 8000),
    ("github.com/gocraft/web", "gocraft", 8080),
    ("github.com/emicklei/go-restful", "go-restful", 8080),
    ("github.com/uptrace/bunrouter", "bunrouter", 8080),
    ("github.com/go-chi/chi", "chi", 8080),
    ("github.com/pressly/chi", "chi", 8080),
    ("github.com/gorilla/mux", "mux", 8080),
    ("github.com/julienschmidt/httprouter", "httprouter", 8080),
    ("github.com/dimfeld/httptreemux", "httptreemux", 8080),
    ("github.com/gorilla/pat", "pat", 8080),
    ("github.com/bmizerany/pat", "pat", 8080),
    ("github.com/urfave/negroni", "negroni", 8080),
    ("github.com/codegangsta/negroni", "negroni", 8080),
    ("github.com/codegangsta/martini", "martini", 3000),
    ("connectrpc.com/connect", "connect", 8080),
    ("github.com/bufbuild/connect-go", "connect", 8080),
    ("github.com/twitchtv/twirp", "twirp", 8080),
    ("github.com/valyala/fasthttp", "fasthttp", 8080),
    ("github.com/a-h/templ", "templ", 8080),
)
"""Import path, framework and the port it takes by itself. The first one that is imported is meant: what is
built on others stands before them, and everything here stands before net/http."""
FRAMEWORKS = {path: (rank, name, port) for rank, (path, name, port) in enumerate(_ORDER, 1)}

FUNCTIONS: dict[str, bool] = dict.fromkeys(
    ("github.com/GoogleCloudPlatform/functions-framework-go", "github.com/aws/aws-lambda-go"), True
)
"""Packages whose importer is called by a platform and does not listen itself."""

_RUNNING = (
    "github.com/hibiken/asynq", "github.com/robfig/cron", "github.com/go-co-op/gocron", "go.temporal.io/sdk",
    "github.com/RichardKnop/machinery", "github.com/gocraft/work", "github.com/riverqueue/river",
    "github.com/bwmarrin/discordgo", "github.com/slack-go/slack", "gopkg.in/telebot",
    "gopkg.in/tucnak/telebot",
    "github.com/go-telegram/bot", "github.com/go-telegram-bot-api/telegram-bot-api",
    "github.com/mymmrac/telego",
    "github.com/Shopify/sarama", "github.com/IBM/sarama", "github.com/segmentio/kafka-go",
    "github.com/confluentinc/confluent-kafka-go", "github.com/twmb/franz-go", "github.com/streadway/amqp",
    "github.com/rabbitmq/amqp091-go", "github.com/nats-io/nats.go", "github.com/nsqio/go-nsq",
    "github.com/eclipse/paho.mqtt.golang", "sigs.k8s.io/controller-runtime",
)  # fmt: skip
"""Packages that keep a program without a web server running: queues, schedules, bots."""
WORKERS: dict[str, bool] = dict.fromkeys(_RUNNING, True)

DRIVERS: dict[str, str] = {
    "github.com/lib/pq": "postgres",
    "github.com/jackc/pgx": "postgres",
    "github.com/go-pg/pg": "postgres",
    "github.com/uptrace/bun/driver/pgdriver": "postgres",
    "gorm.io/driver/postgres": "postgres",
    "github.com/jinzhu/gorm/dialects/postgres": "postgres",
    "github.com/gofiber/storage/postgres": "postgres",
    "github.com/go-sql-driver/mysql": "mysql",
    "github.com/go-mysql-org/go-mysql": "mysql",
    "gorm.io/driver/mysql": "mysql",
    "github.com/jinzhu/gorm/dialects/mysql": "mysql",
    "github.com/gofiber/storage/mysql": "mysql",
    "github.com/mattn/go-sqlite3": "sqlite",
    "modernc.org/sqlite": "sqlite",
    "github.com/ncruces/go-sqlite3": "sqlite",
    "github.com/glebarez/sqlite": "sqlite",
    "github.com/glebarez/go-sqlite": "sqlite",
    "github.com/tursodatabase/go-libsql": "sqlite",
    "crawshaw.io/sqlite": "sqlite",
    "zombiezen.com/go/sqlite": "sqlite",
    "gorm.io/driver/sqlite": "sqlite",
    "github.com/jinzhu/gorm/dialects/sqlite": "sqlite",
    "github.com/gofiber/storage/sqlite3": "sqlite",
    "github.com/pocketbase/pocketbase": "sqlite",
    "github.com/denisenkom/go-mssqldb": "mssql",
    "github.com/microsoft/go-mssqldb": "mssql",
    "gorm.io/driver/sqlserver": "mssql",
    "go.mongodb.org/mongo-driver": "mongodb",
    "gopkg.in/mgo.v2": "mongodb",
    "github.com/globalsign/mgo": "mongodb",
    "github.com/qiniu/qmgo": "mongodb",
    "github.com/kamva/mgm": "mongodb",
    "github.com/gofiber/storage/mongodb": "mongodb",
    "github.com/go-redis/redis": "redis",
    "github.com/redis/go-redis": "redis",
    "github.com/redis/rueidis": "redis",
    "github.com/gomodule/redigo": "redis",
    "github.com/garyburd/redigo": "redis",
    "github.com/mediocregopher/radix": "redis",
    "github.com/hibiken/asynq": "redis",
    "github.com/gocraft/work": "redis",
    "github.com/gofiber/storage/redis": "redis",
    "github.com/elastic/go-elasticsearch": "elasticsearch",
    "github.com/olivere/elastic": "elasticsearch",
    "github.com/neo4j/neo4j-go-driver": "neo4j",
    "github.com/gocql/gocql": "cassandra",
    "github.com/aws/aws-sdk-go-v2/service/dynamodb": "dynamodb",
    "github.com/aws/aws-sdk-go/service/dynamodb": "dynamodb",
    "github.com/guregu/dynamo": "dynamodb",
    "github.com/ClickHouse/clickhouse-go": "clickhouse",
    "gorm.io/driver/clickhouse": "clickhouse",
    "github.com/streadway/amqp": "rabbitmq",
    "github.com/rabbitmq/amqp091-go": "rabbitmq",
    "github.com/Shopify/sarama": "kafka",
    "github.com/IBM/sarama": "kafka",
    "github.com/segmentio/kafka-go": "kafka",
    "github.com/confluentinc/confluent-kafka-go": "kafka",
    "github.com/twmb/franz-go": "kafka",
    "github.com/bradfitz/gomemcache": "memcached",
    "github.com/gofiber/storage/memcache": "memcached",
    "github.com/gofiber/storage/mssql": "mssql",
    "github.com/gofiber/storage/dynamodb": "dynamodb",
    "github.com/gofiber/storage/clickhouse": "clickhouse",
    "github.com/gofiber/storage/scylladb": "cassandra",
    "github.com/gofiber/storage/cassandra": "cassandra",
    "github.com/sijms/go-ora": "oracle",
    "github.com/godror/godror": "oracle",
    "github.com/arangodb/go-driver": "arangodb",
    "github.com/influxdata/influxdb-client-go": "influxdb",
    "github.com/nats-io/nats.go": "nats",
}
"""Import path and the engine behind it."""


_LATER = re.compile(r"\.v\d+$")
_PARTS = 6

Row = TypeVar("Row")


def listed(path: str, table: Mapping[str, Row]) -> Row | None:
    """What `table` holds for a module, when `path` is that module, a package of it or a later version."""
    parts = path.split("/")
    for length in range(1, min(len(parts), _PARTS) + 1):
        known = "/".join(parts[:length])
        row = table.get(known) or table.get(_LATER.sub("", known))
        if row is not None:
            return row
    return None
