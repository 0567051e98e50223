#!/bin/sh
# Makes the role `jarvis` and the database `homelab_jarvis` that belongs to it. Running it again sets the password anew.
#
# The postgres image runs it when it starts on an empty data folder. On a server that has data already, run it once:
#   docker exec -e JARVIS_DB_PASSWORD discord-bot-db sh /docker-entrypoint-initdb.d/03-init-jarvis-db.sh
# or from anywhere, as a superuser named by the usual PGHOST, PGPORT, PGUSER, PGPASSWORD.
#
# The password comes from JARVIS_DB_PASSWORD, or from the file that JARVIS_DB_PASSWORD_FILE names. It may hold any
# sign: it goes through the environment and psql's own quoting, never through arguments, and never into a log.
( # A subshell: the image's shell, which reads this file where it may not run it, keeps its own settings.
set -eu

stop() {
    printf 'Error: %s\n' "$1" >&2
    exit 1
}

if [ -n "${JARVIS_DB_PASSWORD_FILE:-}" ]; then
    [ -z "${JARVIS_DB_PASSWORD:-}" ] || stop 'JARVIS_DB_PASSWORD and JARVIS_DB_PASSWORD_FILE are both set; keep one.'
    [ -r "$JARVIS_DB_PASSWORD_FILE" ] || stop "JARVIS_DB_PASSWORD_FILE cannot be read: $JARVIS_DB_PASSWORD_FILE."
    JARVIS_DB_PASSWORD=$(cat "$JARVIS_DB_PASSWORD_FILE")
    JARVIS_DB_PASSWORD=${JARVIS_DB_PASSWORD%"$(printf '\r')"}
fi
[ -n "${JARVIS_DB_PASSWORD:-}" ] || stop 'JARVIS_DB_PASSWORD is not set; choose one for the database user jarvis.'

export JARVIS_DB_PASSWORD PGUSER="${PGUSER:-${POSTGRES_USER:-postgres}}" PGDATABASE=postgres PGCLIENTENCODING=UTF8
psql --no-psqlrc --quiet --tuples-only --no-password --set=ON_ERROR_STOP=1 --output=/dev/null <<'SQL'
\set VERBOSITY terse
\set SHOW_CONTEXT never
-- The statement with the password must reach no log, whatever this server is told to log.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_duration_sample = -1;
SET log_transaction_sample_rate = 0;
SET log_min_error_statement = 'panic';
SET password_encryption = 'scram-sha-256';

\set password `printf %s "$JARVIS_DB_PASSWORD"`
SELECT 'CREATE ROLE jarvis' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'jarvis') \gexec
ALTER ROLE jarvis WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';
\unset password

SELECT 'CREATE DATABASE homelab_jarvis OWNER jarvis TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'homelab_jarvis') \gexec
ALTER DATABASE homelab_jarvis OWNER TO jarvis;
REVOKE ALL ON DATABASE homelab_jarvis FROM PUBLIC;

\connect homelab_jarvis
-- From PostgreSQL 15 on nobody but the owner may create in `public`; before, everybody could.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO jarvis;
SQL
printf 'The database homelab_jarvis and its user jarvis are ready.\n'
)
