"""Members into the store: new ones added, known ones brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duesdesk.i18n import fold
from duesdesk.services.contacts import try_anew
from duesdesk.services.imports.kinds.members import MemberRow
from duesdesk.services.imports.writers.work import Work, found_by, settle_twins, twins
from duesdesk.services.members import search_text
from duesdesk.store.bulk import new_ids

_COLUMNS = (
    "id, name, email, phone, card, language, payer_id, joined_on, left_on, status, group_name, address, country, "
    "timezone, fax"
)
# Columns of a file in the order of the table's, without number and payer.
_FIELDS = (
    "name", "email", "phone", "card", "language", "joined_on", "left_on", "status", "group", "address", "country",
    "timezone", "fax",
)  # fmt: skip


@dataclass(slots=True)
class _Known:
    """A member of the store as it is before the import."""

    id: int
    values: dict[str, str | None]
    payer_id: int | None


def write(work: Work, rows: Sequence[MemberRow]) -> None:
    """Write the good rows; reject those the store or another row speaks against."""
    again = twins(work, rows, [row.number for row in rows], "number")
    known = _known(work, [row.number for row in rows])
    _reject_cards(work, rows, known, again)
    _reject_payers(work, rows, known, again)
    settle_twins(work, again)
    good = [row for row in work.good() if row not in again]
    new = [row for row in good if rows[row].number not in known]
    ids = dict(zip((rows[row].number for row in new), new_ids(work.tx, "member", len(new)), strict=True))
    payers = {**ids, **{number: member.id for number, member in _payers(work, rows, known).items()}}
    _insert(work, [rows[row] for row in new], ids, payers)
    work.created.update(new)
    _update(work, [row for row in good if rows[row].number in known], rows, known, payers)


def _known(work: Work, numbers: Sequence[str]) -> dict[str, _Known]:
    found = found_by(work.tx, f"SELECT number, {_COLUMNS} FROM member WHERE number IN ({{among}})", numbers)
    return {
        number: _Known(row[0], dict(zip(_FIELDS, (*row[1:6], *row[7:]), strict=True)), row[6])
        for number, row in found.items()
    }


def _payers(work: Work, rows: Sequence[MemberRow], known: dict[str, _Known]) -> dict[str, _Known]:
    """The payers that are in the store already, by number."""
    wanted = {row.payer for row in rows if row.payer}
    return {**_known(work, [number for number in wanted if number not in known]), **known}


def _reject_cards(work: Work, rows: Sequence[MemberRow], known: dict[str, _Known], again: dict[int, int]) -> None:
    """A card opens one door for one person: not two in the file, nor one in the file and another in the store."""
    cards = {row.card for row in rows if row.card}
    if not cards:
        return
    holders = found_by(work.tx, "SELECT card, number FROM member WHERE card IN ({among})", cards)
    changed = {
        row.number for row in rows if row.number in known and row.card and known[row.number].values["card"] != row.card
    }
    taken: dict[str, int] = {}
    for at in work.good():
        card = rows[at].card
        if not card or at in again:
            continue
        if card in taken:
            work.reject(at, "card", card, "import-card-twice", line=work.reading.lines[taken[card]])
            continue
        taken[card] = at
        holder = holders.get(card)
        if holder and holder[0] != rows[at].number and holder[0] not in changed:
            work.reject(at, "card", card, "import-card-taken", member=holder[0])


def _reject_payers(work: Work, rows: Sequence[MemberRow], known: dict[str, _Known], again: dict[int, int]) -> None:
    """A payer is a member who pays for themselves. One rejected may make another unknown: again until none."""
    if not any(row.payer for row in rows):
        return
    stored = _payers(work, rows, known)
    numbers = {member.id: number for number, member in stored.items()}
    payer_in_store = {
        number: numbers.get(member.payer_id, "?") for number, member in stored.items() if member.payer_id is not None
    }
    paid_for = found_by(
        work.tx,
        """SELECT p.number, min(m.number) FROM member p JOIN member m ON m.payer_id = p.id
           WHERE p.number IN ({among}) GROUP BY p.number""",
        [row.number for row in rows if row.payer and row.payer != row.number],
    )
    while True:
        good = [at for at in work.good() if at not in again]
        payer = {**payer_in_store, **{rows[at].number: rows[at].payer for at in good if rows[at].payer}}
        present = stored.keys() | {rows[at].number for at in good}
        before = len(work.reading.faults)
        for at in good:
            row = rows[at]
            if not row.payer or row.payer == row.number:
                continue
            if row.payer not in present:
                work.reject(at, "payer", row.payer, "import-payer-unknown")
            elif payer.get(row.payer, row.payer) != row.payer:
                work.reject(at, "payer", row.payer, "import-payer-has-a-payer", payer=row.payer)
            elif row.number in paid_for:
                others = paid_for[row.number][0]
                work.reject(at, "payer", row.payer, "import-payer-pays-for-others", member=row.number, other=others)
        if len(work.reading.faults) == before:
            return


def _insert(work: Work, rows: Sequence[MemberRow], ids: dict[str, int], payers: dict[str, int]) -> None:
    now = work.within.act.recorded_at
    # Who pays for themselves first: the others refer to them.
    ordered = sorted(rows, key=lambda row: bool(row.payer) and row.payer != row.number)
    work.tx.many_positional(
        """INSERT INTO member (id, number, name, name_folded, search, email, phone, card, language, payer_id, joined_on,
                               left_on, status, group_name, email_works, address, country, timezone, fax, created_at,
                               updated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                ids[row.number],
                row.number,
                row.name,
                fold(row.name),
                search_text(row.name, row.number, row.email, row.phone, row.card),
                row.email or None,
                row.phone or None,
                row.card or None,
                row.language or None,
                payers[row.payer] if row.payer and row.payer != row.number else None,
                row.joined_on,
                row.left_on,
                row.status or "active",
                row.group or None,
                row.email_works,
                row.address or None,
                row.country or None,
                row.timezone or None,
                row.fax or None,
                now,
                now,
            )
            for row in ordered
        ],
    )


def _update(
    work: Work, good: Sequence[int], rows: Sequence[MemberRow], known: dict[str, _Known], payers: dict[str, int]
) -> None:
    """Bring known members up to date. A blank cell says nothing, so it changes nothing."""
    changes = []
    freed = []
    for at in good:
        row, member = rows[at], known[rows[at].number]
        told = {name: getattr(row, name) for name in _FIELDS if getattr(row, name)}
        after = {**member.values, **told}
        payer_id = member.payer_id
        if row.payer:
            payer_id = None if row.payer == row.number else payers[row.payer]
        changed = {name: member.values[name] for name in told if told[name] != member.values[name]}
        if payer_id != member.payer_id:
            changed["payer"] = str(member.payer_id or "")
        if not changed:
            continue
        work.updated.add(at)
        work.before[row.number] = changed
        if "card" in changed:
            freed.append((member.id,))
        name, email, phone, card = (after[field] for field in ("name", "email", "phone", "card"))
        search = search_text(name or "", row.number, email, phone, card)
        works = row.email_works if "email" in changed else None
        values = (name, email, phone, card, *(after[field] for field in _FIELDS[4:]))
        now = work.within.act.recorded_at
        changes.append((fold(name or ""), search, *values, payer_id, works, now, member.id))
        try_anew(work.tx, member.id, changed, now)
    # Two members may swap cards: none holds the old one while the new ones are handed out.
    work.tx.many_positional("UPDATE member SET card = NULL WHERE id = ?", freed)
    work.tx.many_positional(
        """UPDATE member SET name_folded = ?, search = ?, name = ?, email = ?, phone = ?, card = ?, language = ?,
                             joined_on = ?, left_on = ?, status = ?, group_name = ?, address = ?, country = ?,
                             timezone = ?, fax = ?, payer_id = ?,
                             email_works = coalesce(?, email_works), updated_at = ? WHERE id = ?""",
        changes,
    )
