"""The PostgreSQL that Jarvis starts and keeps itself when no other database is named."""
