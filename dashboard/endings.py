"""The end of a fragment's run stays its end for the browser, when another fragment runs after it.

Where a run starts before the message that the last one has ended went out (5 ms), Streamlit 1.67 tells the
browser that the last one was cut off, even if all that it drew is kept. Fragments that follow the same tick
run one after another, so tick by tick the browser is not told to take away what the earlier ones no longer
draw: the button of an alert that somebody has taken up stays where it was.
"""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_clear = ForwardMsgQueue.clear
_ENDED = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def keep() -> None:
    """Have it so in this process."""
    ForwardMsgQueue.clear = _clear_but_keep_ends  # type: ignore[method-assign]


def _clear_but_keep_ends(
    self: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    before = list(self._queue)
    ends = [msg for msg in before if msg.HasField("script_finished") and msg.script_finished == _ENDED]
    _clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
    if fragment_ids_this_run is not None and len(self._queue) == len(before):  # nothing of it was lost
        for msg in ends:
            msg.script_finished = _ENDED
