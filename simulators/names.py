"""Invented names in Chinese with their pinyin: villages, streets, people, shops."""

from simulators.chance import draw


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "云yun 青qing 白bai 石shi 柳liu 竹zhu 松song 梅mei 兰lan 榕rong 樟zhang 枫feng 霞xia 月yue "
    "星xing 晴qing 清qing 澄cheng 碧bi 丹dan 紫zi 锦jin 翠cui 银yin 玉yu 瑞rui 和he 安an 宁ning "
    "丰feng 禾he 麦mai 茶cha 橘ju 荔li 莲lian 荷he 苇wei 鹭lu 雁yan 鹤he 鹿lu 燕yan 鲤li 潮chao "
    "浪lang 沙sha 岩yan 远yuan 长chang 双shuang 东dong 南nan 西xi 北bei 上shang 下xia 前qian "
    "后hou 新xin 古gu"
)
_SECOND = _words(
    "溪xi 岭ling 塘tang 湾wan 坡po 桥qiao 亭ting 坂ban 浦pu 洲zhou 屿yu 岸an 林lin 园yuan 田tian "
    "圃pu 井jing 泉quan 潭tan 渡du 港gang 汀ting 峰feng 岩yan 谷gu 坪ping 埔pu 墩dun 厝cuo 围wei "
    "寨zhai 堡bao 里li 巷xiang 门men 楼lou 阁ge 台tai 社she 场chang"
)
_SIDES = ("", "东dong", "西xi", "南nan", "北bei")
_VILLAGE = (("村", "Village"), ("社区", "Community"))
_STREET = ("路", "街", "巷", "大道", "北路", "南路", "中街", "后街")
_SURNAMES = _words(
    "陈chen 林lin 黄huang 张zhang 李li 王wang 吴wu 刘liu 蔡cai 杨yang 许xu 郑zheng 谢xie 郭guo "
    "洪hong 邱qiu 曾zeng 廖liao 赖lai 周zhou 叶ye 苏su 庄zhuang 吕lv 江jiang 何he 萧xiao 罗luo "
    "高gao 潘pan 简jian 朱zhu 钟zhong 彭peng 游you 詹zhan 胡hu 施shi 沈shen 余yu 卢lu 梁liang "
    "赵zhao 颜yan 柯ke 翁weng 魏wei 孙sun 戴dai 范fan 方fang 宋song 邓deng 杜du 傅fu 侯hou 曹cao "
    "薛xue 丁ding 纪ji"
)
_GIVEN = _words(
    "文wen 明ming 志zhi 伟wei 建jian 国guo 俊jun 杰jie 家jia 豪hao 雅ya 婷ting 美mei 玲ling 淑shu "
    "芬fen 慧hui 敏min 丽li 华hua 秀xiu 英ying 海hai 波bo 晓xiao 燕yan 宇yu 轩xuan 思si 涵han 子zi "
    "怡yi 佳jia 欣xin 振zhen 鹏peng 永yong 辉hui 春chun 梅mei 红hong 霞xia 小xiao 军jun 立li "
    "强qiang 素su 珍zhen 少shao 峰feng 丹dan 妮ni 雪xue 莹ying 凯kai 翔xiang 静jing 宜yi 诗shi "
    "琪qi"
)
_SHOP = _words(
    "福 顺 源 兴 隆 和 泰 安 康 宝 聚 鑫 旺 盛 永 好 味 乐 家 佳 美 丰 裕 祥 瑞 德 利 百 万 千 金 玉 "
    "丽 星 晨 海 山 阿 小 老 大 新 喜 优 品 诚 信 嘉 禾 膳 品 客 友 邻 里 悦 香 甜"
)


def villages(seed: int, count: int) -> list[tuple[str, str]]:
    """`count` different village names as (Chinese, English), e.g. ('云溪社区', 'Yunxi Community')."""
    dice = draw(seed, "villages")
    stems = places(seed, "village stems", count)
    suffixes = [dice.choice(_VILLAGE) for _ in stems]
    return [(a + suffix[0], f"{b} {suffix[1]}") for (a, b), suffix in zip(stems, suffixes, strict=True)]


def places(seed: int, purpose: str, count: int) -> list[tuple[str, str]]:
    """`count` different place names without a suffix, e.g. ('云溪', 'Yunxi').

    There are some 12,000; asking for more raises ValueError.
    """
    stems = [(a, b) for a in _FIRST for b in _SECOND if a[0] != b[0]]
    sides = _SIDES[:1] if count <= len(stems) else _SIDES
    pool = [(*stem, side) for stem in stems for side in sides]
    chosen = draw(seed, purpose).sample(pool, count)
    return [("".join(part[:1] for part in parts), _pinyin(*parts)) for parts in chosen]


def people(seed: int, purpose: str, count: int) -> list[tuple[str, str]]:
    """`count` different invented persons as (Chinese, pinyin), e.g. ('林雅婷', 'Lin Yating')."""
    dice = draw(seed, purpose)
    names: dict[str, str] = {}
    while len(names) < count:
        surname, given = dice.choice(_SURNAMES), dice.sample(_GIVEN, dice.choice((1, 2, 2, 2, 2)))
        chinese = surname[0] + "".join(part[0] for part in given)
        names.setdefault(chinese, f"{_pinyin(surname)} {_pinyin(*given)}")
    return list(names.items())


def streets(seed: int, grid_id: str, count: int) -> list[str]:
    """`count` street names of a grid; a large village may repeat one."""
    dice = draw(seed, "streets", grid_id)
    return [dice.choice(_FIRST)[0] + dice.choice(_SECOND)[0] + dice.choice(_STREET) for _ in range(count)]


def shop(first: int, second: int) -> str:
    """A shop's two-character name from two numbers, e.g. '福源'."""
    return _SHOP[first % len(_SHOP)] + _SHOP[second % len(_SHOP)]


def _pinyin(*syllables: str) -> str:
    return "".join(syllable[1:] for syllable in syllables).capitalize()
