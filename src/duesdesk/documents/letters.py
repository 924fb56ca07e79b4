"""Letters as PDF: the address in the window of the envelope, the text, and a code to scan and pay. Fonts are embedded.

Whatever people wrote is drawn as text: nothing in a name or a notice is markup here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from duesdesk.config import data_folder
from duesdesk.documents import payment_codes
from duesdesk.domain.text import clean_text

if TYPE_CHECKING:
    import segno
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable, Frame

WINDOW_OF: Mapping[str, str] = {"GB": "UK", "BR": "BR", "ES": "ES", "IT": "IT", "PT": "PT", "RO": "RO", "US": "US"}
"""The usual window of a country; every other one takes DIN 5008 (DE)."""
REGULAR, BOLD = "duesdesk-sans", "duesdesk-sans-bold"
_SIZE, _LEADING, _SMALL = 10, 14, 8
_MARGIN, _BOTTOM, _BELOW_WINDOW = 25.0, 22.0, 14.0
_CODE_SIZE = 32.0


@dataclass(frozen=True, slots=True)
class Sender:
    """The centre on its letters. `address` are lines; `window` is a country's way of windows (data/letters)."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    tax_id: str = ""
    window: str = "DE"


@dataclass(frozen=True, slots=True)
class ToPay:
    """A sum with the way to pay it: `iban` for a transfer in euro, or a Pix `key` with its `city`."""

    amount: str
    """A decimal text with the currency's own places."""
    shown: str
    """The same as the reader writes it, with its sign."""
    reference: str
    iban: str = ""
    pix_key: str = ""
    pix_city: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `recipient` are the lines of name and address; `date` is written as the reader writes days."""

    recipient: tuple[str, ...]
    date: str
    subject: str
    body: str
    language: str = "en"
    to_pay: ToPay | None = None
    number: str = ""
    """A small number at the foot, by which the letter is found again."""


def pdf(letters: Sequence[Letter], sender: Sender, *, title: str = "") -> bytes:
    """All `letters` in one file, each beginning on a page of its own. Needs the extra `letters` (reportlab)."""
    from reportlab.pdfgen.canvas import Canvas  # imported late: start-up

    _fonts()
    window = windows()[sender.window]
    made = BytesIO()
    paper = Canvas(made, pagesize=_page(window), invariant=1, pageCompression=1)
    paper.setTitle(clean_text(title or sender.name))
    paper.setAuthor(clean_text(sender.name))
    for letter in letters:
        # Laid out twice: the first time only to know how many pages there are.
        pages = _lay(Canvas(BytesIO(), pagesize=_page(window)), letter, sender, window, 0)
        _lay(paper, letter, sender, window, pages)
    paper.save()
    return made.getvalue()


@lru_cache(maxsize=1)
def windows() -> Mapping[str, Mapping[str, Any]]:
    """Where addresses stand, by country (data/letters/windows.toml)."""
    return tomllib.loads((_folder() / "windows.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def words() -> Mapping[str, Mapping[str, str]]:
    """The words beside the text, by language (data/letters/words.toml)."""
    return tomllib.loads((_folder() / "words.toml").read_text(encoding="utf-8"))


def _folder() -> Path:
    return data_folder() / "letters"


@lru_cache(maxsize=1)
def _fonts() -> None:
    """Make the fonts known to the library, once."""
    from reportlab.pdfbase import pdfmetrics  # imported late: start-up
    from reportlab.pdfbase.ttfonts import TTFont

    for name, file in ((REGULAR, "DejaVuSans.ttf"), (BOLD, "DejaVuSans-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(_folder() / "fonts" / file)))


def _page(window: Mapping[str, Any]) -> tuple[float, float]:
    from reportlab.lib import pagesizes  # imported late: start-up

    size: tuple[float, float] = getattr(pagesizes, window["page"])
    return size


def _mm(length: float) -> float:
    from reportlab.lib.units import mm  # imported late: start-up

    return float(length * mm)


def _lay(canvas: Canvas, letter: Letter, sender: Sender, window: Mapping[str, Any], pages: int) -> int:
    """Draw a letter; how many pages it took."""
    from reportlab.platypus import Frame  # imported late: start-up

    width, height = _page(window)
    story = _story(letter, sender, width - 2 * _mm(_MARGIN))
    spoken = words().get(letter.language, words()["en"])
    page = 0
    while story or not page:
        page += 1
        if page == 1:
            top = height - _mm(window["top"] + window["height"] + _BELOW_WINDOW)
            _head(canvas, letter, sender, window)
        else:
            top = height - _mm(_MARGIN)
        foot = " · ".join(
            part
            for part in (
                letter.number,
                spoken["page"].format(page=page, pages=pages) if pages > 1 else "",
            )
            if part
        )
        canvas.setFont(REGULAR, _SMALL)
        canvas.drawRightString(width - _mm(_MARGIN), _mm(12), foot)
        frame = Frame(
            _mm(_MARGIN), _mm(_BOTTOM), width - 2 * _mm(_MARGIN), top - _mm(_BOTTOM),
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )  # fmt: skip
        _fill(frame, story, canvas)
        canvas.showPage()
    return page


def _fill(frame: Frame, story: list[Flowable], canvas: Canvas) -> None:
    """Put as much of the story on the page as fits; what is longer than the rest of the page goes on."""
    while story:
        if frame.add(story[0], canvas):
            del story[0]
            continue
        parts = frame.split(story[0], canvas)
        if parts:
            frame.add(parts[0], canvas)
            story[:1] = parts[1:]
        elif frame._atTop:  # noqa: SLF001  # a thing taller than a page would never end
            del story[0]
        return


def _head(canvas: Canvas, letter: Letter, sender: Sender, window: Mapping[str, Any]) -> None:
    """The centre above, the address in the window, the day."""
    width, height = _page(window)
    right = width - _mm(_MARGIN)
    canvas.setFont(BOLD, 13)
    canvas.drawString(_mm(_MARGIN), height - _mm(20), _line(sender.name))
    canvas.setFont(REGULAR, _SMALL)
    own = [*sender.address, sender.phone, sender.tax_id]
    for row, text in enumerate(part for part in own if part):
        canvas.drawString(_mm(_MARGIN), height - _mm(25) - row * 10, _line(text))
    left, most = _mm(window["left"]), _mm(window["width"])
    canvas.setFont(REGULAR, 6)
    back = " · ".join([sender.name, *sender.address])
    canvas.drawString(left, height - _mm(window["sender"]), _fitted(canvas, _line(back), 6, most))
    lines = [_line(one) for one in letter.recipient if one.strip()]
    leading = min(_LEADING, _mm(window["height"]) / max(1, len(lines)))
    size = min(_SIZE, leading - 1)
    canvas.setFont(REGULAR, size)
    first = height - _mm(window["top"]) - size
    for row, text in enumerate(lines):
        canvas.drawString(left, first - row * leading, _fitted(canvas, text, size, most))
    canvas.setFont(REGULAR, _SIZE)
    below = height - _mm(window["top"] + window["height"] + _BELOW_WINDOW - 6)
    canvas.drawRightString(right, below, _line(letter.date))


def _fitted(canvas: Canvas, text: str, size: float, most: float) -> str:
    """The text, cut where the window ends."""
    if canvas.stringWidth(text, REGULAR, size) <= most:
        return text
    while text and canvas.stringWidth(text + "…", REGULAR, size) > most:
        text = text[:-1]
    return text.rstrip() + "…"


def _line(text: str) -> str:
    return clean_text(text, max_length=200)


def _story(letter: Letter, sender: Sender, width: float) -> list[Flowable]:
    """Subject, paragraphs, and how to pay."""
    from reportlab.lib.styles import ParagraphStyle  # imported late: start-up
    from reportlab.platypus import Paragraph, Spacer

    plain = ParagraphStyle("plain", fontName=REGULAR, fontSize=_SIZE, leading=_LEADING)
    bold = ParagraphStyle("bold", parent=plain, fontName=BOLD, fontSize=_SIZE + 1)
    story: list[Flowable] = [Paragraph(_told(letter.subject), bold), Spacer(0, _LEADING)]
    lines = clean_text(letter.body, max_length=20_000, lines=True).split("\n")
    story += [Paragraph(_told(one), plain) if one.strip() else Spacer(0, _LEADING * 3 // 4) for one in lines]
    if letter.to_pay is not None:
        story += [Spacer(0, _LEADING), *_payment(letter.to_pay, sender, letter.language, width, plain)]
    return story


def _told(text: str) -> str:
    """Text as the library's markup writes it: nothing in it is a tag."""
    return escape(clean_text(text, max_length=20_000))


def _payment(pay: ToPay, sender: Sender, language: str, width: float, plain: Any) -> list[Flowable]:  # noqa: ANN401  # a style, untyped
    """The code and its figures side by side, kept together on one page."""
    from reportlab.lib.styles import ParagraphStyle  # imported late: start-up
    from reportlab.platypus import Paragraph, Table

    spoken = words().get(language, words()["en"])
    small = ParagraphStyle("small", parent=plain, fontSize=_SMALL + 1, leading=_LEADING - 2)
    if pay.pix_key:
        code = payment_codes.pix(sender.name, pay.pix_key, pay.pix_city, pay.amount, pay.reference)
        told = [spoken["scan_pix"], f"Pix: {pay.pix_key}"]
    else:
        code = payment_codes.epc(sender.name, pay.iban, pay.amount, pay.reference)
        groups = " ".join(pay.iban[at : at + 4] for at in range(0, len(pay.iban), 4))
        told = [spoken["pay_to"], sender.name, f"{spoken['account']}: {groups}"]
    told += [f"{spoken['amount']}: {pay.shown}", f"{spoken['reference']}: {pay.reference}"]
    if not pay.pix_key:
        told.append(spoken["scan"])
    side = _mm(_CODE_SIZE)
    words_beside = [Paragraph(_told(one), small) for one in told]
    table = Table([[_drawn(code, side), words_beside]], colWidths=[side + _mm(6), width - side - _mm(6)])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    return [table]


def _drawn(code: segno.QRCode, side: float) -> Flowable:
    """The code as squares, sharp at every size."""
    from reportlab.graphics.shapes import Drawing, Rect  # imported late: start-up
    from reportlab.lib import colors

    rows = [list(row) for row in code.matrix_iter(border=2)]
    step = side / len(rows)
    drawing = Drawing(side, side)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                drawing.add(Rect(x * step, side - (y + 1) * step, step, step, fillColor=colors.black, strokeColor=None))
    found: Flowable = drawing
    return found


__all__ = ["WINDOW_OF", "Letter", "Sender", "ToPay", "pdf", "windows", "words"]
