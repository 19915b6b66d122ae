"""The index of a wall holds the posts that are there: a million deleted ones before them cost 200 ms a page."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("ix_posts_wall_id_id", "posts")
    op.create_index("ix_posts_wall_id_id", "posts", ["wall_id", "id"], sqlite_where=sa.text("deleted_at IS NULL"))
