"""What lies under the map: as the setting says, or one line about what is wrong with it."""

import pytest

from dashboard.basemap import Basemap, basemap
from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum

TILES = "http://tiles.example/{z}/{x}/{y}.png"


@pytest.mark.parametrize("said", ["", "none", " NONE "])
def test_without_a_setting_nobody_is_asked_for_anything(said: str) -> None:
    assert basemap(said, "") == Basemap()
    assert Basemap().style()["sources"] == {}
    assert "http" not in str(Basemap().style())


def test_tiles_of_ones_own_are_drawn_above_the_ground() -> None:
    style = basemap(TILES, "gcj02").style()
    assert style["sources"]["basemap-0"]["tiles"] == [TILES]
    assert [layer["id"] for layer in style["layers"]] == ["background", "basemap-0"]
    assert basemap(TILES, "GCJ02").datum is Datum.GCJ02


def test_tianditu_has_streets_and_above_them_names() -> None:
    ground = basemap("tianditu:abc123", "wgs84")
    (streets, names) = (ground.style()["sources"][f"basemap-{n}"]["tiles"][0] for n in (0, 1))
    assert "/vec_w/wmts" in streets
    assert "/cva_w/wmts" in names
    assert all(
        "{z}" in url and "{x}" in url and "{y}" in url and "tk=abc123" in url for url in (streets, names)
    )


def test_any_other_address_is_a_style() -> None:
    assert (
        basemap("https://maps.example/style.json?key=1", "").style_url
        == "https://maps.example/style.json?key=1"
    )


@pytest.mark.parametrize(
    ("said", "datum", "line"),
    [
        ("nonsense", "", "GRIDWARD_BASEMAP is none of"),
        ("ftp://a/{z}/{x}/{y}", "", "GRIDWARD_BASEMAP is none of"),
        ("http://a b/style.json", "", "GRIDWARD_BASEMAP is none of"),
        ("http://[/{z}/{x}/{y}", "", "GRIDWARD_BASEMAP is none of"),
        ("http://a:99999/{z}/{x}/{y}", "", "GRIDWARD_BASEMAP is none of"),
        ("http://a/{z}/{x}.png", "", "GRIDWARD_BASEMAP: a tile's address has {z}, {x} and {y} in it"),
        ("tianditu:", "", "GRIDWARD_BASEMAP: tianditu: wants the key"),
        ("tianditu:a&b", "", "GRIDWARD_BASEMAP: tianditu: wants the key"),
        ("tianditu:abc", "gcj02", "GRIDWARD_BASEMAP_DATUM: Tianditu is in CGCS2000"),
        ("", "bd09", "GRIDWARD_BASEMAP_DATUM: 'bd09' is neither wgs84 nor gcj02"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(said: str, datum: str, line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        basemap(said, datum)
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)
