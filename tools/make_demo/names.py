"""Invented names by language, and phone numbers nobody has.

The names are common given names and surnames put together by chance; nobody is meant.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a name comes from: the words to draw, the language of notices, and a fictitious phone range."""

    language: str
    phone: str
    first_number: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    two_surnames: bool = False


def _words(text: str) -> tuple[str, ...]:
    """Words between blanks; an underscore stands for a blank inside a surname."""
    return tuple(word.replace("_", " ") for word in text.split())


# `{}` becomes a running number. Ofcom (07700 900xxx) and PTS (070-17406xx) keep ranges for fiction; elsewhere the
# number is a row of zeros that nobody would take for real.
ORIGINS: dict[str, Origin] = {
    "spanish": Origin(
        language="es",
        phone="+34600000{:03d}",
        first_number=1,
        women=_words(
            "Lucía Carmen Inés Nuria Rocío Begoña Pilar Marina Irene Alba Elisa Noelia Jimena Lola Aitana Sofía Paula"
            " Verónica Raquel Amaia Montserrat Ainhoa Adriana Cristina Leire Candela Belén Estíbaliz Triana Olivia"
        ),
        men=_words(
            "Álvaro Óscar Rubén Íñigo Martín Hugo Nicolás Andrés Joaquín Adrián Iván Héctor Jesús Ramón Tomás Gonzalo"
            " Víctor Unai Jordi Sebastián Fermín Raúl Mateo Bruno Gaël Saúl Matías Simón Xabier Damián"
        ),
        surnames=_words(
            "Núñez Fernández Ibáñez Peña Muñoz Ordóñez Castaño Vázquez Yáñez Carreño Cañizares Bermúdez Quiñones Gómez"
            " Etxeberria Cordón Zúñiga Echániz Valdés Morán Fuentes Cárdenas Escribano Luján Roldán Soler Camacho Puig"
            " Ferrer Lozano Crespo Hidalgo Marín Prieto Santana Arroyo Redondo Gallardo Merino Aguirre Sáez Barrios"
            " Cuesta Olmedo Pastor Rincón Tejedor Urrutia Villar Zamora"
        ),
        two_surnames=True,
    ),
    "romanian": Origin(
        language="ro",
        phone="+40700000{:03d}",
        first_number=1,
        women=_words("Ioana Mădălina Ștefania Crina Anca Raluca Simina Lăcrămioara Bianca Cătălina Roxana"),
        men=_words("Andrei Ștefan Răzvan Mihăiță Cătălin Bogdan Ionuț Dragoș Vlăduț Sorin Tudor Liviu"),
        surnames=_words(
            "Popescu Ionescu Dumitrașcu Țăranu Bălan Crăciun Grădinaru Păun Șerban Vântu Munteanu Rusu Câmpean"
        ),
    ),
    "italian": Origin(
        language="it",
        phone="+393200000{:03d}",
        first_number=1,
        women=_words("Giulia Chiara Noemi Federica Beatrice Ilaria Silvia Martina Elettra Aurora"),
        men=_words("Luca Niccolò Marco Davide Matteo Edoardo Gioele Riccardo Tobia Renzo"),
        surnames=_words(
            "Rossi D'Angelo Dell'Acqua Ferrari Bianchi D'Amico Galli Moretti Lo_Presti Fontana Vitale Nicolò"
        ),
    ),
    "portuguese": Origin(
        language="pt",
        phone="+351910000{:03d}",
        first_number=1,
        women=_words("Beatriz Inês Conceição Mafalda Leonor Graça Joana Luísa Margarida Assunção"),
        men=_words("João Tomás Gonçalo Simão Estêvão Duarte Rúben Vasco Nuno Xavier"),
        surnames=_words(
            "Almeida Simões Magalhães Guimarães Brandão Falcão Leitão Araújo Vilaça Falcão-Reis Sá_Nogueira"
        ),
    ),
    "english": Origin(
        language="en",
        phone="+447700900{:03d}",
        first_number=1,
        women=_words("Zoë Chloé Hannah Ruby Siân Niamh Imogen Freya Anne-Marie Keira"),
        men=_words("Owen Callum Jack Seán Toby Harvey Aidan Rhys Elliot Miles"),
        surnames=_words(
            "Smith O'Brien Fletcher Hughes-Carter O'Connor McAllister Ward Bennett Harrison Doyle Whitlock"
        ),
    ),
    "polish": Origin(
        language="en",
        phone="+48500000{:03d}",
        first_number=1,
        women=_words("Małgorzata Agnieszka Żaneta Bożena"),
        men=_words("Łukasz Paweł Michał Wojciech"),
        surnames=_words("Nowak Wiśniewski Dąbrowski Zieliński Wójcik Błaszczyk"),
    ),
    "turkish": Origin(
        language="en",
        phone="+905000000{:03d}",
        first_number=1,
        women=_words("Ayşe Gülşah İpek Çiğdem"),
        men=_words("Oğuz Çağrı Işık Emre"),
        surnames=_words("Çelik Yıldız Şahin Öztürk Güneş"),
    ),
    "nordic": Origin(
        language="en",
        phone="+46701740{:03d}",
        first_number=605,
        women=_words("Åsa Sigríður Linnéa Solveig"),
        men=_words("Jørgen Björn Håkon Søren"),
        surnames=_words("Ødegård Lindström Sørensen Nyström Bjørnstad Þórsdóttir"),
    ),
    "hungarian": Origin(
        language="en",
        phone="+36200000{:03d}",
        first_number=1,
        women=_words("Réka Zsófia Ágnes Tünde"),
        men=_words("Gergő Bálint Zoltán Ákos"),
        surnames=_words("Kovács Szabó Tóth Kőműves Fehér"),
    ),
}

# How often each is drawn, in percent.
SHARES = (
    ("spanish", 62),
    ("romanian", 10),
    ("italian", 8),
    ("portuguese", 6),
    ("english", 6),
    ("polish", 2),
    ("turkish", 2),
    ("nordic", 2),
    ("hungarian", 2),
)

MAIL_DOMAINS = ("example.org", "example.com", "example.net")
