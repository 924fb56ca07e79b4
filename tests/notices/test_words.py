"""What a text may not say is refused in every language; what a kind person says is not."""

from __future__ import annotations

import tomllib
from itertools import product
from pathlib import Path

import pytest

from duesdesk.documents import notice_templates, notice_words
from duesdesk.documents.notice_templates import FORMS, NAMES, SHORT, WHOLE
from tests.notices.telling import PLACES, TONES

LISTS = Path(__file__).parents[2] / "data" / "notices"
REFUSED = {
    "en": {
        "template-advertises": ["Get a 10% discount.", "Bring a friend!", "Join now", "Ask for our special offers"],
        "template-threatens": ["We will call the police.", "Your credit score will suffer", "Or else ..."],
        "template-plays-court": ["Summons", "We will take you to court", "legal proceedings will follow"],
        "template-last-twice": ["This is the final notice, the last warning."],
    },
    "es": {
        "template-advertises": ["Un descuento del 10 %", "¡Apúntate!", "Nuestras ofertas"],
        "template-threatens": [
            "Llamaremos a la policía",
            "figurarás en ASNEF",
            "un fichero de morosos",
            "Irás a prisión",
        ],
        "template-plays-court": ["Acudiremos al juzgado", "Requerimiento judicial", "nuestros abogados"],
        "template-last-twice": ["Último aviso. Es su última oportunidad."],
    },
    "it": {
        "template-advertises": ["Uno sconto per te", "Iscriviti subito", "Le nostre offerte"],
        "template-threatens": ["Chiameremo i carabinieri", "segnalazione al CRIF", "elenco dei cattivi pagatori"],
        "template-plays-court": ["Decreto ingiuntivo", "adiremo le vie legali", "il tribunale"],
        "template-last-twice": ["Ultimo avviso: ultima possibilità."],
    },
    "ro": {
        "template-advertises": ["O reducere de 10 %", "Înscrie-te acum", "oferta noastră"],
        "template-threatens": [
            "Chemăm poliția",
            "raportare la Biroul de Credit",
            "executor judecătoresc",
            "închisoare",
        ],
        "template-plays-court": ["Somație", "vă dăm în judecată", "avocații noștri"],
        "template-last-twice": ["Ultimul avertisment, ultima șansă."],
    },
    "pt": {
        "template-advertises": ["Um desconto de 10 %", "Inscreva-se já", "As nossas ofertas"],
        "template-threatens": ["Chamamos a polícia", "Seu nome no Serasa", "vamos protestar em cartório", "nome sujo"],
        "template-plays-court": ["Citação", "processo judicial", "os nossos advogados", "o tribunal"],
        "template-last-twice": ["Último aviso: última oportunidade."],
    },
}
KIND = {
    "en": "Feel free to call. We offer you parts. The court of tennis is open: sorry, we mean hall 2. Yours, Ana",
    "es": "Llámanos cuando quieras, la llamada es gratuita. Podemos acordar plazos. ¡Gracias!",
    "it": "Ci chiami quando vuole, la chiamata è gratuita. Possiamo accordarci a rate. Grazie!",
    "ro": "Sunați-ne oricând, apelul este gratuit. Politica noastră: putem stabili rate. Mulțumim!",
    "pt": "Ligue-nos quando quiser, a chamada é gratuita. Vale a pena falar: podemos combinar prestações. Obrigado!",
}


def codes(text: str, language: str, *, form: str = WHOLE, hosts: tuple[str, ...] = ()) -> set[str]:
    return {error.code for error in notice_words.findings(text, language, form=form, hosts=hosts)}


@pytest.mark.parametrize("language", REFUSED)
def test_advertising_threats_court_words_and_a_last_time_twice_are_found(language: str) -> None:
    for code, texts in REFUSED[language].items():
        for text in texts:
            for written in (text, text.upper(), text.replace(" ", "\n")):
                assert code in codes(f"Subject: x\n\n{written}", language), written
            assert code in codes(f"Subject: {text}\n\nx", language), text


@pytest.mark.parametrize("language", REFUSED)
def test_every_list_has_its_words_and_finds_them(language: str) -> None:
    lists = tomllib.loads((LISTS / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(lists) == {"advertising", "threats", "legal", "last", "debt"}
    assert (LISTS / f"{language}.toml").read_text(encoding="utf-8").startswith("#")
    for name, words in lists.items():
        assert len(words) == len(set(words))
        for word in words:
            assert notice_words._found(f"a {word.rstrip('*')}, b", language, name), word


@pytest.mark.parametrize("language", KIND)
def test_what_a_kind_person_says_is_not_refused(language: str) -> None:
    text = KIND[language].replace("The court of tennis is open: sorry, we mean hall 2. ", "")
    assert codes(f"Subject: Thank you\n\n{text}", language) == set()
    if language == "en":
        # A word is a word: whoever has a tennis court writes another one.
        assert codes(f"Subject: Thank you\n\n{KIND[language]}", language) == {"template-plays-court"}


def test_no_text_that_is_shipped_says_what_it_may_not() -> None:
    for name, (language, country), form, tone in product(NAMES, PLACES, FORMS, TONES):
        text = notice_templates.shipped(name, language, tone=tone, form=form, country=country)
        assert text is not None
        assert codes(text, language, form=form) == set(), (name, language, country, tone, form)


@pytest.mark.parametrize(
    "subject",
    ["{{ total }}", "{{ to_pay }} open", "{{ items[0].open }}", "{{ list }}", "{{ last_payment }}", "You pay € 20",
     "20,00 EUR", "R$ 20,00", "120 lei", "1.234,56 €", "{% if credit != '' %}x{% endif %}{{ promised }}"],
)  # fmt: skip
def test_an_amount_in_the_subject_is_found(subject: str) -> None:
    assert "template-amount-in-subject" in codes(f"Subject: {subject}\n\nx", "en")


@pytest.mark.parametrize(
    "subject", ["{{ centre }}", "Your account, {{ name }}", "{{ payment_number }} of {{ payment_on }}"]
)
def test_a_name_a_number_and_a_day_may_stand_in_the_subject(subject: str) -> None:
    assert codes(f"Subject: {subject}\n\n{{{{ total }}}}", "en") == set()


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Overdue invoice"), ("en", "You owe us"), ("es", "Tu deuda"), ("es", "Pagos pendientes"), ("it", "Debito"),
     ("it", "Fattura scaduta"), ("ro", "Datoria ta"), ("ro", "Restanță"), ("pt", "A sua dívida"), ("pt", "Em atraso")],
)  # fmt: skip
def test_a_debt_in_the_subject_is_found(language: str, subject: str) -> None:
    assert codes(f"Subject: {subject}\n\nx", language) == {"template-debt-in-subject"}
    assert codes(f"Subject: x\n\n{subject}", language) == set()


def test_a_text_message_names_an_amount_or_a_debt_and_not_both() -> None:
    both = "Subject: x\n\nYour debt is {{ total }}"
    assert codes(both, "en", form=SHORT) == {"template-debt-with-amount"}
    assert codes(both, "en") == set()
    assert codes("Subject: x\n\nYour debt is 20 EUR", "en", form=SHORT) == {"template-debt-with-amount"}
    assert codes("Subject: x\n\nYour debt. Call us.", "en", form=SHORT) == set()
    assert codes("Subject: x\n\nStill {{ total }}", "en", form=SHORT) == set()


@pytest.mark.parametrize(
    "text", ["PAY NOW", "PLEASE PAY", "Pay!!", "ONE two THREE four FIVE six SEVEN", "PAGUE JÁ AGORA"]
)
def test_shouting_is_found(text: str) -> None:
    assert codes(f"Subject: x\n\n{text}", "en") == {"template-shouts"}


@pytest.mark.parametrize(
    "text", ["Answer STOP.", "IBAN ES91", "CNPJ 12", "Your USA trip", "Responde BAJA, NIF 3", "a!"]
)
def test_what_is_always_written_in_capitals_does_not_shout(text: str) -> None:
    assert codes(f"Subject: x\n\n{text}", "en") == set()


@pytest.mark.parametrize(
    "text",
    ["https://evil.example", "http://evil.example/x", "www.evil.example", "evil.com/pay", "bit.ly/2x", "ftp://evil.example",
     "pay@evil.com", "https://{{ centre }}.evil.com", "https://aurora.example.evil.com", "https://evil.com/aurora.example",
     "https://aurora.example@evil.com", "https://notaurora.example", "HTTPS://EVIL.EXAMPLE"],
)  # fmt: skip
def test_a_link_that_is_not_the_centres_own_is_found(text: str) -> None:
    assert codes(f"Subject: x\n\n{text}", "en", hosts=("aurora.example",)) == {"template-links-elsewhere"}


@pytest.mark.parametrize(
    "text",
    ["https://aurora.example", "https://pay.aurora.example/x?y=1", "www.aurora.example", "hola@aurora.example",
     "{{ pay_link }}", "e.g. 3.5 or 10.00 o'clock", "a.m. and p.m."],
)  # fmt: skip
def test_the_centres_own_links_are_not_found(text: str) -> None:
    assert codes(f"Subject: x\n\n{text}", "en", hosts=("aurora.example",)) == set()


def test_a_language_without_a_list_finds_nothing_and_reads_no_other_file() -> None:
    assert codes("Subject: x\n\npolice", "xx") == set()
    assert codes("Subject: x\n\npolice", "../en") == set()
