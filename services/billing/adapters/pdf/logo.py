"""Lets a logo through only as what it claims to be: a PNG or JPEG of sane size. SVG could name other files; no."""

from chassis.pictures import picture_of

MAX_BYTES = 512 * 1024
MAX_SIDE = 4096


def image_type(logo: bytes | None) -> str | None:
    """Return `png` or `jpeg` for a logo that may be printed, None for anything else."""
    if not logo or len(logo) > MAX_BYTES:
        return None
    picture = picture_of(logo)
    sane = picture and 0 < picture.width <= MAX_SIDE and 0 < picture.height <= MAX_SIDE
    return picture.kind if picture and sane else None
