"""A Bluetooth printer: the paper that a trader gets on the spot, right after the inspection.

Of two printers one speaks JSON; the app of the other publishes the very bytes that went to its printer.
"""

from ingest.contract.acts import Acting
from ingest.contract.messages import Receipt, Result
from simulators.chance import draw
from simulators.device import Message
from simulators.faults import NO_FAULTS, Rates, clock_ms, is_ill
from simulators.files import Fitting
from simulators.inbox import Inbox
from simulators.obedient import Obedient, in_order
from simulators.print_job import escpos
from simulators.town import Town, Visit

_PRINTING_S = (1.0, 6.0)


class Printer(Obedient):
    """The printer on a worker's belt."""

    kind = "printer"

    def __init__(
        self, town: Town, fitting: Fitting, worker_id: str, clock_ms: int = 0, rates: Rates = NO_FAULTS
    ) -> None:
        walk = town.walks[worker_id]
        super().__init__(
            town.world.district, fitting.device_id, walk.rank, walk.crew, town.start, clock_ms, town.pace
        )
        self._town = town
        self._worker_id = worker_id
        self._raw = walk.rank % 2 == 0
        self._left = is_ill(rates, walk.rank)  # at home
        self._inbox = Inbox(rates, town.seed, fitting.device_id)

    def _happened(self, after: float, until: float) -> list[Message]:
        if self._left:
            return []
        receipts = [
            (at, [self._receipt(at, visit)])
            for visit in self._town.visits(self._worker_id, after - _PRINTING_S[1], until)
            if visit.receipt_no
            and after < (at := visit.ended + draw(self.device_id, visit.ended).uniform(*_PRINTING_S)) <= until
        ]
        return in_order([*receipts, *self._obeyed(until)])

    def receive(self, payload: bytes, now: float) -> None:
        if not self._left:
            super().receive(payload, now)

    def _carry_out(self, order: Acting, at: float) -> list[Message]:
        number = f"{self._town.local(at):%y%m%d%H%M%S}-{self.device_id}"
        return [self._paper(at, Receipt(number, order.text or ""), f"notice-{order.order_id}")]

    def _receipt(self, at: float, visit: Visit) -> Message:
        assert visit.receipt_no
        mark = self._town.marks.get(self._worker_id)
        link = mark(visit).link(self._town.screen) if mark else None
        return self._paper(at, Receipt(visit.receipt_no, self._text(visit), visit.inspection_id, link))

    def _paper(self, at: float, paper: Receipt, name: str = "") -> Message:
        if self._raw:
            return Message(self._topic("receipt"), escpos(paper.text, paper.qr or paper.number))
        return self._tell("receipt", at, paper, name=name)

    def _text(self, visit: Visit) -> str:
        abnormal = visit.result is Result.ABNORMAL
        lines = [
            "市场监管现场检查记录",
            f"编号:{visit.receipt_no}",
            f"当事人:{visit.premises.name}",
            f"地址:{visit.premises.address}",
            f"时间:{self._town.local(visit.started):%Y-%m-%d %H:%M}-{self._town.local(visit.ended):%H:%M}",
            f"检查人员:{self._town.worker_names[self._worker_id]}",
            *visit.lines,
            "结果:发现问题,请于10个工作日内整改" if abnormal else "结果:未发现异常",
            "当事人签字:",
            "扫码核验本记录真伪",
        ]
        return "\n".join(lines)


def build(town: Town, rates: Rates) -> list[Printer]:
    """A printer for every row of its kind whose carrier walks."""
    return [
        Printer(town, row, row.worker_id, clock_ms(rates, draw(town.seed, "clock", row.device_id)), rates)
        for row in town.world.fittings
        if row.kind == Printer.kind and row.worker_id in town.walks
    ]
