"""Invented people by the hundred thousand, the same ones each time, with the accents that names have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from anyascii import anyascii

# Dialling code, first names, last names.
_TONGUES = (
    (
        "+34",
        "Begoña Andrés Lucía Ángel Sofía Iñaki Óscar Inés Rubén Marta Joaquín Nuria",
        "García Núñez Ibáñez Muñoz López Peña Sáez Ordóñez Gómez Vidal Jiménez Rey",
    ),
    (
        "+39",
        "Niccolò Chiara Matteo Giulia Tommaso Zoe Davide Beatrice Luca Noemi Fabio Elisa",
        "Rossi Bianchi Conti D'Amico Galli Riva Fabbri De Luca Marchetti Villa Caruso Serra",
    ),
    (
        "+40",
        "Ștefan Ioana Răzvan Mădălina Țvetan Cătălina Ionuț Sînziana Mihai Anca Dănuț Irina",
        "Popescu Șerban Țurcanu Bălan Rădulescu Ciobanu Dumitrașcu Stănescu Mîndru Vlad Lupu Matei",
    ),
    (
        "+351",
        "João Conceição Tomás Fátima Gonçalo Inês Rúben Débora Luís Mónica Simão Célia",
        "Araújo Magalhães Falcão Leitão Brandão Simões Sá Guimarães Assunção Pinto Rocha Lobão",
    ),
    (
        "+44",
        "Zoë Siobhán Liam Renée Amelia Seán George Niamh Oliver Chloe Harry Aoife",
        "O'Connor Smith Brontë Walker Evans Hughes Taylor Wright Green Jones Ní-Dhomhnaill Reid",
    ),
    (
        "+48",
        "Łukasz Małgorzata Paweł Grażyna Michał Agnieszka Jędrzej Żaneta Rafał Bożena Świętosław Ewa",
        "Wiśniewski Dąbrowska Wójcik Kozłowska Nowak Łuczak Żak Ślusarz Zieliński Krawczyk Woźniak Jabłoński",
    ),
    (
        "+49",
        "Jürgen Käthe Björn Anneliese Sören Ute Günther Mia Jörg Änne Heiko Lena",
        "Müller Groß Schröder Jäger Weiß Köhler Hübner König Böhm Schäfer Lindner Voß",
    ),
    (
        "+36",
        "László Zsófia Győző Ágnes Örs Tünde István Ildikó Béla Réka Csaba Ödön",
        "Kovács Nagy Szabó Tóth Horváth Őri Szűcs Molnár Farkas Németh Varga Kiss",
    ),
)
_POOLS = tuple((code, firsts.split(), lasts.split(" ")) for code, firsts, lasts in _TONGUES)


class Person(NamedTuple):
    """A member as the import file has them."""

    number: str
    name: str
    email: str
    phone: str


def people(count: int, chance: random.Random) -> Iterator[Person]:
    """`count` people in the order of their numbers."""
    for number in range(1, count + 1):
        code, firsts, lasts = chance.choice(_POOLS)
        first, last = chance.choice(firsts), chance.choice(lasts)
        if chance.random() < 0.3:
            last = f"{last} {chance.choice(lasts)}"
        plain = anyascii(f"{first}.{last}").lower().replace(" ", ".").replace("'", "")
        phone = f"{code} {chance.randrange(100, 1000)} {chance.randrange(100, 1000)} {chance.randrange(1000, 10_000)}"
        yield Person(f"M{number:06d}", f"{last}, {first}", f"{plain}.{number}@example.org", phone)
