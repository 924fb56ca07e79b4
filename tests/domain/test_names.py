"""How a name is written in a letter."""

from __future__ import annotations

import pytest

from duesdesk.domain.names import as_written


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("Popescu, Ștefan", "Ștefan Popescu"),
        ("García López ,María del Carmen", "María del Carmen García López"),
        ("Popescu Ștefan", "Popescu Ștefan"),
        ("Nordwind Ejemplo, S.L.", "Nordwind Ejemplo, S.L."),
        ("Acme, Inc", "Acme, Inc"),
        ("Smith, Jr", "Smith, Jr"),
        ("Moreno, Vidal, Ortiz", "Moreno, Vidal, Ortiz"),
        ("Sala 2, 3", "Sala 2, 3"),
        (", Ana", ", Ana"),
        ("Ana,", "Ana,"),
    ],
)
def test_only_a_name_with_its_surname_before_a_comma_is_turned(stored: str, written: str) -> None:
    assert as_written(stored) == written
