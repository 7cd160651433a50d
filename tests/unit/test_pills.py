"""What a list writes on its pills can be read: they are drawn on a canvas, where axe-core sees nothing."""

import pytest

from dashboard.ui import theme
from dashboard.ui.tables import LAMPS

AA = 4.5


def luminance(colour: str) -> float:
    """As WCAG 2.1 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", sorted({*LAMPS.values(), theme.BLUE}))
def test_what_is_written_on_a_pill_has_the_contrast_of_wcag(colour: str) -> None:
    below = luminance(theme.pill(colour))
    written = 0.0 if below > 0.5 else 1.0  # as Streamlit chooses
    light, dark = max(below, written), min(below, written)
    assert (light + 0.05) / (dark + 0.05) >= AA
