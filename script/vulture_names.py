"""Names in use that vulture cannot see: called by frameworks, written as columns, asked for by people."""
# ruff: noqa: B018, F821
# pyright: basic, reportUndefinedVariable=false, reportUnusedExpression=false

# Called by granian, Flask, click, DBOS, http.client or logging.
create_app, trace, list_commands, get_command, format_commands, resolve_envvar_value
serialize, deserialize, converter, permanent

_note_flush, _note_statement, _note_rollback, idempotency, rate_left

# Columns of rows: written here, read by people, the API and the pages.
(
    domain_metadata,
    alive_at,
    fenced_at,
    answer_status,
    delivered_at,
    default_port,
    verified_at,
    detected_service_type,
    last_health_check,
    stopped_at,
    completed_by,
    current_step,
)

# Fields of values that leave as JSON or are read by templates.
fact, confidence, spa, volumes, to_json, anchor, curl, current_revision, head_revision, up_to_date

# Set on other people's modules and connections.
queue_thread, whitespace_split, commenters, _BACKGROUND_JOBS_INTERVAL_SEC, autocommit, prepare_threshold

# Asked for by the document, and used by its readers; `hosts_of` is how tests see what `publish` did.
__getattr__, is_available, run_migrations, hosts_of
_.data_received  # asyncio calls it
_.eof_received  # asyncio calls it
_.pause_writing  # asyncio calls it
_.resume_writing  # asyncio calls it
_.mtime  # tarfile writes it
_.linkname  # tarfile writes it
_.cpu_seconds  # told by the keeper of a program, for who looks at it
difference, artifact_sha256, pinned_by  # members of answers of the API
_._get_socket  # smtplib calls it
checked_at  # a member of an answer of the API
