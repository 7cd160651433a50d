"""What premises are, and what goes wrong there.

The nine food and drug classes stand for the first-level tags of the field, their kinds for the
second level; the other trades are those that a grid worker meets most.
"""

from typing import NamedTuple

from ingest.contract import messages


class Trade(NamedTuple):
    """One class of premises: its share of all, whether it is food or drug, its kinds and shop suffixes."""

    name: str
    weight: float
    graded: bool
    kinds: tuple[str, ...]
    suffixes: tuple[str, ...]


TRADES = (
    Trade("餐饮服务", 12.0, True, ("小餐馆", "饮品店", "学校食堂", "中央厨房", "小吃店"),
          ("小吃店", "饭馆", "茶饮店", "面馆", "餐厅", "早餐店")),
    Trade("食品销售", 9.0, True, ("小食杂店", "便利店", "超市"), ("食杂店", "便利店", "超市", "副食店")),
    Trade("食品生产", 0.8, True, ("获证企业", "分装企业"), ("食品有限公司", "食品厂")),
    Trade("食品小作坊", 1.4, True, ("豆制品", "糕点", "腌制品"), ("豆腐坊", "糕饼坊", "食品加工坊")),
    Trade("食用农产品", 3.0, True, ("农贸市场摊位", "生鲜店"), ("生鲜店", "水果店", "蔬菜摊", "水产店")),
    Trade("药品经营", 2.0, True, ("零售药店", "诊所药房"), ("大药房", "药店")),
    Trade("医疗器械", 1.2, True, ("二类经营", "三类经营"), ("医疗器械店", "助听器店")),
    Trade("化妆品", 1.6, True, ("零售", "美容使用"), ("化妆品店", "美妆店")),
    Trade("保健食品", 1.0, True, ("专营", "兼营"), ("保健品店", "营养品店")),
    Trade("日用百货", 16.0, False, ("零售", "批发"), ("百货店", "日杂店", "文具店")),
    Trade("服装鞋帽", 12.0, False, ("零售", "加工"), ("服装店", "鞋店", "童装店")),
    Trade("五金建材", 10.0, False, ("零售", "批发"), ("五金店", "建材行", "水暖店")),
    Trade("居民服务", 9.0, False, ("美发", "洗衣", "家政"), ("理发店", "洗衣店", "家政服务部")),
    Trade("机动车维修", 5.0, False, ("汽车", "摩托车"), ("汽修厂", "轮胎店", "电动车行")),
    Trade("烟草零售", 4.0, False, ("专营", "兼营"), ("烟酒店", "烟酒商行")),
    Trade("住宿服务", 3.0, False, ("宾馆", "民宿"), ("宾馆", "民宿", "旅馆")),
    Trade("机械加工", 9.0, False, ("零部件", "模具"), ("机械厂", "模具厂", "电子科技有限公司")),
)  # fmt: skip

OPEN_TAGS = ("校园周边", "旅游景区", "农贸市场内", "夜间经营", "老旧小区", "工业园区", "网络餐饮")

FAILINGS = {
    "food_storage": "生熟食品混放,冷藏温度不达标",
    "tableware": "消毒柜未使用,餐具有污渍",
    "health_certificates": "一名从业人员健康证已过期",
    "purchase_records": "近一周未登记进货台账",
    "shelf_life": "货架上有过期食品",
    "permit_valid": "许可证已过有效期",
    "licence_displayed": "营业执照未悬挂在醒目位置",
    "lift_mark": "检验标志过期未换",
    "lift_phone": "轿厢应急电话无人接听",
    "prescriptions": "处方药开架销售,未留存处方",
    "drug_storage": "阴凉柜温度超标",
    "消防通道": "后门通道堆放纸箱,无法通行",
    "许可证有效": "许可证已过有效期",
    "亮照经营": "营业执照未悬挂在醒目位置",
}
"""Check item -> what a worker without its menu writes when it fails; others get `OTHER_FAILING`."""

OTHER_FAILING = "现场情况与登记不符"

REFUSALS = ("今日休假，请转派他人", "不在本人责任网格", "当事人已迁走，请核对后再派")
"""Why a worker does not take an order."""

TOO_LATE = "收到时已过时限"
"""Why what came down late is not begun."""

DEPARTMENTS = ("consumer", "credit", "drugs", "enforcement", "food", "registration", "special_equipment",
               "tobacco")  # fmt: skip
"""The departments of the supervision modules that come with Gridward."""

OTHER_DEPARTMENTS = ("bureau", "fire", "housing", "urban_management")
"""Those to whom clues go besides: the district's bureau itself, and others than market supervision's."""

FEEDBACK = (
    "已核实，予以销案",
    "已责令改正并复查合格",
    "已立案调查",
    "已约谈负责人",
    "情况属实，已纳入重点监管",
)
"""What a department says of what it did."""

NOT_THEIRS = "不属于本部门职责，请另行分派"
"""What it says of a clue that it sends back."""

CLUES = (
    ("无证照经营", "沿街新开店铺未见营业执照"),
    ("食品安全", "临街摊点使用无标签散装原料"),
    ("消防隐患", "楼梯间停放电动车并充电"),
    ("地下作坊", "民房内疑似加工食品,气味明显"),
    ("价格违法", "商品未明码标价"),
    ("虚假宣传", "门店海报宣称产品可治疗疾病"),
    ("占道经营", "摊位占用人行道"),
    ("特种设备", "叉车无检验标志仍在使用"),
    ("燃气安全", "后厨气瓶与明火同室,软管老化"),
)
"""(kind, text) of what a worker may come upon."""

PRODUCTS: dict[str, tuple[str, ...]] = {
    "餐饮服务": ("食用油", "冷冻鸡翅", "调味酱油"),
    "食品销售": ("纯牛奶", "婴幼儿配方奶粉", "白酒", "火腿肠"),
    "食品生产": ("食品添加剂", "白砂糖"),
    "食品小作坊": ("大豆", "食用碱"),
    "食用农产品": ("冷鲜猪肉", "进口车厘子"),
    "药品经营": ("感冒灵颗粒", "阿莫西林胶囊", "降压片"),
    "医疗器械": ("医用口罩", "血糖试纸"),
    "化妆品": ("美白面霜", "防晒霜"),
    "保健食品": ("鱼油软胶囊", "蛋白粉"),
}
"""A trade -> what its codes are read of."""


class Saying(NamedTuple):
    """What people say at a terminal: what they come with, how often, what it is about, and in which words."""

    kind: messages.Saying
    weight: float
    about: str | None
    text: str


SAYINGS = (
    Saying("consultation", 20, None, "办理食品经营许可需要哪些材料"),
    Saying("consultation", 15, None, "个体户年报在哪里填报"),
    Saying("consultation", 10, None, "电梯检验标志多久换一次"),
    Saying("complaint", 8, "食品安全", "外卖里吃出异物，商家不认"),
    Saying("complaint", 7, "价格违法", "结账价格比标价高"),
    Saying("complaint", 6, "虚假宣传", "保健品讲座向老人高价卖货"),
    Saying("complaint", 6, None, "买到的商品有质量问题，退货被拒"),
    Saying("report", 5, "无证照经营", "楼下加工点没有营业执照"),
    Saying("report", 4, "食品安全", "夜里往店里运没有标签的冻肉"),
    Saying("report", 3, "消防隐患", "店铺后门通道堆满纸箱，门也锁了"),
    Saying("report", 1, "燃气安全", "饭店后厨气瓶放在灶边，有气味"),
    Saying("suggestion", 8, None, "希望菜市场门口多放一台公平秤"),
    Saying("praise", 5, None, "上次投诉两天就解决了，谢谢"),
)

INDUSTRIES = ("餐饮", "食品零售", "药品零售", "烟草零售", "理发美容", "汽车维修", "住宿", "网吧", "再生资源",
              "服装加工", "五金", "家具", "教育培训", "物流快递", "房产中介", "农资", "娱乐场所")  # fmt: skip
