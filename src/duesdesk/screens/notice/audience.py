"""Who a notice to many goes to, in lines: who is left out and why first, then each with their sum; one as it reads."""

from __future__ import annotations

from collections.abc import Sequence

from duesdesk.i18n import _, listing, money, number
from duesdesk.screens.notice.reading import TEXT_WIDTH, text_lines
from duesdesk.screens.notice.words import language_word
from duesdesk.screens.refusals import refusal_lines
from duesdesk.screens.text import Line, Piece, amount, join, line, pad
from duesdesk.services.mass_notices import Audience
from duesdesk.services.notice_texts import Preview

NAME_WIDTH = 28
MOST_ROWS = 60


def people_lines(audience: Audience) -> list[Line]:
    """Everybody: those left out with the reason, then those who get it with what they are asked for."""
    lines: list[Line] = []
    if audience.left_out:
        lines.append(line(_("Left out"), "dim"))
        for preview in audience.left_out[:MOST_ROWS]:
            lines += _left_out(preview.payer_name, preview)
        lines += _more(len(audience.left_out))
        lines.append(())
    if audience.going:
        lines.append(line(_("Get it"), "dim"))
        lines += [_going(preview) for preview in audience.going[:MOST_ROWS]]
        lines += _more(len(audience.going))
    return lines or [line(_("Nobody is meant."), "dim")]


def _more(count: int) -> list[Line]:
    return [line(_("{count} more").format(count=number(count - MOST_ROWS)), "dim")] if count > MOST_ROWS else []


def _left_out(name: str, preview: Preview) -> list[Line]:
    head = Piece(pad(name, NAME_WIDTH) + "  ", "dim")
    if preview.problem is None:
        return [(head,)]
    first, *more = refusal_lines(preview.problem, TEXT_WIDTH - NAME_WIDTH - 2, "warn")
    return [join(head, first), *(join(Piece(" " * (NAME_WIDTH + 2)), one) for one in more)]


def _going(preview: Preview) -> Line:
    sums: dict[str, int] = {}
    for item in preview.items:
        sums[item.currency] = sums.get(item.currency, 0) + item.open_minor
    told = listing([money(minor, currency) for currency, minor in sorted(sums.items())])
    name = Piece(pad(preview.payer_name, NAME_WIDTH) + "  ", "text")
    return join(name, amount(told), Piece(" · " + language_word(preview.language), "dim"))


def sample_lines(going: Sequence[Preview], index: int) -> list[Line]:
    """One notice as it will be read."""
    sample = going[index]
    told = _("As {name} will read it · {place} of {count}").format(
        name=sample.payer_name, place=number(index + 1), count=number(len(going))
    )
    where = line(sample.address.replace("\n", ", "), "dim")
    return [line(told, "dim"), where, (), *text_lines(sample)]


def outcome_lines(left_out: Sequence[Preview]) -> list[Line]:
    """Who was left out at the last moment, by name and with the reason."""
    lines = [one for preview in left_out for one in _left_out(preview.payer_name, preview)]
    return lines or [line(_("Nobody else was left out."), "dim")]
