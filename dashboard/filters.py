"""What a list is narrowed by: unit, text, codes and choices, kept in the page's address, so that a narrowed
list can be shared, and by the session for the way back to the page."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from dashboard.ui.i18n import name, say
from db.connect import Row

MANY = 9

Params = dict[str, Any]
Said = dict[str, list[str]]
"""Filters as the address says them: codes, never words, so that they hold in any language."""


class Pills(NamedTuple):
    """A filter by codes: `param` of the query (a list, None: all), said by locale keys
    ``{prefix}.{code}``."""

    param: str
    prefix: str
    codes: tuple[str, ...]


class Choice(NamedTuple):
    """A filter by one of the values that `Options` name when it is drawn: `param` of the query (a list of
    one, None: all). With `codes` it is one of these, the first unless another is chosen."""

    param: str
    codes: tuple[str, ...] = ()
    width: int = 130
    """Pixels."""
    empty: str = "list.all"
    """What it says while nothing is chosen."""


Filters = tuple[Pills | Choice, ...]
Options = Mapping[str, Mapping[str, str]]
"""By a choice's `param` its codes, and how each is shown."""


def restore(page: str, pills: Filters) -> None:
    """Set the filters of `page` as its address says, before they are drawn; what is no code is left out."""
    asked, state = st.query_params, st.session_state
    state[f"{page}_unit"] = asked.get("unit") or None
    state[f"{page}_text"] = asked.get("text", "")
    for pill in pills:
        codes = [code for code in asked.get_all(pill.param) if code in pill.codes or not pill.codes]
        state[f"{page}_{pill.param}"] = codes if isinstance(pill, Pills) else next(iter(codes), _usual(pill))
    show(page)
    _to_the_address(page, pills)  # the browser's may be another still, after the link of its own page


def show(page: str) -> None:
    """What is shown now is `page`, in the address's language: only what it draws may change the address."""
    st.session_state["shown_list"] = (page, st.query_params.get("lang"))


def is_shown(page: str) -> bool:
    """A tick that was under way when a list was left, or drawn in another language, still brings its filters,
    and Streamlit takes that for a change of each: the list's address would come back."""
    return bool(st.session_state.get("shown_list") == (page, st.query_params.get("lang")))


def forget_shown() -> None:
    """No list is shown, until one is restored."""
    st.session_state.pop("shown_list", None)


def remembered(page: str) -> Said:
    """What `page` was narrowed by when this session saw it last."""
    return _remembered().get(page, {})


def chosen(page: str, pills: Filters) -> Params:
    """The query's parameters as the filters are set; None where one lets everything through."""
    said = _said(page, pills)
    unit, text = said.get("unit", [None])[0], said.get("text", [None])[0]
    return {
        "unit": unit,
        "text": text,
        **{pill.param: said.get(pill.param, _default(pill)) for pill in pills},
    }


def pick(table: str, ids: list[str]) -> None:
    """Keep in the address which row of `table` was picked: its id, since rows move."""
    rows = st.session_state[table]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        st.query_params["picked"] = ids[rows[0]]


def picked() -> str | None:
    """The id of the row that was picked, if any."""
    return st.query_params.get("picked")


def narrow(page: str, unit: str | None) -> None:
    """Narrow the list `page`, which is shown, to the unit; None: to all that the viewer sees."""
    if not is_shown(page):
        return
    said = _remembered().setdefault(page, {})
    st.session_state[f"{page}_unit"] = unit
    if unit is None:
        st.query_params.pop("unit", None)
        said.pop("unit", None)
    else:
        st.query_params["unit"], said["unit"] = unit, [unit]


def put_back() -> None:
    """Forget which row was picked."""
    st.query_params.pop("picked", None)


def draw(
    lang: str, page: str, pills: Filters, units: list[Row] | None, options: Options | None = None
) -> None:
    """The filters side by side, in the container that is open; `units` None: it is not narrowed by unit."""
    change: Params = {"on_change": _to_the_address, "args": (page, pills)}
    if units is not None:
        _unit(lang, page, units, change)
    placeholder = say(lang, f"list.text_{page}")
    st.text_input(say(lang, "list.text"), placeholder=placeholder, key=f"{page}_text", width=300, **change)
    for pill in pills:
        if isinstance(pill, Choice):
            _choice(lang, page, pill, (options or {}).get(pill.param, {}), change)
        else:
            (_pills if len(pill.codes) <= MANY else _many)(lang, page, pill, change)


def _unit(lang: str, page: str, units: list[Row], change: Params) -> None:
    labels = {unit["path"]: "\u2003" * (unit["depth"] - 1) + name(lang, unit) for unit in units}
    paths, unit = list(labels), st.session_state.get(f"{page}_unit")
    st.selectbox(
        say(lang, "list.unit"),
        # One that is not among them stays all the same: it may be that they could not be read.
        [*paths, unit] if unit and unit not in labels else paths,
        index=None,
        format_func=lambda path: labels.get(path, path),
        placeholder=say(lang, "list.all_units"),
        key=f"{page}_unit",
        width=300,
        **change,
    )


def _many(lang: str, page: str, pill: Pills, change: Params) -> None:
    """The same as pills, of so many codes that they have no room side by side."""
    st.multiselect(
        say(lang, f"list.{pill.param}"),
        pill.codes,
        format_func=lambda code: say(lang, f"{pill.prefix}.{code}"),
        placeholder=say(lang, f"list.all_{pill.param}"),
        key=f"{page}_{pill.param}",
        width=300,
        **change,
    )


def _choice(lang: str, page: str, choice: Choice, shown: Mapping[str, str], change: Params) -> None:
    key, usual = f"{page}_{choice.param}", _usual(choice)
    codes, chosen = list(shown), st.session_state.get(key)
    st.selectbox(
        say(lang, f"list.{choice.param}"),
        [*codes, chosen] if chosen and chosen not in shown else codes,  # as a unit that could not be read
        index=None if usual is None else 0,
        format_func=lambda code: shown.get(code, code),
        placeholder=say(lang, choice.empty),
        key=key,
        width=choice.width,
        **change,
    )


def _pills(lang: str, page: str, pill: Pills, change: Params) -> None:
    st.pills(
        say(lang, f"list.{pill.param}"),
        pill.codes,
        selection_mode="multi",
        format_func=lambda code: say(lang, f"{pill.prefix}.{code}"),
        key=f"{page}_{pill.param}",
        **change,
    )


def _to_the_address(page: str, pills: Filters) -> None:
    if not is_shown(page):
        return
    said = _remembered()[page] = _said(page, pills)
    ours = {"unit", "text", *(pill.param for pill in pills)}
    others = {key: st.query_params.get_all(key) for key in st.query_params if key not in ours}
    st.query_params.from_dict({**others, **said})


def _said(page: str, pills: Filters) -> Said:
    state = st.session_state
    unit, text = state.get(f"{page}_unit"), state.get(f"{page}_text", "").strip()
    codes = {pill.param: _codes(pill, state.get(f"{page}_{pill.param}")) for pill in pills}
    said = {"unit": [unit] if unit else [], "text": [text] if text else [], **codes}
    return {param: values for param, values in said.items() if values}


def _codes(pill: Pills | Choice, value: Any) -> list[str]:
    """What was chosen; nothing where it is what it usually is."""
    if isinstance(pill, Pills):
        return list(value or ())
    return [value] if value and value != _usual(pill) else []


def _usual(choice: Choice) -> str | None:
    return choice.codes[0] if choice.codes else None


def _default(pill: Pills | Choice) -> list[str] | None:
    """The parameter while nothing is said in the address."""
    return [pill.codes[0]] if isinstance(pill, Choice) and pill.codes else None


def _remembered() -> dict[str, Said]:
    kept: dict[str, Said] = st.session_state.setdefault("filters", {})
    return kept
