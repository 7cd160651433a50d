"""What the browser is told of the end of a fragment's run when the next run starts at once."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboard import endings

ENDED, CUT_OFF = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN


def told(next_fragments: list[str] | None) -> int:
    """How the run of fragment A ended, by what goes to the browser after the next run has started."""
    drawn, end, queue = ForwardMsg(), ForwardMsg(), ForwardMsgQueue()
    drawn.delta.fragment_id, end.script_finished = "A", ENDED
    drawn.delta.new_element.markdown.body = "what A draws"
    for msg in (drawn, end):
        queue.enqueue(msg)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=next_fragments)
    return queue.flush()[-1].script_finished


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)  # what keep() changes is put back
    endings.keep()


def test_streamlit_itself_still_calls_an_end_before_another_fragment_cut_off(monkeypatch):
    monkeypatch.setattr(ForwardMsgQueue, "clear", endings._clear)  # other tests make whole applications
    assert told(["B"]) == CUT_OFF  # when it no longer does, dashboard/endings.py can go


def test_an_end_is_told_as_one_when_another_fragment_follows(kept):
    assert told(["B"]) == ENDED


@pytest.mark.parametrize("next_fragments", [["A"], ["B", "A"], None])
def test_a_run_whose_drawing_never_went_out_is_called_cut_off(kept, next_fragments):
    assert told(next_fragments) == CUT_OFF
