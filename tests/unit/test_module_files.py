"""Module files: every mistake is one line that says which file, which line, which place, and what."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.contract.errors import ConfigError
from ingest.domain.module import Module
from ingest.module_files import examine, read_modules
from ingest.yaml_file import MAX_BYTES, read_yaml

GOOD = """\
code: noise
name: {zh: 噪声, en: Noise}
department: {code: city, name: {zh: 城管局, en: City Management}}
categories:
  - code: noise_patrol
    name: {zh: 噪声巡查, en: Noise patrol}
    hazard: general
    items: [loudspeaker, at_night]
    targets:
      categories: [餐饮服务]
      tags: [夜间经营]
      risk_grades: [C, D]
    cycle:
      C: {days: 90}
      D: {times_a_year: 6}
    first_handling:
      text: {zh: 当场劝导, en: Talk to them}
      hours: 24
    department_working_days: 15
items:
  - code: loudspeaker
    text: {zh: 无高音喇叭, en: No loudspeaker}
    answers:
      - {code: no, text: {zh: 无, en: No}, means: normal}
      - {code: yes, text: {zh: 有, en: Yes}, means: abnormal, severity: general}
  - code: at_night
    text: {zh: 夜间不扰民, en: Quiet at night}
    answers:
      - {code: 010, text: {zh: 安静, en: off}, means: normal}
      - {code: on, text: {zh: 喧闹, en: on}, means: abnormal, severity: serious}
"""


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path) -> Module:
    return read_modules([path])[0]


def complaints(path: Path) -> list[str]:
    """The lines of the error, each without the file's name, by which it must begin."""
    with pytest.raises(ConfigError) as refused:
        read_modules([path])
    lines = str(refused.value).split("\n")
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:").strip() for line in lines]


def test_plain_words_stay_what_was_written(tmp_path: Path) -> None:
    module = read(write(tmp_path / "m.yaml", GOOD))
    assert [answer.code for item in module.items for answer in item.answers] == ["no", "yes", "010", "on"]
    assert [answer.text.en for answer in module.items[0].answers] == ["No", "Yes"]
    assert module.categories[0].department_working_days == 15


def test_a_byte_order_mark_and_windows_line_ends_are_welcome(tmp_path: Path) -> None:
    plain = read(write(tmp_path / "m.yaml", GOOD))
    assert read(write(tmp_path / "w.yaml", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())) == plain


NOT_QUIET = "      - {code: 010, text: {zh: 安静, en: off}, means: normal}\n"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        # of shape
        ("code: noise\n", "", "1: code: is missing"),
        ("code: noise\n", "code:\n", "1: code: is empty"),
        ("code: noise\n", "code: 噪声\n", "1: code: '噪声' is no id (1 to 64 of A-Z a-z 0-9 _ -)"),
        ("code: noise\n", "code: [noise]\n", "1: code: must be a single value"),
        ("en: Noise}", "eng: Noise}", "2: name.en: is missing"),
        ("{zh: 噪声, en: Noise}", "噪声", "2: name: must have zh, en below it"),
        ("en: Noise}", f"en: {'x' * 501}}}", "2: name.en: is longer than 500 characters"),
        (
            "    hazard: general",
            "    hazard: mild",
            "7: categories[0].hazard: 'mild' is none of general, ser",
        ),
        ("hazard: general", "hazard: yes", "7: categories[0].hazard: 'yes' is none of general, serious"),
        ("items: [loudspeaker, at_night]", "items: loudspeaker", "8: categories[0].items: must be a list"),
        ("items: [loudspeaker, at_night]", "items: []", "8: categories[0].items: is empty"),
        ("[C, D]", "[C, E]", "12: categories[0].targets.risk_grades[1]: 'E' is none of A, B, C, D"),
        ("C: {days: 90}", "C: {days: 0}", "14: categories[0].cycle.C.days: '0' is no whole number from 1"),
        ("C: {days: 90}", "C: {days: ten}", "14: categories[0].cycle.C.days: 'ten' is no whole number from"),
        (
            "C: {days: 90}",
            f"C: {{days: {'9' * 5000}}}",
            f"14: categories[0].cycle.C.days: '{'9' * 40}...' is no",
        ),
        ("C: {days: 90}", "X: {days: 90}", "14: categories[0].cycle.X: is none of A, B, C, D, ungraded"),
        ("    department_working_days: 15\n", "", "5: categories[0].department_working_days: is missing"),
        ("department_working_days: 15", "department_working_days: 1.5", "19: categories[0].department_work"),
        (
            "en: Talk to them",
            "en: Stop, now",
            "17: categories[0].first_handling.text.now: is none of zh, en (",
        ),
        (
            "means: abnormal, severity: general",
            "means: bad, severity: general",
            "25: items[0].answers[1].means",
        ),
        ("severity: serious", "severity: awful", "30: items[1].answers[1].severity: 'awful' is none of gen"),
        (
            "    department_working_days: 15\n",
            "    department_working_days: 15\n    second: nobody\n",
            "20: categories[0].second: 'nobody' is none of anybody, officer",
        ),
        # of meaning
        ("C: {days: 90}", "C: {}", "14: categories[0].cycle.C: give days or times_a_year, one of them"),
        (
            "{days: 90}",
            "{days: 90, times_a_year: 4}",
            "14: categories[0].cycle.C: give days or times_a_year, n",
        ),
        (
            "      hours: 24\n",
            "",
            "16: categories[0].first_handling: give hours or working_days, one of them",
        ),
        (
            "hours: 24",
            "hours: 24\n      working_days: 1",
            "16: categories[0].first_handling: give hours or w",
        ),
        ("[C, D]", "[D]", "14: categories[0].cycle.C: targets.risk_grades leaves this grade out"),
        ("at_night]", "at_day]", "8: categories[0].items[1]: 'at_day' is no item of this module"),
        ("[loudspeaker, at_night]", "[loudspeaker]", "26: items[1]: 'at_night' is used by no category"),
        ("at_night]", "at_night, at_night]", "8: categories[0].items[2]: 'at_night' occurs twice"),
        ("- code: at_night", "- code: loudspeaker", "26: items[1].code: 'loudspeaker' occurs twice"),
        ("zh: 夜间不扰民", "zh: 无高音喇叭", "27: items[1].text.zh: '无高音喇叭' occurs twice"),
        ("code: yes", "code: no", "25: items[0].answers[1].code: 'no' occurs twice"),
        ("zh: 有,", "zh: 无,", "25: items[0].answers[1].text.zh: '无' occurs twice"),
        (
            ", severity: serious",
            "",
            "30: items[1].answers[1].severity: is missing: an abnormal answer has one",
        ),
        (
            "means: normal}",
            "means: normal, severity: major}",
            "24: items[0].answers[0].severity: a normal ans",
        ),
        (NOT_QUIET, "", "28: items[1].answers: none of them is normal"),
        # of YAML
        ("department:", "code: other\ndepartment:", "3: code: occurs twice"),
        ("{zh: 有, en: Yes}", "{zh: 有, en: Yes, zh: 是}", "25: items[0].answers[1].text.zh: occurs twice"),
        ("name: {zh: 噪声", "name: &n {zh: 噪声", "2: name: anchors and aliases ('n') are not for this file"),
        (
            "name: {zh: 噪声, en: Noise}",
            "name: *n",
            "2: name: anchors and aliases ('n') are not for this file",
        ),
        (
            "code: noise\n",
            "code: !!python/name:os.system x\n",
            "1: code: tags (tag:yaml.org,2002:python/name",
        ),
        ("    hazard", "\thazard", "7: -: a tab stands where only spaces may indent"),
        ("code: noise\n", "code: noise\nmore\n", "3: -: could not find expected ':'"),
        ("code: noise\n", "? [a, b]\n: c\n", "1: -: a key must be a word"),
        ("code: noise\n", 'code: noise\n"a\\nb": c\n', "2: -: a key must be a word"),
        ("en: Noise}", 'en: "No\\0ise"}', "2: name.en: holds the character U+0000"),
        ("en: Noise}", 'en: "No\\uD800ise"}', "2: name.en: holds the character U+D800"),
        ("en: Noise}", "en: No\x07ise}", "1: -: holds the character U+0007"),
        ("en: Noise}", f"en: {'[' * 40}{']' * 40}}}", "2: name.en[0]"),
        ("items:\n  - code", "---\nitems:\n  - code", "1: -: holds more than one document"),
        (GOOD, "", "1: -: holds no document"),
        (GOOD, "# nothing yet\n", "1: -: holds no document"),
        (GOOD, "[]", "1: -: must have code, name, department, categories, items below it"),
        (GOOD, "noise", "1: -: must have code, name, department, categories, items below it"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    said = complaints(write(tmp_path / "m.yaml", GOOD.replace(old, new, 1)))
    assert [line for line in said if line.startswith(complaint)], said
    assert len(said) <= 2, said


def test_all_mistakes_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    broken = GOOD.replace("hazard: general", "hazard: mild").replace("{days: 90}", "{days: x}")
    broken = broken.replace("means: normal}", "means: fine}")
    places = [line.split(": ")[1] for line in complaints(write(tmp_path / "m.yaml", broken))]
    assert places == [
        "categories[0].hazard",
        "categories[0].cycle.C.days",
        "items[0].answers[0].means",
        "items[1].answers[0].means",
    ]


@pytest.mark.parametrize(
    ("held", "complaint"),
    [
        (GOOD.encode("gb18030"), "is not UTF-8 (byte 23); it looks like GB18030: save it as UTF-8"),
        (GOOD.encode("utf-16"), "is not UTF-8 (byte 0); it looks like UTF-16: save it as UTF-8"),
        (b"code: \xff\xff\xff", "is not UTF-8 (byte 6)"),
        (b"# " + b"x" * 10_000_000, f"is larger than {MAX_BYTES // 1024} KB"),
    ],
)
def test_a_file_that_is_no_text_of_ours_is_refused_as_a_whole(
    tmp_path: Path, held: bytes, complaint: str
) -> None:
    assert complaints(write(tmp_path / "m.yaml", held)) == [complaint]


def test_a_file_that_is_not_there_or_a_directory_is_named(tmp_path: Path) -> None:
    assert complaints(tmp_path / "none.yaml") == ["file is missing"]
    assert complaints(tmp_path) == ["is a directory"]


def test_the_largest_file_that_is_taken_is_read_to_its_end(tmp_path: Path) -> None:
    text = GOOD + "# " + "x" * (MAX_BYTES - len(GOOD.encode()) - 2)
    assert read(write(tmp_path / "m.yaml", text)).code == "noise"


BITS = [
    "\t",
    "\0",
    "[",
    "}",
    "&a ",
    "*a",
    "!!x ",
    "? ",
    ": ",
    "- ",
    "\n",
    "|\n",
    "'",
    '"',
    "---\n",
    "\ud800",
    ",",
]
SPLICE = st.tuples(st.integers(0, len(GOOD)), st.integers(0, 30), st.sampled_from(BITS) | st.text(max_size=3))


@settings(max_examples=150, deadline=None)
@given(st.lists(SPLICE, min_size=1, max_size=3))
def test_whatever_stands_in_a_file_it_is_a_module_or_lines_about_it(
    tmp_path_factory: pytest.TempPathFactory, splices: list[tuple[int, int, str]]
) -> None:
    text = GOOD
    for at, length, put in splices:
        text = text[:at] + put + text[at + length :]
    path = tmp_path_factory.getbasetemp() / "spliced.yaml"
    fine, said = examine([write(path, text.encode(errors="surrogatepass"))])
    assert len(fine) == (not said)
    assert all(line.startswith(f"{path}:") for lines in said for line in lines.split("\n"))


def test_each_place_knows_its_line(tmp_path: Path) -> None:
    lines = read_yaml(write(tmp_path / "m.yaml", GOOD)).lines
    assert (lines["categories[0].cycle.D"], lines["items[1].answers[0]"]) == (15, 29)


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    good = write(tmp_path / "good.yaml", GOOD)
    fine, said = examine([tmp_path / "gone.yaml", good, tmp_path / "lost.yaml"])
    assert list(fine) == [good]
    assert [line.rpartition(": ")[2] for line in said] == ["file is missing"] * 2


def test_a_code_belongs_to_one_module_and_a_department_has_one_name(tmp_path: Path) -> None:
    other = GOOD.replace("code: noise\n", "code: quiet\n").replace("城管局", "城市管理局")
    paths = [write(tmp_path / "a.yaml", GOOD), write(tmp_path / "b.yaml", other)]
    fine, said = examine(paths)
    assert list(fine) == paths[:1]
    assert said == [
        f"{paths[1]}:5: categories[0].code: 'noise_patrol' belongs to module 'noise'",
        f"{paths[1]}:21: items[0].code: 'loudspeaker' belongs to module 'noise'",
        f"{paths[1]}:26: items[1].code: 'at_night' belongs to module 'noise'",
        f"{paths[1]}:3: department.name: 'city' is named otherwise elsewhere",
    ]


def test_the_example_of_the_documentation_is_in_order(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "modules.md").read_text(encoding="utf-8")
    assert read(write(tmp_path / "m.yaml", page.split("```yaml\n")[1].split("```")[0])).code == "noise"
