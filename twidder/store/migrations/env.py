"""Alembic's entry: always on the connection that ``migrate.upgrade`` opened."""

from alembic import context

from twidder.accounts import models as accounts_models  # noqa: F401  (their tables hang on the same metadata)
from twidder.boards import models as boards_models  # noqa: F401
from twidder.files import models as files_models  # noqa: F401
from twidder.moderation import models as moderation_models  # noqa: F401
from twidder.pairup import models as pairup_models  # noqa: F401
from twidder.rooms import models as rooms_models  # noqa: F401
from twidder.store import fulltext  # noqa: F401
from twidder.store.schema import metadata
from twidder.walls import models as walls_models  # noqa: F401

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
