"""The mark of Crosscast, a signal over a horizon: its geometry, and the icons drawn from it (`make icons`).

One unit is a sixteenth of the larger arc's outer radius. The arcs stand on the horizon and end flush with it.
"""

from pathlib import Path

from PIL import Image, ImageDraw

PAPER, INK, VERMILION = "#f6f1e7", "#14213d", "#d9432f"
INK_ON_DARK = "#ece7dd"
WIDTH, HEIGHT = 24.0, 19.0
CENTRE = 8.0  # of the sun and both arcs, from the left
GROUND = 16.0  # where they stand: the upper edge of the horizon
LINE = 3.0
SMALL, LARGE = 8.0, 16.0  # the outer radii of the arcs
SUN = 3.5
SMOOTH = 8  # times larger than wanted is what is drawn, for smooth edges


def masks(width: int) -> tuple[Image.Image, Image.Image]:
    """The lines and the sun of the mark, as masks of `width` pixels and the height that goes with it."""
    scale = width * SMOOTH / WIDTH
    size = (round(WIDTH * scale), round(HEIGHT * scale))
    lines, sun = Image.new("L", size), Image.new("L", size)

    def sector(image: Image.Image, radius: float, start: int, value: int) -> None:
        edges = [scale * edge for edge in (CENTRE - radius, GROUND - radius, CENTRE + radius, GROUND + radius)]
        ImageDraw.Draw(image).pieslice(edges, start, 360, fill=value)

    for radius, start in ((LARGE, 270), (SMALL, 180)):
        sector(lines, radius, start, 255)
        sector(lines, radius - LINE, start, 0)
    sector(sun, SUN, 180, 255)
    ImageDraw.Draw(lines).rectangle((0, round(GROUND * scale), *size), fill=255)
    target = (width, round(width * HEIGHT / WIDTH))
    return lines.resize(target, Image.Resampling.BOX), sun.resize(target, Image.Resampling.BOX)


def draw(image: Image.Image, place: tuple[int, int], width: int, ink: str) -> None:
    """Draws the mark on the image; `place` is its upper left corner."""
    lines, sun = masks(width)
    image.paste(VERMILION, place, sun)
    image.paste(ink, place, lines)


# --- Icons --------------------------------------------------------------------------------------------------------


def svg(view: tuple[float, float, float, float], body: str) -> str:
    """A drawing in units of the mark that shows `view`: left, top, width, height."""
    box = " ".join(f"{edge:g}" for edge in view)
    size = f'width="{view[2]:g}" height="{view[3]:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}">\n{body}</svg>\n'


def paths(line: str) -> str:
    """The mark as two paths of an SVG; `line` holds the attributes of its lines."""
    arcs = "".join(
        f"M{start:g} {top:g}A{radius:g} {radius:g} 0 0 1 {CENTRE + radius:g} {GROUND:g}"
        for radius, start, top in (
            (SMALL - LINE / 2, CENTRE - SMALL + LINE / 2, GROUND),
            (LARGE - LINE / 2, CENTRE, GROUND - LARGE + LINE / 2),
        )
    )
    return (
        f'  <path {line} d="M0 {GROUND + LINE / 2:g}h{WIDTH:g}{arcs}" fill="none" stroke-width="{LINE:g}"/>\n'
        f'  <path d="M{CENTRE - SUN:g} {GROUND:g}a{SUN:g} {SUN:g} 0 0 1 {2 * SUN:g} 0z" fill="{VERMILION}"/>\n'
    )


def icon(size: int, share: float, corner: float = 0) -> Image.Image:
    """A square icon, the mark `share` of its width; with round corners where the system cuts none."""
    image = Image.new("RGB", (size, size), INK)
    width = round(size * share)
    draw(image, ((size - width) // 2, round((size - width * HEIGHT / WIDTH) / 2)), width, PAPER)
    if corner:
        mask = Image.new("L", (size * SMOOTH, size * SMOOTH))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), size * SMOOTH * corner, fill=255)
        image.putalpha(mask.resize(image.size, Image.Resampling.BOX))
    return image


def main(folder: Path) -> None:
    """Writes the mark and every icon into the folder of the static files."""
    scheme = f".line {{ stroke: {INK} }} @media (prefers-color-scheme: dark) {{ .line {{ stroke: {INK_ON_DARK} }} }}"
    style = f"  <style>{scheme}</style>\n"
    drawings, root = folder / "img", folder / "root"
    (drawings / "mark.svg").write_text(svg((-1, -3.5, 26, 26), style + paths('class="line"')))
    ground = f'  <rect x="-4" y="-6" width="32" height="32" rx="7" fill="{INK}"/>\n'
    (drawings / "favicon.svg").write_text(svg((-4, -6, 32, 32), ground + paths(f'stroke="{PAPER}"')))
    icon(32, 0.75, corner=0.22).save(root / "favicon.ico", sizes=[(32, 32)])
    icon(180, 0.62).save(root / "apple-touch-icon.png", optimize=True)
    for size in (192, 512):
        icon(size, 0.7, corner=0.22).save(root / f"icon-{size}.png", optimize=True)
        icon(size, 0.5).save(root / f"icon-maskable-{size}.png", optimize=True)


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[2] / "static")
