"""The place of one premises on a small map, in its grid."""

import pydeck as pdk
import shapely.geometry

from dashboard.ui import maps, theme
from db.connect import Row

WIDTH_PX, HEIGHT_PX = 520, 210
_ROOM_DEG = 0.0012
"""Around premises in no grid, to each side: some 130 m."""


def deck(card: Row) -> pdk.Deck:
    """The map of the row of ``read/premises_card``."""
    lon, lat = card["lon"], card["lat"]
    bounds = (lon - _ROOM_DEG, lat - _ROOM_DEG, lon + _ROOM_DEG, lat + _ROOM_DEG)
    if card["geom"]:
        bounds = shapely.geometry.shape(card["geom"]).bounds
    grid = [{"type": "Feature", "geometry": card["geom"], "properties": {}}] if card["geom"] else []
    return pdk.Deck(
        [
            pdk.Layer(
                "GeoJsonLayer",
                id="place_grid",
                data={"type": "FeatureCollection", "features": grid},
                get_fill_color=[31, 111, 208, 40],
                get_line_color=[92, 180, 255, 140],
                line_width_min_pixels=1,
            ),
            pdk.Layer(
                "ScatterplotLayer",
                id="place",
                data=[{"p": [lon, lat]}],
                stroked=True,
                radius_units=pdk.types.String("pixels"),
                line_width_units=pdk.types.String("pixels"),
                get_position="p",
                get_radius=9,
                get_fill_color=theme.rgba(theme.AMBER, 90),
                get_line_color=theme.rgba(theme.AMBER),
                get_line_width=2,
            ),
        ],
        initial_view_state=maps.view(bounds, WIDTH_PX, HEIGHT_PX),
        map_provider=None,
        map_style="app/static/style.json",
    )
