"""`member show --json` has all there is about a member."""

from __future__ import annotations

from pathlib import Path

from tests.cli.called import Command


def test_an_imported_invoice_shows_its_description_and_total_as_its_one_line(call: Command, tmp_path: Path) -> None:
    call("member", "add", "Ana Ruiz").done()
    file = tmp_path / "invoices.csv"
    file.write_text(
        "number,member,issued_on,due_on,amount,description\nA1,M00001,2026-10-01,2026-10-15,45.00,Dues of October\n"
        "A2,M00001,2026-10-01,2026-10-15,30.00,\n",
        encoding="utf-8",
    )
    call("import", "invoices", str(file)).done()
    call("invoice", "issue", "M00001", "12.50", "--text", "A towel", "--due", "2026-12-01").done()
    shown = {one["invoice"]: one for one in call("member", "show", "M00001", "--json").done().document["invoices"]}
    assert shown["A1"]["lines"] == [{"description": "Dues of October", "amount": "45.00"}]
    assert shown["A2"]["lines"] == [{"description": "", "amount": "30.00"}]
    assert shown["INV-00001"]["lines"] == [{"description": "A towel", "amount": "12.50"}]
    page = call("member", "show", "M00001").done().out
    assert "Dues of October" in page
    assert "A towel" in page


def test_nothing_is_left_out_of_a_long_file(call: Command, tmp_path: Path) -> None:
    call("member", "add", "Large Company").done()
    rows = "".join(f"A{n},M00001,2026-10-01,2026-10-15,1.00\n" for n in range(2100))
    paid = "".join(f"P{n},M00001,2026-10-02,1.00\n" for n in range(2050))
    (tmp_path / "invoices.csv").write_text(f"number,member,issued_on,due_on,amount\n{rows}", encoding="utf-8")
    (tmp_path / "payments.csv").write_text(f"reference,member,received_on,amount\n{paid}", encoding="utf-8")
    call("import", "invoices", str(tmp_path / "invoices.csv")).done()
    call("import", "payments", str(tmp_path / "payments.csv")).done()
    shown = call("member", "show", "M00001", "--json").done().document
    assert (len(shown["invoices"]), len(shown["payments"]), len(shown["timeline"])) == (2100, 2050, 2050)
    assert shown["open"] == "50.00"
