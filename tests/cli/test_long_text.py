"""A page for people is shown whole, however long it is."""

from __future__ import annotations

from tests.cli.called import Command


def test_the_page_of_a_member_with_a_long_past_is_not_cut(call: Command) -> None:
    call("member", "add", "Ana Ruiz").done()
    for number in range(15):
        call("invoice", "issue", "M00001", f"{10 + number}.00", "--on", "2026-10-01", "--due", "2026-10-15").done()
        call("talk", "M00001", "--outcome", "other", "--note", f"talk {number:02} " + "w" * 150).done()
    page = call("member", "show", "M00001").done().out
    assert len(page) > 2000
    assert page.count("INV-000") == 15
    assert all(f"talk {number:02} " in page for number in range(1, 15))
