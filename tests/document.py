"""What the document of Phase 1.1 prints, word for word. Nothing here may be changed to please the code."""

USING = """\
from services.db_service import db_service
from models import Workflow, Task

# Check if database is available
if db_service.is_available:
    # Use context manager for sessions
    with db_service.get_session() as session:
        # Create a workflow
        workflow = Workflow(
            name="Deploy mysite to example.com",
            workflow_type="deployment",
            created_by="admin"
        )
        session.add(workflow)
        # Session auto-commits on context exit
"""

HEALTH = """\
status = db_service.health_check()
print(status)
"""
HEALTH_PRINTS = "{'healthy': True, 'message': 'Database connection successful'}"

MIGRATION = """\
status = db_service.get_migration_status()
print(f"Current: {status['current_revision']}")
print(f"Latest: {status['head_revision']}")
"""

START_UP = """\
============================================================
Initializing Jarvis Platform Database
============================================================
Database service is available, running migrations...
✓ Database migrations completed successfully
✓ Database health check passed
✓ Current migration: 001
✓ Latest migration: 001
============================================================
"""

DATABASE_URL = "postgresql://jarvis:${JARVIS_DB_PASSWORD}@discord-bot-db:5432/homelab_jarvis"

FILES = (
    "config/postgres-init/03-init-jarvis-db.sh",
    "services/dashboard/requirements.txt",
    "services/dashboard/models/__init__.py",
    "services/dashboard/models/workflow.py",
    "services/dashboard/models/task.py",
    "services/dashboard/models/artifact.py",
    "services/dashboard/models/deployment.py",
    "services/dashboard/models/domain_record.py",
    "services/dashboard/alembic.ini",
    "services/dashboard/alembic/env.py",
    "services/dashboard/alembic/script.py.mako",
    "services/dashboard/alembic/versions/001_initial_schema.py",
    "services/dashboard/services/db_service.py",
    "services/dashboard/config.py",
    "services/dashboard/app.py",
    "docker-compose.unified.yml",
)
