"""What PostgreSQL itself says about a database's tables, for comparing two of them."""

import psycopg

TABLES = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT a.attisdropped AND c.relname <> 'alembic_version'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
ENUMS = """
    SELECT t.typname, e.enumsortorder, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
    WHERE t.typnamespace = 'public'::regnamespace
"""


def catalog(conninfo: str) -> set[tuple[object, ...]]:
    """Columns, constraints, indexes and enums; the order of the columns does not count."""
    with psycopg.connect(conninfo) as connection:
        return {row for query in (TABLES, CONSTRAINTS, INDEXES, ENUMS) for row in connection.execute(query)}


def tables(conninfo: str) -> set[str]:
    """The names of the tables."""
    return {str(row[0]) for row in catalog(conninfo) if len(row) == 7}
