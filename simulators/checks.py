"""What is inspected where: the categories and check items of the modules that come with Gridward, by code.

The simulators read no module; a test compares.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ingest.domain.module import Targets


class Check(NamedTuple):
    """A category of tasks: its checklist, and the premises that it is for."""

    items: tuple[str, ...]
    targets: Targets = Targets()


_EATEN = ("餐饮服务", "食品销售", "食品生产", "食品小作坊")
_CURED = ("药品经营", "医疗器械")

CHECKS: Mapping[str, Check] = {
    "address_verification": Check(("address_match", "entity_match")),
    "opening_verification": Check(("in_business", "scope_match")),
    "dead_premises": Check(("in_business", "address_match", "contact_valid")),
    "licence_display": Check(("licence_displayed",)),
    "annual_report": Check(("report_filed", "report_contact")),
    "permit_verification": Check(
        ("permit_held", "permit_scope"),
        Targets((*_EATEN, *_CURED, "保健食品", "住宿服务", "机动车维修")),
    ),
    "unlicensed_patrol": Check(("business_licence_held", "hidden_workshop")),
    "permit_expiry": Check(("permit_valid",), Targets((*_EATEN, *_CURED))),
    "food_daily": Check(
        ("food_storage", "purchase_records", "tableware", "health_certificates", "shelf_life"),
        Targets((*_EATEN, "食用农产品", "保健食品")),
    ),
    "campus_food": Check(
        ("shelf_life", "purchase_records"),
        Targets(("餐饮服务", "食品销售", "食品小作坊"), ("校园周边", "学校食堂")),
    ),
    "drug_daily": Check(("drug_storage", "prescriptions"), Targets((*_CURED, "化妆品"))),
    "consumer_patrol": Check(
        ("price_marked", "honest_advertising"),
        Targets(("餐饮服务", "食品销售", "保健食品", "日用百货", "服装鞋帽", "五金建材", "居民服务",
                 "机动车维修", "住宿服务")),
    ),
    "pyramid_patrol": Check(("recruitment",), Targets(("住宿服务", "居民服务", "保健食品"))),
    "lift_validity": Check(("lift_mark", "lift_phone"), Targets(tags=("宾馆", "超市", "电梯使用单位"))),
    "equipment_registration": Check(("equipment_registered",), Targets(("机械加工", "食品生产"))),
    "tobacco_retail": Check(("tobacco_licence",), Targets(("烟草零售", "食品销售", "日用百货"))),
}  # fmt: skip

DAILY = ("food_daily", "drug_daily")
"""What premises that they are for are mostly inspected for."""

SEASONAL = "annual_report"
SURVEY = "opening_verification"
"""What premises known from records only are visited for."""

PATROL_ITEMS = ("亮照经营", "许可证有效", "主体信息一致", "消防通道")
"""What a worker looks at without a task: no menu, so in words."""
