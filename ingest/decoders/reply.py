"""Replies: a device's to an order, and a department's to what it was told."""

from collections.abc import Iterable

from ingest.contract.delivery import Delivery
from ingest.contract.errors import DecodeError
from ingest.contract.messages import DepartmentReply, Reply
from ingest.contract.topics import Topic
from ingest.decoders import decoder
from ingest.domain.envelope import EnvelopeReader, Opened
from ingest.domain.facts import DepartmentReplied, Fact, OrderReplied

_REPLY = EnvelopeReader(Reply)
_FEEDBACK = EnvelopeReader(DepartmentReply)


@decoder("gw/v1/+/+/+/reply")
def reply(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _REPLY.facts(topic, delivery, _order_replied)


def _order_replied(opened: Opened[Reply]) -> OrderReplied:
    said = opened.data
    return OrderReplied(**opened.header, order_id=said.order_id, stage=said.stage, text=said.text)


@decoder("gw/v1/+/department/+/reply")
def feedback(topic: Topic, delivery: Delivery) -> Iterable[Fact | DecodeError]:
    return _FEEDBACK.facts(topic, delivery, _department_replied)


def _department_replied(opened: Opened[DepartmentReply]) -> Fact:
    said = opened.data
    if [said.task_id, said.clue_id, said.incident_id, said.order_id].count(None) != 3:
        raise DecodeError("wrong_shape", "a department replies about a task, a clue, an incident or an order")
    if said.order_id is not None:
        return OrderReplied(**opened.header, order_id=said.order_id, stage=said.stage, text=said.text)
    return DepartmentReplied(
        **opened.header,
        task_id=said.task_id,
        clue_id=said.clue_id,
        incident_id=said.incident_id,
        stage=said.stage,
        text=said.text,
    )
