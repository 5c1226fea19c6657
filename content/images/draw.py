"""Draw the cover pictures of the guide, next to this file: `python content/images/draw.py [name ...]`.

Every picture is a sheet of 1600 x 900 units, drawn at three times that size and scaled down for smooth edges.
Areas are `Shape` objects that combine with `&` (overlap), `|` (union) and `-` (cut out).
A `Sheet` is filled with them, back to front, in the inks of one `Palette`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import reduce
from itertools import pairwise
from operator import or_
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageDraw

Point = tuple[float, float]
Edges = tuple[float, float, float, float]  # left, top, right, bottom

WIDTH, HEIGHT = 1600, 900
SCALE = 3
COLOURS = 64  # in a finished picture
NEAR = 8  # a blend closer than this to an ink is that ink
FINE, LINE, BOLD = 4.0, 7.0, 12.0  # the three line weights of the set
HORIZON = 600.0  # two thirds down


class Palette(StrEnum):
    """The printing inks of the set; nothing is drawn in any other colour."""

    PAPER = "#f6f1e7"
    INK = "#14213d"
    VERMILION = "#d9432f"
    TEAL = "#2a7f7a"
    DEEP = "#1f6663"  # teal in the shade
    MIST = "#d5e2de"
    HAZE = "#adc9c5"  # mist in the shade
    SAND = "#eadfc8"
    CLAY = "#d8c29b"  # sand in the shade


# --- Shapes -------------------------------------------------------------------------------------------------


class Shape:
    """An area of the sheet, held as a mask at drawing size."""

    def __init__(self, mask: Image.Image | None = None) -> None:
        """Wrap a mask; without one the shape is empty."""
        self.mask = mask or Image.new("L", (WIDTH * SCALE, HEIGHT * SCALE), 0)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """A pen that adds to this shape's mask, in drawing pixels."""
        return ImageDraw.Draw(self.mask)

    def __and__(self, other: Shape) -> Shape:
        """Where both shapes are."""
        return Shape(ImageChops.darker(self.mask, other.mask))

    def __or__(self, other: Shape) -> Shape:
        """Where either shape is."""
        return Shape(ImageChops.lighter(self.mask, other.mask))

    def __sub__(self, other: Shape) -> Shape:
        """Where this shape is and the other is not."""
        return Shape(ImageChops.darker(self.mask, ImageChops.invert(other.mask)))

    def turned(self, degrees: float, about: Point) -> Shape:
        """The shape turned anticlockwise about a point."""
        centre = (about[0] * SCALE, about[1] * SCALE)
        return Shape(self.mask.rotate(degrees, Image.Resampling.BICUBIC, center=centre))


def scaled(points: Iterable[Point]) -> list[Point]:
    """Points in sheet units as points in whole drawing pixels."""
    return [(round(x * SCALE), round(y * SCALE)) for x, y in points]


def union(shapes: Iterable[Shape]) -> Shape:
    """All the shapes as one."""
    return reduce(or_, shapes, Shape())


def oval(x: float, y: float, across: float, down: float) -> Shape:
    """An ellipse about a centre, by its two radii."""
    shape = Shape()
    shape.pen.ellipse(scaled([(x - across, y - down), (x + across, y + down)]), fill=255)
    return shape


def disc(x: float, y: float, radius: float) -> Shape:
    """A circle about a centre."""
    return oval(x, y, radius, radius)


def ring(x: float, y: float, radius: float, width: float) -> Shape:
    """A circular line whose middle runs at the radius."""
    return disc(x, y, radius + width / 2) - disc(x, y, radius - width / 2)


def ellipse_line(x: float, y: float, across: float, down: float) -> Shape:
    """A fine elliptical line, as thin at its poles as a meridian seen from the side."""
    return oval(x, y, across + FINE / 2, down) - oval(x, y, across - FINE / 2, down)


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Shape:
    """A rectangle by its edges, with round corners if a radius is given."""
    shape = Shape()
    edges = scaled([(left, top), (right, bottom)])
    shape.pen.rounded_rectangle((*edges[0], edges[1][0] - 1, edges[1][1] - 1), radius * SCALE, fill=255)
    return shape


def polygon(*points: Point) -> Shape:
    """A straight-edged area."""
    shape = Shape()
    shape.pen.polygon(scaled(points), fill=255)
    return shape


def stroke(points: Sequence[Point], width: float = LINE) -> Shape:
    """A line along the points with sharp joints and round ends."""
    sides = [beside(points, width / 2), beside(points, -width / 2)[::-1]]
    caps = disc(*points[0], width / 2) | disc(*points[-1], width / 2)
    return polygon(*sides[0], *sides[1]) | caps


def beside(points: Sequence[Point], distance: float) -> list[Point]:
    """The path that keeps a distance from another one, on its right if positive."""
    normals = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        normals.append(((y0 - y1) / length, (x1 - x0) / length))
    path = []
    before, after = [normals[0], *normals], [*normals, normals[-1]]
    for (x, y), (ax, ay), (bx, by) in zip(points, before, after, strict=True):
        reach = distance / (1 + ax * bx + ay * by)  # meets both neighbours' parallels
        path.append((x + (ax + bx) * reach, y + (ay + by) * reach))
    return path


def dashes(points: Sequence[Point], width: float = FINE, dash: float = 16, gap: float = 16) -> Shape:
    """A broken line along the points."""
    shape, walked = Shape(), 0.0
    dense = evenly(points, 2)
    run: list[Point] = []
    for point in dense:
        if walked % (dash + gap) < dash:
            run.append(point)
        elif run:
            shape, run = shape | stroke(run, width), []
        walked += 2
    return shape | stroke(run, width) if run else shape


def evenly(points: Sequence[Point], step: float) -> list[Point]:
    """The same path as points that lie one step apart."""
    result, carried = [points[0]], 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        at = step - carried
        while at <= length:
            result.append((x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length))
            at += step
        carried = length - (at - step)
    return result


def curve(points: Sequence[Point], steps: int = 24) -> list[Point]:
    """A smooth path through the points (Catmull-Rom)."""
    ends = [points[0], *points, points[-1]]
    spans = zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    path = [between(p0, p1, p2, p3, step / steps) for p0, p1, p2, p3 in spans for step in range(steps)]
    return [*path, points[-1]]


def between(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    """The point at t (0 to 1) of the way from p1 to p2 on a Catmull-Rom curve."""

    def axis(a: float, b: float, c: float, d: float) -> float:
        return b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))

    return axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])


def arch(start: Point, end: Point, rise: float, steps: int = 72) -> list[Point]:
    """A path thrown from one point to another: a parabola that rises above the line between them."""
    path = []
    for step in range(steps + 1):
        t = step / steps
        x = start[0] + (end[0] - start[0]) * t
        y = start[1] + (end[1] - start[1]) * t - 4 * rise * t * (1 - t)
        path.append((x, y))
    return path


def turned_pot(x: float, outline: Sequence[Point]) -> Shape:
    """A pot about an upright axis: the outline lists (half width, height on the sheet) from rim to foot."""
    right = curve([(x + half, y) for half, y in outline])
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return polygon(*right, *left)


def mound(left: float, right: float, base: float, rise: float) -> Shape:
    """A low hill: the part of a great circle that stands above the base."""
    half = (right - left) / 2
    radius = (half * half + rise * rise) / (2 * rise)
    return disc((left + right) / 2, base - rise + radius, radius) & box(0, 0, WIDTH, base)


# --- The sheet ----------------------------------------------------------------------------------------------


class Sheet:
    """A sheet of paper that takes shapes, one ink at a time."""

    def __init__(self) -> None:
        """Start with blank paper."""
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), Palette.PAPER)

    def fill(self, ink: Palette, *shapes: Shape) -> None:
        """Print the shapes in one ink, over what is there."""
        self.image.paste(ImageColor.getrgb(ink), mask=union(shapes).mask)

    def save(self, path: Path) -> None:
        """Scale down, reduce to a small palette that keeps the inks exact, and write a PNG."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        paper = Image.new("RGB", small.size, Palette.PAPER)
        clean = ImageChops.darker(small, paper)  # LANCZOS leaves rings that are brighter than the paper
        reduced(clean).save(path, optimize=True)


def reduced(picture: Image.Image) -> Image.Image:
    """The picture in few colours, each pixel in the nearest of them."""
    counted = picture.getcolors(WIDTH * HEIGHT) or []
    found = [tuple(colour) for _, colour in counted if isinstance(colour, tuple)]
    palette = few_colours(found)
    places = {bytes(colour): nearest(palette, colour) for colour in found}
    raw = picture.tobytes()
    pixels = bytes(places[raw[at : at + 3]] for at in range(0, len(raw), 3))
    result = Image.frombytes("P", picture.size, pixels)
    result.putpalette([channel for colour in palette for channel in colour])
    return result


def nearest(palette: Sequence[tuple[int, ...]], colour: tuple[int, ...]) -> int:
    """The place in the palette of the colour closest to the one given."""
    return min(range(len(palette)), key=lambda at: math.dist(palette[at], colour))


def few_colours(found: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The exact inks, then the blends that keep the edges between them smooth."""
    inks: list[tuple[int, ...]] = [ImageColor.getrgb(ink) for ink in Palette]
    edges = [colour for colour in found if min(math.dist(colour, ink) for ink in inks) > NEAR]
    strip = Image.frombytes("RGB", (len(edges), 1), bytes(channel for colour in edges for channel in colour))
    blends = strip.quantize(COLOURS - len(inks), Image.Quantize.MEDIANCUT, kmeans=3).getpalette() or []
    return [*inks, *(tuple(blends[at : at + 3]) for at in range(0, len(blends), 3))]


# --- Things that come back ----------------------------------------------------------------------------------


def phone(sheet: Sheet, edges: Edges, screen: Palette) -> Shape:
    """Draw an upright phone and return the area of its screen."""
    left, top, right, bottom = edges
    glass = box(left + 14, top + 14, right - 14, bottom - 14, 26)
    sheet.fill(Palette.INK, box(*edges, 40))
    sheet.fill(screen, glass)
    return glass


def parcel(sheet: Sheet, left: float, top: float, right: float, bottom: float) -> None:
    """Draw a parcel tied with vermilion string, its right side in the shade."""
    edge = left + (right - left) * 0.72
    sheet.fill(Palette.SAND, box(left, top, right, bottom))
    sheet.fill(Palette.CLAY, box(edge, top, right, bottom))
    middle, belt = left + (edge - left) / 2, top + (bottom - top) * 0.42
    sheet.fill(Palette.VERMILION, stroke([(middle, top), (middle, bottom)]) & box(left, top, right, bottom))
    sheet.fill(Palette.VERMILION, stroke([(left, belt), (right, belt)]) & box(left, top, right, bottom))


def house(sheet: Sheet, foot: Point, size: float, wall: Palette, roof: Palette) -> None:
    """Draw a small house with a pitched roof; its foot is the middle of its lower edge."""
    x, base = foot
    eaves = base - size * 0.7
    sheet.fill(wall, box(x - size / 2, eaves, x + size / 2, base))
    sheet.fill(roof, polygon((x - size * 0.66, eaves), (x, eaves - size * 0.5), (x + size * 0.66, eaves)))


def shop(sheet: Sheet, edges: Edges, wall: Palette) -> None:
    """Draw a shop front: a wall, a window, a dark door and a striped awning."""
    left, top, right, base = edges
    span = right - left
    lintel = top + span * 0.42
    sheet.fill(wall, box(*edges))
    sheet.fill(Palette.INK, box(left + span * 0.6, lintel, left + span * 0.88, base))
    sheet.fill(Palette.TEAL, box(left + span * 0.12, lintel, left + span * 0.48, base - span * 0.22))
    awning(sheet, left - span * 0.06, top, right + span * 0.06, span * 0.28)


def awning(sheet: Sheet, left: float, top: float, right: float, drop: float) -> None:
    """Draw a striped awning whose lower edge hangs in scallops from a dark rail."""
    stripes = 7
    wide = (right - left) / stripes
    for index in range(stripes):
        start = left + index * wide
        tongue = box(start, top, start + wide, top + drop - wide / 2)
        tongue |= disc(start + wide / 2, top + drop - wide / 2, wide / 2)
        sheet.fill(Palette.PAPER if index % 2 else Palette.VERMILION, tongue)
    sheet.fill(Palette.INK, box(left, top - BOLD, right, top))


def ripples(sheet: Sheet, ink: Palette, *lines: tuple[float, float, float]) -> None:
    """Draw short level lines on water, each given as left, right and height."""
    sheet.fill(ink, *(stroke([(left, y), (right, y)], FINE) for left, right, y in lines))


# --- Home ---------------------------------------------------------------------------------------------------


def home(sheet: Sheet) -> None:
    """One host on a headland; arcs travel over the sea to three shores."""
    for radius, ink in ((450, Palette.SAND), (330, Palette.MIST), (210, Palette.HAZE)):
        sheet.fill(ink, disc(400, HORIZON, radius))
    shores(sheet)
    sheet.fill(Palette.TEAL, box(0, HORIZON, WIDTH, HEIGHT))
    ripples(sheet, Palette.HAZE, (830, 980, 690), (1010, 1050, 690), (1240, 1440, 770), (980, 1040, 830))
    start = (512.0, 452.0)
    voyages = (
        ((900.0, 546.0), 105, Palette.INK),
        ((1180.0, 530.0), 240, Palette.VERMILION),
        ((1470.0, 540.0), 405, Palette.INK),
    )
    for landing, rise, ink in voyages:
        sheet.fill(ink, stroke(arch(start, landing, rise)), disc(*landing, 13))
    host(sheet, 400, 640)
    land = curve([(0, 606), (230, 622), (430, 640), (570, 682), (700, 765), (860, 900)])
    sheet.fill(Palette.INK, polygon((0, 900), *land))


def host(sheet: Sheet, x: float, base: float) -> None:
    """Draw the host: head, shoulders, and an arm that holds up a phone."""
    trunk = box(x - 105, base - 185, x + 105, base + 20, 95) | box(x - 105, base - 80, x + 105, base + 20)
    arm = stroke(curve([(x + 70, base - 70), (x + 112, base - 84), (x + 106, base - 150)]), 38)
    sheet.fill(Palette.VERMILION, trunk, arm)
    sheet.fill(Palette.INK, disc(x, base - 252, 56))
    handset = box(x + 82, base - 236, x + 134, base - 142, 10)
    sheet.fill(Palette.INK, handset.turned(-12, (x + 108, base - 190)))


def shores(sheet: Sheet) -> None:
    """Draw three far shores, each with its own building."""
    house(sheet, (968, 582), 54, Palette.CLAY, Palette.INK)
    sheet.fill(Palette.HAZE, mound(760, 1040, HORIZON, 54))
    sheet.fill(Palette.INK, box(1226, 450, 1250, 590), box(1256, 490, 1276, 590))
    sheet.fill(Palette.CLAY, mound(1060, 1330, HORIZON, 70))
    sheet.fill(Palette.TEAL, disc(1534, 528, 30), box(1504, 528, 1564, 580))
    sheet.fill(Palette.HAZE, mound(1340, 1680, HORIZON, 60))


# --- Chapters -----------------------------------------------------------------------------------------------


def trends(sheet: Sheet) -> None:
    """Columns that stand on the curve of the globe and grow; the last one is an open question."""
    centre, radius = (800.0, 1530.0), 930.0
    sheet.fill(Palette.SAND, disc(*centre, radius + 150))
    heights = {-27: 50, -18: 85, -9: 130, 0: 190, 9: 275}
    for angle, height in heights.items():
        sheet.fill(Palette.INK, spoke(centre, angle, radius - 20, radius + height, 64))
    sheet.fill(Palette.VERMILION, spoke(centre, 18, radius - 20, radius + 390, 64))
    hollow = spoke(centre, 18, 0, radius + 560 - LINE, 64 - 2 * LINE)
    sheet.fill(Palette.VERMILION, spoke(centre, 18, radius + 370, radius + 560, 64) - hollow)
    globe = disc(*centre, radius)
    sheet.fill(Palette.TEAL, globe)
    meridians = [ellipse_line(*centre, across, radius) for across in (300, 620)]
    parallels = [stroke([(0, y), (WIDTH, y)], FINE) for y in (690, 810)]
    sheet.fill(Palette.HAZE, union([*meridians, *parallels]) & globe)


def spoke(centre: Point, degrees: float, inner: float, outer: float, width: float) -> Shape:
    """A bar that points away from a centre, its angle counted clockwise from upright."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    corners = [(inner, -width / 2), (outer, -width / 2), (outer, width / 2), (inner, width / 2)]
    x, y = centre
    return polygon(*((x + out * sin + side * cos, y - out * cos + side * sin) for out, side in corners))


def platform(sheet: Sheet) -> None:
    """A show on a phone, and a path of light that leads out of it to the seller's own shop."""
    sheet.fill(Palette.MIST, disc(1180, 690, 400))
    floor = box(0, 690, WIDTH, HEIGHT)
    sheet.fill(Palette.SAND, floor)
    shop(sheet, (1020, 330, 1360, 690), Palette.CLAY)
    glass = phone(sheet, (270, 90, 610, 760), Palette.MIST)
    sheet.fill(Palette.VERMILION, disc(440, 470, 100))
    sheet.fill(Palette.TEAL, box(270, 470, 610, 760) & glass)
    near = [(396, 752), (402, 800), (450, 838), (560, 858), (760, 858), (980, 830), (1170, 772), (1319, 690)]
    far = [(1224, 690), (1110, 732), (960, 766), (780, 786), (620, 794), (530, 791), (496, 776), (484, 752)]
    sheet.fill(Palette.PAPER, polygon((440, 470), *curve(near), *curve(far)))


def production(sheet: Sheet) -> None:
    """A lamp, a pot in its light, and the phone that films it."""
    cone = polygon((352, 236), (452, 150), (1130, 690), (560, 690))
    backdrop = box(560, 150, 1130, 690)
    sheet.fill(Palette.SAND, box(0, 780, WIDTH, HEIGHT))
    sheet.fill(Palette.SAND, cone)
    sheet.fill(Palette.HAZE, backdrop)
    sheet.fill(Palette.MIST, backdrop & cone)
    pot = turned_pot(850, [(50, 410), (42, 436), (64, 478), (104, 540), (110, 590), (86, 650), (58, 690)])
    sheet.fill(Palette.VERMILION, pot)
    sheet.fill(Palette.INK, box(460, 690, 1230, 714), box(530, 714, 542, 830), box(1148, 714, 1160, 830))
    sheet.fill(Palette.INK, stroke([(388, 170), (230, 240), (230, 830)]))
    sheet.fill(Palette.INK, polygon((330, 260), (474, 136), (392, 112), (316, 178)))
    tripod(sheet, 1330, 440, 830)


def tripod(sheet: Sheet, x: float, top: float, floor: float) -> None:
    """Draw a phone on three legs, seen from the side of its screen."""
    sheet.fill(Palette.INK, stroke([(x, top), (x, floor)]), stroke([(x, top + 140), (x - 90, floor)]))
    sheet.fill(Palette.INK, stroke([(x, top + 140), (x + 90, floor)]))
    sheet.fill(Palette.INK, box(x - 64, top - 130, x + 64, top + 90, 20))
    sheet.fill(Palette.MIST, box(x - 54, top - 120, x + 54, top + 80, 12))
    sheet.fill(Palette.VERMILION, disc(x, top, 20))


def compliance(sheet: Sheet) -> None:
    """A parcel waits at a striped barrier; behind it stands a sheet of rules with a seal."""
    sheet.fill(Palette.SAND, box(0, 740, WIDTH, HEIGHT))
    sheet.fill(Palette.MIST, box(880, 110, 1290, 740))
    for y, end in ((430, 1230), (480, 1230), (530, 1150)):
        sheet.fill(Palette.HAZE, box(940, y, end, y + BOLD, 6))
    sheet.fill(Palette.TEAL, polygon((1130, 580), (1200, 580), (1200, 706), (1165, 674), (1130, 706)))
    sheet.fill(Palette.TEAL, disc(1165, 572, 62))
    sheet.fill(Palette.PAPER, disc(1165, 572, 40))
    parcel(sheet, 520, 500, 820, 740)
    barrier(sheet, (330, 590), 21, 1120)
    sheet.fill(Palette.INK, box(286, 540, 374, 740, 12))


def barrier(sheet: Sheet, pivot: Point, degrees: float, length: float) -> None:
    """Draw a border barrier half raised: a long striped bar that turns on its pivot."""
    x, y = pivot
    bar = box(x - 150, y - 24, x + length, y + 24, 24)
    stripes = union(box(x + at, y - 24, x + at + 90, y + 24) for at in range(150, round(length), 180))
    sheet.fill(Palette.VERMILION, bar.turned(degrees, pivot))
    sheet.fill(Palette.INK, (bar & stripes).turned(degrees, pivot))


def formats(sheet: Sheet) -> None:
    """One pot across three panels, each of which shows it in its own way."""
    outline = [(100, 140), (76, 190), (112, 262), (206, 344), (272, 450), (282, 550), (236, 680), (156, 780)]
    pot = turned_pot(800, outline)
    panels = (
        (box(370, 250, 660, 812), Palette.MIST, Palette.TEAL),
        (box(672, 70, 928, 850), Palette.SAND, Palette.VERMILION),
        (box(940, 170, 1230, 812), Palette.INK, Palette.CLAY),
    )
    for panel, ground, ink in panels:
        sheet.fill(ground, panel)
        sheet.fill(ink, pot & panel)


def payments(sheet: Sheet) -> None:
    """A bank card crosses a border to the coins of three countries; one coin bounces back."""
    far = box(940, 0, WIDTH, HEIGHT)
    sheet.fill(Palette.MIST, far)
    card = box(440, 170, 1120, 590, 36).turned(12, (780, 380))
    stripe = box(440, 240, 1120, 320).turned(12, (780, 380)) & card
    sheet.fill(Palette.INK, card - far)
    sheet.fill(Palette.TEAL, card & far)
    sheet.fill(Palette.CLAY, stripe - far, box(510, 420, 610, 490, 12).turned(12, (780, 380)))
    sheet.fill(Palette.HAZE, stripe & far)
    sheet.fill(Palette.INK, stroke([(940, 0), (940, HEIGHT)], FINE))
    coins(sheet)
    sheet.fill(Palette.INK, dashes(arch((936, 760), (346, 760), 100)))
    sheet.fill(Palette.VERMILION, disc(250, 760, 80) - ring(250, 760, 56, FINE))


def coins(sheet: Sheet) -> None:
    """Draw three overlapping coins: a round one, one with a square hole, and a seven-sided one."""
    sheet.fill(Palette.CLAY, disc(1200, 660, 110))
    sheet.fill(Palette.SAND, disc(1200, 660, 76))
    sheet.fill(Palette.HAZE, heptagon(1400, 690, 110))
    sheet.fill(Palette.INK, disc(1320, 510, 110) - box(1290, 480, 1350, 540))


def heptagon(x: float, y: float, radius: float) -> Shape:
    """A seven-sided coin."""
    turns = [math.tau * side / 7 - math.pi / 2 for side in range(7)]
    return polygon(*((x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns))


def logistics(sheet: Sheet) -> None:
    """One tied parcel on a small boat, bound for a far shore."""
    sheet.fill(Palette.MIST, disc(560, 430, 330))
    house(sheet, (1400, 610), 60, Palette.INK, Palette.VERMILION)
    sheet.fill(Palette.HAZE, mound(1180, 1640, 670, 70))
    parcel(sheet, 410, 290, 720, 600)
    deck, bow = curve([(230, 580), (560, 604), (900, 570)]), curve([(900, 570), (850, 680), (760, 770)])
    hull = polygon(*deck, *bow, (350, 770))
    sheet.fill(Palette.INK, hull)
    sea = box(0, 670, WIDTH, HEIGHT)
    sheet.fill(Palette.TEAL, sea)
    sheet.fill(Palette.DEEP, hull & sea)
    sheet.fill(Palette.PAPER, dashes(curve([(920, 740), (1080, 750), (1240, 726), (1360, 690)])))
    ripples(sheet, Palette.HAZE, (150, 280, 790), (310, 350, 790), (900, 1120, 830), (1150, 1200, 830))


def reach_and_culture(sheet: Sheet) -> None:
    """Three windows of three countries: the same sun at dawn and at noon, and the moon at night."""
    path = dashes(arch((310, 540), (1300, 540), 230))
    night = box(1090, 190, 1430, 720)
    doorway = box(170, 190, 510, 530, 170) | box(170, 360, 510, 720)
    window(sheet, doorway, (Palette.SAND, Palette.HAZE))
    window(sheet, disc(800, 455, 215), (Palette.MIST, Palette.TEAL))
    window(sheet, night, (Palette.INK, Palette.DEEP))
    sheet.fill(Palette.INK, path - night, box(140, 720, 540, 732), box(1060, 720, 1460, 732))
    sheet.fill(Palette.HAZE, path & night)
    sheet.fill(Palette.VERMILION, disc(310, 540, 64) & box(0, 0, WIDTH, 560), disc(805, 310, 64))
    sheet.fill(Palette.SAND, disc(1290, 490, 64))
    bars = [stroke([(1260, 190), (1260, 720)]), *(stroke([(1090, y), (1430, y)]) for y in (375, 560))]
    sheet.fill(Palette.PAPER, union(bars) & night)


def window(sheet: Sheet, opening: Shape, view: tuple[Palette, Palette]) -> None:
    """Draw what a window shows: the sky, and the sea below it."""
    sheet.fill(view[0], opening)
    sheet.fill(view[1], opening & box(0, 560, WIDTH, HEIGHT))


def first_year(sheet: Sheet) -> None:
    """Twelve stepping stones that cross the water to a far shore with a flag."""
    sheet.fill(Palette.SAND, disc(1120, 330, 210))
    sheet.fill(Palette.HAZE, mound(880, 1400, 330, 76))
    sheet.fill(Palette.INK, stroke([(1150, 258), (1150, 120)]))
    sheet.fill(Palette.VERMILION, polygon((1150, 117), (1240, 148), (1150, 180)))
    sheet.fill(Palette.TEAL, box(0, 330, WIDTH, HEIGHT))
    for step in range(12):
        near = (1 - step / 11) ** 1.5
        x = 1150 - 800 * near + 210 * math.sin(math.tau * step / 11) * (0.25 + near)
        y = 346 + 454 * near
        across, down = 13 + 107 * near, 3 + 25 * near
        sheet.fill(Palette.DEEP, oval(x, y + down * 0.6, across, down))
        sheet.fill(Palette.VERMILION if step == 0 else Palette.SAND, oval(x, y, across, down))


def long_term(sheet: Sheet) -> None:
    """A tree whose crown is made of growth rings, beside a small shop."""
    sheet.fill(Palette.SAND, disc(800, 2320, 1600))
    shop(sheet, (430, 560, 640, 762), Palette.HAZE)
    foot = 640.0
    for radius, ink in ((300, Palette.MIST), (240, Palette.HAZE), (180, Palette.TEAL), (120, Palette.DEEP)):
        sheet.fill(ink, disc(1010, foot - radius, radius))
    trunk = polygon((998, 420), (1022, 420), (1056, 780), (964, 780))
    left = stroke(curve([(1006, 606), (988, 560), (952, 520), (908, 494)]), BOLD)
    right = stroke(curve([(1014, 570), (1032, 526), (1062, 492), (1100, 470)]), BOLD)
    sheet.fill(Palette.INK, trunk, left, right, disc(1010, 420, 12))


# --- Cases --------------------------------------------------------------------------------------------------


def komorebi(sheet: Sheet) -> None:
    """A pot on the wheel, and bowls beside it, in light that falls through leaves."""
    ground = box(0, 0, WIDTH, 770)
    for shift in (0, 260, 470):
        beam = polygon((1160 + shift, 0), (1270 + shift, 0), (500 + shift, 770), (340 + shift, 770))
        sheet.fill(Palette.SAND, beam & ground)
    leaves(sheet)
    sheet.fill(Palette.INK, box(0, 770, WIDTH, 770 + LINE))
    sheet.fill(Palette.INK, polygon((480, 650), (640, 650), (610, 770), (510, 770)))
    sheet.fill(Palette.INK, box(300, 612, 820, 652, 20))
    pot = turned_pot(560, [(120, 330), (107, 356), (158, 432), (174, 486), (160, 550), (110, 612)])
    sheet.fill(Palette.VERMILION, pot, oval(560, 331, 121, 21))
    sheet.fill(Palette.INK, oval(560, 331, 106, 14))
    sheet.fill(Palette.HAZE, bowl(1080, 700, 116))
    sheet.fill(Palette.TEAL, bowl(1080, 770, 140))
    sheet.fill(Palette.CLAY, bowl(1330, 770, 96))


def leaves(sheet: Sheet) -> None:
    """Draw a twig of pointed leaves that hangs in from the upper right."""
    twig = curve([(1620, 60), (1400, 120), (1200, 130), (1010, 210)])
    sheet.fill(Palette.INK, stroke(twig, FINE))
    pairs = ((10, 118), (22, -128), (32, 122), (44, -122), (56, 134), (66, -140))
    for index, (at, turn) in enumerate(pairs):
        sheet.fill(Palette.HAZE if index % 3 == 1 else Palette.TEAL, leaf(twig[at], 140, turn))
    sheet.fill(Palette.TEAL, leaf(twig[-1], 150, 156))


def leaf(stalk: Point, length: float, degrees: float) -> Shape:
    """A pointed leaf that grows from its stalk, its angle counted clockwise from rightwards."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    upper = [(length * step / 40, length * 0.24 * math.sin(math.pi * step / 40)) for step in range(41)]
    edge = upper + [(far, -side) for far, side in reversed(upper)]
    x, y = stalk
    return polygon(*((x + far * cos - side * sin, y + far * sin + side * cos) for far, side in edge))


def bowl(x: float, base: float, half: float) -> Shape:
    """A bowl seen from the side: half a disc on a small foot."""
    depth = half * 0.86
    top = base - depth
    foot = box(x - half * 0.34, base - 16, x + half * 0.34, base)
    return (oval(x, top, half, depth) & box(0, top, WIDTH, HEIGHT)) | foot


def shein(sheet: Sheet) -> None:
    """A rail of dresses, pale as cloth; three phones show three of them in full colour."""
    sheet.fill(Palette.INK, stroke([(0, 170), (WIDTH, 170)]))
    for x in (160, 480, 800, 1120, 1440):
        sheet.fill(Palette.INK, hanger(x, 170))
        sheet.fill(Palette.SAND, dress(x, 240))
    looks = (
        (480, 330, Palette.MIST, Palette.VERMILION),
        (800, 270, Palette.CLAY, Palette.TEAL),
        (1120, 360, Palette.HAZE, Palette.INK),
    )
    for x, top, ground, ink in looks:
        glass = phone(sheet, (x - 125, top, x + 125, top + 480), ground)
        sheet.fill(ink, dress(x, 240) & glass)


def hanger(x: float, rail: float) -> Shape:
    """A clothes hanger on the rail."""
    hook = ring(x, rail + 12, 16, FINE) - box(x - 40, rail + 12, x, rail + 40)
    arms = stroke([(x - 72, rail + 92), (x, rail + 50), (x + 72, rail + 92)], FINE)
    return hook | stroke([(x, rail + 28), (x, rail + 50)], FINE) | arms


def dress(x: float, top: float) -> Shape:
    """A sleeveless dress with a waist and a wide hem."""
    side = [(60, 10), (62, 60), (86, 120), (58, 220), (84, 330), (136, 500)]
    right = curve([(x + half, top + down) for half, down in side])
    neck = curve([(x + 34, top - 4), (x, top + 56), (x - 34, top - 4)])
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return polygon(*right, *left, *reversed(neck))


def walmart_live_shopping(sheet: Sheet) -> None:
    """A shop shelf on which a play button stands among the goods."""
    sheet.fill(Palette.MIST, box(330, 0, WIDTH, HEIGHT))
    sheet.fill(Palette.CLAY, box(1090, 200, 1290, 400))
    sheet.fill(Palette.SAND, box(1240, 260, 1440, 400))
    sheet.fill(Palette.TEAL, turned_pot(560, [(38, 150), (38, 215), (86, 275), (86, 400)]))
    sheet.fill(Palette.HAZE, turned_pot(720, [(56, 230), (52, 250), (96, 325), (62, 400)]))
    sheet.fill(Palette.SAND, box(440, 560, 620, 740))
    sheet.fill(Palette.INK, turned_pot(700, [(24, 470), (24, 560), (58, 620), (58, 740)]))
    sheet.fill(Palette.TEAL, bowl(1330, 740, 120))
    sheet.fill(Palette.VERMILION, disc(980, 610, 130))
    sheet.fill(Palette.PAPER, polygon((942, 544), (942, 676), (1056, 610)))
    sheet.fill(Palette.INK, box(270, 400, WIDTH, 416), box(270, 740, WIDTH, 756))


def shop_module(sheet: Sheet) -> None:
    """A profile on a phone whose row of goods slides out past its edge."""
    sheet.fill(Palette.SAND, box(0, 430, WIDTH, 750))
    glass = phone(sheet, (390, 70, 770, 830), Palette.PAPER)
    sheet.fill(Palette.TEAL, glass & box(0, 0, WIDTH, 220))
    sheet.fill(Palette.PAPER, disc(490, 220, 62))
    sheet.fill(Palette.VERMILION, disc(490, 220, 50))
    sheet.fill(Palette.HAZE, box(440, 314, 640, 326, 6), box(440, 350, 560, 362, 6))
    cards = {440: Palette.HAZE, 740: Palette.CLAY, 1040: Palette.MIST, 1340: Palette.PAPER}
    for left, ground in cards.items():
        sheet.fill(ground, box(left, 460, left + 270, 720, 20))
    sheet.fill(Palette.VERMILION, turned_pot(570, [(26, 510), (24, 530), (64, 590), (68, 630), (38, 690)]))
    sheet.fill(Palette.INK, bowl(870, 670, 84))
    parcel(sheet, 1090, 530, 1250, 670)
    sheet.fill(Palette.TEAL, turned_pot(1470, [(18, 500), (18, 560), (52, 600), (52, 690)]))


COVERS: dict[str, Callable[[Sheet], None]] = {
    "home": home,
    "trends": trends,
    "platform": platform,
    "production": production,
    "compliance": compliance,
    "formats": formats,
    "payments": payments,
    "logistics": logistics,
    "reach-and-culture": reach_and_culture,
    "first-year": first_year,
    "long-term": long_term,
    "komorebi": komorebi,
    "shein": shein,
    "walmart-live-shopping": walmart_live_shopping,
    "shop-module": shop_module,
}


def main(names: Sequence[str]) -> None:
    """Draw the named covers, or all of them."""
    folder = Path(__file__).resolve().parent
    for name in names or COVERS:
        sheet = Sheet()
        COVERS[name](sheet)
        sheet.save(folder / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
