"""Files somebody asked for: what stands in their cells."""

from __future__ import annotations

import pytest

from duesdesk.documents.exports import cell, csv_text


@pytest.mark.parametrize("text", ["=1+1", "+1 1", "-x", "@SUM", "|calc", "＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_no_cell_is_a_formula_in_narrow_or_wide_letters(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert f"'{text}" in csv_text(["name"], [[text]])


@pytest.mark.parametrize("text", ["-12.50", "Ana = Bea", "12"])
def test_a_number_and_a_name_stay_what_they_are(text: str) -> None:
    assert cell(text) == text
