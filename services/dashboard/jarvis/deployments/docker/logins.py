"""Our accounts at registries, for what fetches images."""

from jarvis.builds.image.login import Logins
from jarvis.settings import registries
from services.db_service import db_service


def logins() -> Logins:
    """Those that count now, opened.

    Raises:
        Sealed: The key of the vault is missing.
    """
    with db_service.get_session() as session:
        return registries.logins(session)
