"""Share images: the card that other sites show with a link to a page.

What stands on a card travels in its own address, signed: no table, no query, and nobody can have another text drawn.
"""

from functools import lru_cache
from hashlib import sha256
from io import BytesIO

from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

from pages.languages import direction
from pages.lettering import ELLIPSIS, OTHER_FACES, OTHER_TITLE_FACES, SERIF, TITLE_FACES, Style, set_title
from pages.mark import INK, PAPER, VERMILION
from pages.mark import draw as draw_mark

WIDTH, HEIGHT = 1200, 630
SALT = "pages.share"
DESIGN = "1"  # a part of every address: raise it when the drawing changes, and no cache shows the old one
LONGEST_TITLE, LONGEST_EYEBROW = 140, 60
LONGEST_ADDRESS = 1600
CACHE_SECONDS = 60 * 60 * 24 * 365

# The inks of the covers (content/images/draw.py).
TEAL, MIST, SAND = "#2a7f7a", "#d5e2de", "#eadfc8"
COLOURS = 128
HORIZON = 508
MARGIN = 76
SUN_FROM_SIDE = 184  # from the far side: the right in scripts that run to the right
RINGS = ((428, SAND), (386, PAPER), (302, MIST), (252, PAPER), (170, TEAL), (124, PAPER), (76, VERMILION))
SMOOTH = 3
HANGING = "（「『《“"  # full-width in the faces of Chinese and Japanese, their left half empty
EYEBROW_BASELINE, TITLE_TOP, TITLE_WIDTH = 108, 140, 776
TITLE_TOP_ALONE, FOOT = 84, 36
SIZES = (88, 82, 76, 70, 64, 58, 52, 46, 42)
LARGEST = {"zh-hans": 82, "ja": 82}
LEADING = {"zh-hans": 1.3, "ja": 1.3, "ar": 1.45}
LATIN_LEADING = 1.14
ASCENT = 0.84  # from the top of a line's box to its baseline, as a share of the size


# --- The address --------------------------------------------------------------------------------------------------


def address(language: str, title: str, eyebrow: str = "") -> str:
    """The address of the card with this title, below this small line, below the root of the site."""
    content = [DESIGN, language, shortened(title, LONGEST_TITLE), shortened(eyebrow, LONGEST_EYEBROW)]
    return reverse("share-image", args=[signing.Signer(salt=SALT).sign_object(content, compress=True)])


def shortened(text: str, most: int) -> str:
    """The text as one line of at most so many signs."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + ELLIPSIS


@require_safe
def share_image(request: HttpRequest, signed: str) -> HttpResponse:
    """The card whose content is in its address, as a PNG; 404 unless we signed it."""
    try:
        _design, language, title, eyebrow = signing.Signer(salt=SALT).unsign_object(signed)
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    key = f"share:{DESIGN}:{sha256(signed.encode()).hexdigest()}"
    content = cache.get(key)
    if content is None:
        content = card(language, title, eyebrow)
        cache.set(key, content, CACHE_SECONDS)
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={CACHE_SECONDS}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- The card -----------------------------------------------------------------------------------------------------


def card(language: str, title: str, eyebrow: str) -> bytes:
    """The card as a PNG; the same bytes whenever the words are the same."""
    is_rtl = direction(language) == "rtl"
    image = ground(is_rtl).copy()
    pen = ImageDraw.Draw(image)

    def write(style: Style, baseline: float, line: str, ink: str) -> None:
        x = WIDTH - MARGIN - style.width(line) if is_rtl else MARGIN - hanging(style, line)
        style.draw(pen, (x, baseline), line, ink)

    small = Style(TITLE_FACES.get(language, OTHER_FACES), 30)
    write(small, EYEBROW_BASELINE, eyebrow, VERMILION)
    leading = LEADING.get(language, LATIN_LEADING)
    styles = [
        Style(TITLE_FACES.get(language, OTHER_TITLE_FACES), size)
        for size in SIZES
        if size <= LARGEST.get(language, SIZES[0])
    ]
    top = TITLE_TOP if eyebrow else TITLE_TOP_ALONE
    style, lines = set_title(title, styles, TITLE_WIDTH, HORIZON - FOOT - top, leading)
    for number, line in enumerate(lines):
        write(style, top + style.size * (ASCENT * leading + number * leading), line, INK)
    return as_png(image)


def hanging(style: Style, line: str) -> float:
    """How far a line that opens with a full-width bracket stands out, so that its edge looks straight."""
    is_full_width = line[:1] in tuple(HANGING) and style.width(line[0]) == style.size
    return style.size * 0.5 if is_full_width else 0


def as_png(image: Image.Image) -> bytes:
    """The image in few colours, so that it weighs little."""
    file = BytesIO()
    image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


@lru_cache(maxsize=2)
def ground(is_rtl: bool) -> Image.Image:
    """What every card has: the arcs over the horizon, and the name below it. Mirrored where text runs to the left."""
    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), PAPER)
    pen = ImageDraw.Draw(image)
    x = SUN_FROM_SIDE if is_rtl else WIDTH - SUN_FROM_SIDE

    def half_disc(radius: float, ink: str) -> None:
        edges = [edge * SMOOTH for edge in (x - radius, HORIZON - radius, x + radius, HORIZON + radius)]
        pen.pieslice(edges, 180, 360, fill=ink)

    for radius, ink in RINGS:
        half_disc(radius, ink)
    pen.rectangle((0, HORIZON * SMOOTH, WIDTH * SMOOTH, HEIGHT * SMOOTH), fill=INK)
    image = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    name = Style((SERIF,), 44)
    mark_width, gap = 66, 20
    left = WIDTH - MARGIN - mark_width - gap - round(name.width("Crosscast")) if is_rtl else MARGIN
    draw_mark(image, (left, HORIZON + 34), mark_width, PAPER)
    name.draw(ImageDraw.Draw(image), (left + mark_width + gap, HORIZON + 80), "Crosscast", PAPER)
    return image
