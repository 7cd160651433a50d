"""Photos as a phone would take them, drawn: a shop front, small, and marked as simulated."""

import io
from datetime import datetime

from PIL import Image, ImageDraw

from simulators.chance import draw

_SIZE = (320, 240)


def shop_front(premises_id: str, taken: datetime) -> bytes:
    """JPEG bytes, some 6 KB, that no other premises or time gives."""
    dice = draw("photo", premises_id, taken)
    image = Image.new("RGB", _SIZE, _colour(dice.random(), 150, 210))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 190, 320, 240), fill=(105, 105, 108))
    left = dice.randint(20, 60)
    pen.rectangle((left, 45, left + 210, 200), fill=_colour(dice.random(), 90, 190))
    pen.rectangle((left, 45, left + 210, 78), fill=_colour(dice.random(), 40, 200))
    pen.rectangle((left + 20, 100, left + 120, 175), fill=(60, 75, 92), outline=(225, 225, 225), width=3)
    pen.rectangle((left + 145, 100, left + 190, 200), fill=(70, 52, 40), outline=(225, 225, 225), width=2)
    pen.text((left + 8, 55), premises_id, fill=(255, 255, 255))
    pen.text((6, 224), f"SIMULATED {taken:%Y-%m-%d %H:%M:%S.%f}", fill=(255, 220, 90))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _colour(hue: float, low: int, high: int) -> tuple[int, int, int]:
    span = high - low
    return low + int(hue * span), low + int(hue * 7 % 1 * span), low + int(hue * 13 % 1 * span)
