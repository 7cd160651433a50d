"""What goes on for a while, told over and over or with a beginning and an end: one event, with a duration."""

from datetime import datetime, timedelta

from ingest.domain.heard import Phase

GAP = timedelta(seconds=30)
"""What is said again within this is still the same."""
LONGEST = timedelta(days=1)
"""What began earlier, and was never said to be over, is another one."""


class Episode:
    """From when until when something went on; `ended` None: it still does."""

    def __init__(self, began: datetime, ended: datetime | None) -> None:
        self.began, self.ended = began, ended


def go_on(episodes: list[Episode], when: datetime, phase: Phase) -> Episode | None:
    """Let something be said at that instant: the episode of the list that it changes or adds, or leaves as it
    is since it says nothing new; None for the end of what never began, or is over.

    However often, and in whatever order, the same is said within an episode, it comes to the same.
    """
    last = max((one for one in episodes if one.began <= when), key=lambda one: one.began, default=None)
    if phase == "off":
        return _off(last, when)
    if last and _holds(last, when, phase):
        if phase in ("again", "over"):
            last.ended = max(last.ended or when, when)
        return last
    if phase == "over":
        return None
    if phase == "again":
        for one in episodes:
            if when < one.began <= when + GAP:  # it came late: what is known began a little earlier
                return one
    new = Episode(when, when if phase == "again" else None)
    episodes.append(new)
    return new


def _off(last: Episode | None, when: datetime) -> Episode | None:
    if last is None or last.ended is not None:
        return None
    last.ended = when
    return last


def _holds(episode: Episode, when: datetime, phase: Phase) -> bool:
    if episode.began == when:
        return True
    if episode.ended is None:
        return when - episode.began < LONGEST
    if phase == "began":
        return when <= episode.ended
    return when <= episode.ended + GAP
