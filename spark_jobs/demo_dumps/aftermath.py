"""What becomes of posts once they are out: some are edited, some taken away.

Only customers' own posts; an edit or a deletion that no later delivery could show does not happen.
"""

from __future__ import annotations

from spark_jobs.demo_dumps.clock import DAY, HOUR, MINUTE
from spark_jobs.demo_dumps.records import Post
from spark_jobs.demo_dumps.streams import pick, stream
from spark_jobs.demo_dumps.world import World

_EDIT_RATE = 0.012
_DELETION_RATE = 0.009
_LONGEST_EDITED = 250
_ADDITIONS = {
    "fr": (
        "(EDIT : réglé depuis)",
        "(edit : toujours rien)",
        "EDIT : merci pour vos réponses",
        "[correction : c'était hier]",
        "(mise à jour : ils m'ont répondu)",
    ),
    "en": (
        "(EDIT: sorted now)",
        "(edit: still nothing)",
        "EDIT: thanks for the answers",
        "[correction: it was yesterday]",
        "(update: they replied)",
    ),
}


class Aftermath:
    """Decides the fate of each post, in the order of publication."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._source = stream(world.seed, "aftermath")

    def settle(self, post: Post) -> None:
        """Mark a post as edited or deleted, or leave it."""
        draw = self._source.random()
        if post.source == "customer_care" or post.author.brand or post.repost_of:
            return
        if draw < _EDIT_RATE:
            self._edit(post)
        elif draw < _EDIT_RATE + _DELETION_RATE:
            self._delete(post)

    def _edit(self, post: Post) -> None:
        is_reply_on_x = post.source == "x" and post.parent is not None
        if is_reply_on_x or post.link or len(post.message.text) > _LONGEST_EDITED:
            return
        minutes = 2 + self._source.random() * (26 if post.source == "x" else 600)
        edited_at = post.created_at + int(minutes * MINUTE)
        if edited_at >= self._last_shown(post):
            return
        addition = pick(self._source, _ADDITIONS[post.language])
        post.edited_at = edited_at
        post.edited_text = f"{post.message.text} {addition}".strip()
        post.edit_id = self._world.ids.x(edited_at) if post.source == "x" else post.post_id

    def _delete(self, post: Post) -> None:
        days = self._source.random() * (18 if post.source == "x" else 3.5)
        deleted_at = post.created_at + HOUR + int(days * DAY)
        if deleted_at < self._last_shown(post):
            post.deleted_at = deleted_at

    def _last_shown(self, post: Post) -> int:
        """The last moment of which a delivery tells."""
        return self._world.end - (6 * DAY if post.source == "reddit" else 0)
