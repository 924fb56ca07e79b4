"""Letters: the address is in the window, every letter of five languages arrives, nothing people wrote is markup."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from duesdesk.documents import letters
from duesdesk.documents.letters import Letter, Sender, ToPay, pdf
from duesdesk.documents.payment_codes import epc, pix_text

ALPHABETS = "ĂÂÎȘȚ ăâîșț ŞŢşţ ÑÁÉÍÓÚÜ ñáéíóúü ÀÈÉÌÒÙ àèéìòù ÃÕÇÊÔ ãõçêô £ € R$ “” „” «» – … ªº ¿¡ ß Ł ø"
SENDER = Sender("Aurora Centre", ("Calle Mayor 1", "28013 Madrid"), "+34 910 00 00 00", "CIF B12345678", "ES")
PAY = ToPay("51.50", "51,50 €", "M00012 INV-00012", iban="ES9121000418450200051332")
LETTER = Letter(
    ("Ștefăniță Muñoz", "Strada Făgărașului 12", "300001 Timișoara", "ROMÂNIA"),
    "27 Nov 2026",
    "Your membership account",
    f"Dear Ștefăniță,\n\n{ALPHABETS}\n\nKind regards\nAurora Centre",
    "ro",
    PAY,
    "N-7",
)
MM = 72 / 25.4


def read(made: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


def places(made: bytes, page: int = 0) -> dict[str, tuple[float, float]]:
    """Where each piece of text begins: millimetres from the left and from above."""
    found: dict[str, tuple[float, float]] = {}
    sheet = PdfReader(BytesIO(made)).pages[page]
    height = float(sheet.mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: object) -> None:
        if text.strip():
            at = (tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5])
            found.setdefault(text.strip(), (at[0] / MM, (height - at[1]) / MM))

    sheet.extract_text(visitor_text=visit)
    return found


def test_every_letter_of_five_languages_is_read_back() -> None:
    (page,) = read(pdf([LETTER], SENDER))
    for word in (*ALPHABETS.split(), *LETTER.recipient, LETTER.subject, SENDER.name, "28013 Madrid", "CIF B12345678"):
        assert word in page
    assert "ES91 2100 0418 4502 0005 1332" in page
    assert "51,50 €" in page
    assert "M00012 INV-00012" in page


def test_the_fonts_are_embedded() -> None:
    (page,) = PdfReader(BytesIO(pdf([LETTER], SENDER))).pages
    fonts = page["/Resources"]["/Font"]  # type: ignore[index]
    used = [font.get_object() for font in fonts.values()]
    named = [font for font in used if "DejaVu" in str(font.get("/BaseFont"))]
    assert len(named) >= 2
    for font in named:
        descriptor = font["/FontDescriptor"].get_object()
        assert isinstance(descriptor, DictionaryObject)
        assert "/FontFile2" in descriptor


@pytest.mark.parametrize("country", sorted(letters.windows()))
def test_the_address_stands_in_the_window_of_the_country(country: str) -> None:
    window = letters.windows()[country]
    found = places(pdf([LETTER], replace(SENDER, window=country)))
    for line in LETTER.recipient:
        left, top = next(place for text, place in found.items() if line in text)
        assert window["left"] - 1 <= left <= window["left"] + window["width"]
        assert window["top"] <= top <= window["top"] + window["height"]
    subject = next(place for text, place in found.items() if LETTER.subject in text)
    assert subject[1] > window["top"] + window["height"]


def test_a_line_too_wide_and_an_address_too_tall_are_kept_within_the_window() -> None:
    tall = replace(LETTER, recipient=tuple(f"{n} " + "W" * 80 for n in range(8)))
    window = letters.windows()["US"]
    found = places(pdf([tall], replace(SENDER, window="US")))
    rows = [place for text, place in found.items() if "WWW" in text]
    assert len(rows) == 8
    assert max(top for _, top in rows) <= window["top"] + window["height"]
    assert "…" in read(pdf([tall], replace(SENDER, window="US")))[0]


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>bold</b>",
        "<para><img src='file:///etc/passwd'/></para>",
        "a & b < c > d",
        "[red]x[/]",
        "&#0; &lt;",
        "<" * 50,
    ],
)
def test_nothing_people_wrote_is_markup(hostile: str) -> None:
    one = replace(LETTER, recipient=(hostile, "x"), subject=hostile, body=f"{hostile}\n{hostile}")
    page = "".join(read(pdf([one], replace(SENDER, name=hostile)))[0].split())
    assert page.count("".join(hostile.split())) >= 4


def test_control_characters_never_reach_the_paper() -> None:
    one = replace(LETTER, subject="a\x1b]0;x\x07\u202eb", body="c\x00\x9b\u200bd", recipient=("e\x85f",))
    page = read(pdf([one], SENDER))[0]
    assert "a]0;xb" in page
    assert "cd" in page
    assert not any(char in page for char in "\x00\x1b\x07\x9b\u202e\u200b")


def test_a_long_notice_goes_on_over_pages_that_are_counted_and_loses_no_line() -> None:
    lines = [f"line {n} of the notice, with words enough to fill a part of it" for n in range(150)]
    made = pdf([replace(LETTER, body="\n".join(lines)), LETTER], SENDER)
    pages = read(made)
    assert len(pages) >= 5
    text = " ".join(" ".join(pages).split())
    assert [line for line in lines if line not in text] == []
    count = len(pages) - 1
    assert [f"pagina {n} din {count}" in page for n, page in enumerate(pages, 1)] == [True] * count + [False]
    assert sum("Ștefăniță Muñoz" in page for page in pages) == 2
    assert "51,50 €" in pages[count - 1]


def test_one_word_longer_than_a_page_ends_all_the_same() -> None:
    assert len(read(pdf([replace(LETTER, body="W" * 20_000)], SENDER))) > 1


def test_the_same_letters_make_the_same_file() -> None:
    assert pdf([LETTER], SENDER) == pdf([LETTER], SENDER)


def test_every_language_has_every_word() -> None:
    keys = set(letters.words()["en"])
    assert sorted(letters.words()) == ["en", "es", "it", "pt", "ro"]
    assert all(set(found) == keys and all(found.values()) for found in letters.words().values())


def test_the_code_of_a_transfer_says_who_how_much_and_for_what() -> None:
    code = epc("Aurora Centre", "ES91 2100 0418 4502 0005 1332".replace(" ", ""), "51.50", "M00012 Ștefăniță")
    assert code.error == "M"
    assert code.designator


def test_a_pix_code_is_written_as_the_central_bank_writes_it() -> None:
    told = (
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913"
        "Fulano de Tal6008BRASILIA62070503***63041D3D"
    )
    assert pix_text("Fulano de Tal", "123e4567-e12b-12d1-a456-426655440000", "BRASILIA") == told


def test_a_pix_code_has_letters_every_reader_knows_and_its_own_lengths() -> None:
    told = pix_text(
        "Academia São João da Conceição Ltda", "contato@aurora.example", "São Paulo do Sul", "20.00", "INV-00013"
    )
    assert "5925Academia Sao Joao da Conc" in told
    assert "6015Sao Paulo do Su" in told
    assert "540520.00" in told
    assert "62120508INV00013" in told
    assert told.isascii()
