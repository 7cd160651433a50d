"""What lies under the map: nothing by default, so that nobody outside is asked; else tiles by setting."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ingest.contract.errors import ConfigError
from ingest.contract.messages import Datum

_STYLE = Path(__file__).parent / "static" / "style.json"
_TIANDITU = "tianditu:"
_TIANDITU_TILE = (
    "https://t{server}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_TILE_PX = 256
# Darkened, so that people and alerts are what is seen from afar.
_PAINT = {"raster-saturation": -0.5, "raster-brightness-max": 0.6, "raster-opacity": 0.8}


@dataclass(frozen=True, slots=True)
class Basemap:
    """Raster tiles, one set above the other, or somebody's own MapLibre style; and what their places are
    given in."""

    tiles: tuple[tuple[str, ...], ...] = ()
    style_url: str | None = None
    datum: Datum = Datum.WGS84
    credit: str = ""

    def style(self) -> dict[str, Any]:
        """Our style with the tiles in it, as MapLibre reads it."""
        style: dict[str, Any] = json.loads(_STYLE.read_text("utf-8"))
        for number, urls in enumerate(self.tiles):
            name, credit = f"basemap-{number}", {"attribution": self.credit} if self.credit else {}
            style["sources"][name] = {"type": "raster", "tiles": list(urls), "tileSize": _TILE_PX, **credit}
            style["layers"].append({"id": name, "type": "raster", "source": name, "paint": _PAINT})
        return style


def basemap(said: str, datum: str) -> Basemap:
    """Of GRIDWARD_BASEMAP (``none``, ``tianditu:KEY``, a tile address with {z}, {x} and {y}, or a style's
    address) and GRIDWARD_BASEMAP_DATUM (``wgs84``, ``gcj02``). Raises ConfigError naming the variable."""
    known = {"": Datum.WGS84, "wgs84": Datum.WGS84, "gcj02": Datum.GCJ02}.get(datum.strip().lower())
    if known is None:
        raise ConfigError(f"GRIDWARD_BASEMAP_DATUM: {datum.strip()!r} is neither wgs84 nor gcj02")
    said = said.strip()
    if said.lower() in ("", "none"):
        return Basemap()
    if said.lower().startswith(_TIANDITU):
        return _tianditu(said[len(_TIANDITU) :].strip(), known)
    return _by_address(said, known)


def _tianditu(key: str, datum: Datum) -> Basemap:
    if not (key.isascii() and key.isalnum()):
        raise ConfigError("GRIDWARD_BASEMAP: tianditu: wants the key after it, letters and digits")
    if datum is not Datum.WGS84:
        raise ConfigError("GRIDWARD_BASEMAP_DATUM: Tianditu is in CGCS2000, which is wgs84 to a metre")
    tiles = tuple(
        tuple(_TIANDITU_TILE.format(server=number, layer=layer, key=key) for number in range(8))
        for layer in ("vec", "cva")
    )
    return Basemap(tiles, credit="© 天地图")


def _by_address(said: str, datum: Datum) -> Basemap:
    try:
        parts = urlsplit(said)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if not whole or any(character.isspace() for character in said):
        raise ConfigError(
            "GRIDWARD_BASEMAP is none of: none, tianditu:KEY, a tile's http(s) address with {z}, {x}, {y}, "
            "a style's http(s) address"
        )
    holes = [hole for hole in ("{z}", "{x}", "{y}") if hole in said]
    if not holes:
        return Basemap(style_url=quote(said, safe=":/?#[]@!$&'()*+,;=%~"), datum=datum)
    if len(holes) < 3:
        raise ConfigError("GRIDWARD_BASEMAP: a tile's address has {z}, {x} and {y} in it")
    return Basemap(((said,),), datum=datum)
