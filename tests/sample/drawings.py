"""The pictures that people attach: each draws only what the words beside it leave open."""

from tests.sample import canvas
from tests.sample.canvas import Canvas


def suitcase(*, wheel_gone: bool = False, cracked: bool = False, scuffed: bool = False, shell: int = canvas.BLUE) -> bytes:
    """A trolley case on a floor, whole, cracked across the shell, short of a wheel, or with scuffed corners and stickers of long use."""
    art = Canvas(300, 260, canvas.CREAM)
    art.box(0, 214, 300, 46, canvas.TAN)
    art.box(112, 12, 6, 50, canvas.GREY)
    art.box(182, 12, 6, 50, canvas.GREY)
    art.box(108, 8, 84, 9, canvas.SLATE)
    art.box(72, 58, 156, 146, shell)
    art.frame(72, 58, 156, 146, canvas.INK, 3)
    for x in (98, 124, 150, 176, 202):
        art.box(x, 66, 3, 130, canvas.SKY if shell == canvas.BLUE else canvas.PALE)
    for x in (94, 206):
        if not (wheel_gone and x == 206):
            art.disc(x, 211, 10, canvas.INK)
            art.disc(x, 211, 4, canvas.GREY)
    if wheel_gone:
        art.line([(198, 203), (204, 210), (212, 205)], canvas.RED, 3)
        art.disc(258, 232, 10, canvas.INK)
        art.disc(258, 232, 4, canvas.GREY)
    if cracked:
        art.line([(84, 82), (118, 104), (112, 122), (160, 138), (152, 158), (206, 180)], canvas.INK, 4)
        art.line([(118, 104), (140, 96)], canvas.INK, 2)
        art.line([(160, 138), (186, 130)], canvas.INK, 2)
    if scuffed:
        for x, y in ((76, 62), (76, 190), (208, 62), (210, 188)):
            for k in range(5):
                art.line([(x + 3 * k, y), (x + 3 * k + 6, y + 10)], canvas.PALE, 2)
        art.box(110, 84, 38, 22, canvas.AMBER)
        art.text(113, 88, "LIS", canvas.INK, 2)
        art.box(156, 122, 44, 22, canvas.MINT)
        art.text(159, 126, "OSL", canvas.INK, 2)
        art.box(104, 156, 40, 20, canvas.PLUM)
        art.text(107, 159, "ATH", canvas.WHITE, 2)
    return art.png()


def receipt(shop: str, place: str, day: str, lines: list[tuple[str, str]], total: str, paid: str) -> bytes:
    """A till receipt; `lines` are names and amounts as printed."""
    height = 132 + 22 * len(lines)
    art = Canvas(320, height, canvas.GREY)
    art.box(14, 8, 292, height - 16, canvas.WHITE)
    art.text(160 - 6 * len(shop), 20, shop, canvas.INK, 2)
    art.text(160 - 3 * len(place), 42, place, canvas.SLATE, 1)
    art.text(26, 58, day, canvas.INK, 1)
    art.line([(24, 70), (296, 70)], canvas.PALE, 1)
    y = 78
    for name, amount in lines:
        art.text(26, y, name, canvas.INK, 1)
        art.text(294 - 12 * len(amount), y - 3, amount, canvas.INK, 2)
        y += 22
    art.line([(24, y), (296, y)], canvas.INK, 1)
    art.text(26, y + 8, "TOTAL", canvas.INK, 2)
    art.text(294 - 12 * len(total), y + 8, total, canvas.INK, 2)
    art.text(26, y + 32, paid, canvas.SLATE, 1)
    return art.png()


def identity_card(name: str, born: str, number: str, expiry: str) -> bytes:
    """An invented identity card of no country."""
    art = Canvas(360, 220, canvas.PALE)
    art.box(10, 10, 340, 200, canvas.WHITE)
    art.box(10, 10, 340, 30, canvas.BLUE)
    art.text(22, 18, "IDENTITY CARD", canvas.WHITE, 2)
    art.box(24, 54, 92, 116, canvas.SKY)
    art.disc(70, 94, 22, canvas.TAN)
    art.box(38, 122, 64, 48, canvas.SLATE)
    for k, (label, value) in enumerate((("NAME", name), ("BORN", born), ("NUMBER", number), ("VALID UNTIL", expiry))):
        art.text(130, 54 + 34 * k, label, canvas.GREY, 1)
        art.text(130, 65 + 34 * k, value, canvas.INK, 2)
    art.text(24, 190, number.replace(" ", "<") + "<<<<<<<<", canvas.SLATE, 2)
    return art.png()


def chart(title: str, prices: list[int], *, low: int, high: int, marks: list[str]) -> bytes:
    """A price line between two drawn bounds, with the names of the days below."""
    art = Canvas(380, 230, canvas.WHITE)
    art.text(16, 10, title, canvas.INK, 2)
    art.line([(48, 36), (48, 196), (368, 196)], canvas.SLATE, 2)
    for k in range(5):
        y = 196 - 40 * k
        art.line([(48, y), (368, y)], canvas.PALE, 1)
        art.text(10, y - 4, f"{low + (high - low) * k // 4}", canvas.GREY, 1)
    step = 320 // (len(prices) - 1)
    points = [(48 + step * k, 196 - 160 * (price - low) // (high - low)) for k, price in enumerate(prices)]
    art.line(points, canvas.BLUE, 3)
    art.disc(*points[-1], 5, canvas.RED)
    for k, mark in enumerate(marks):
        art.text(52 + 316 * k // len(marks), 206, mark, canvas.SLATE, 1)
    return art.png()


def letter(head: str, lines: list[str], *, stamp: str = "") -> bytes:
    """A short typed letter, at most 46 signs a line, with a round stamp or none."""
    art = Canvas(330, 70 + 16 * len(lines) + (56 if stamp else 0), canvas.WHITE)
    art.box(0, 0, 330, 34, canvas.MINT)
    art.text(14, 10, head, canvas.GREEN, 2)
    for k, line in enumerate(lines):
        art.text(16, 50 + 16 * k, line, canvas.INK, 1)
    if stamp:
        art.disc(276, art.height - 36, 28, canvas.SKY)
        art.disc(276, art.height - 36, 24, canvas.WHITE)
        art.text(276 - 3 * len(stamp), art.height - 39, stamp, canvas.BLUE, 1)
    return art.png()


def phone(*, glass_broken: bool, camera_gone: bool = False) -> bytes:
    """A telephone lying face up."""
    art = Canvas(240, 300, canvas.TAN)
    art.box(66, 24, 108, 252, canvas.INK)
    art.box(74, 40, 92, 216, canvas.SKY)
    if not camera_gone:
        art.disc(120, 32, 3, canvas.GREY)
    if glass_broken:
        for x, y in ((74, 70), (110, 40), (166, 60), (166, 130), (150, 256), (90, 240), (74, 150)):
            art.line([(124, 118), ((124 + x) // 2 + 6, (118 + y) // 2 - 5), (x, y)], canvas.WHITE, 2)
        art.disc(124, 118, 7, canvas.WHITE)
    return art.png()
