"""CLDR's numbers and dates for ro, made by duesdesk.i18n.compile_cldr."""

from __future__ import annotations

from duesdesk.i18n.cldr import Table

TABLE = Table(
    locale="ro_RO",
    decimal=",",
    group=".",
    money=("", "\u00a0¤"),
    money_negative=("-", "\u00a0¤"),
    symbols={"XAF": "FCFA", "XOF": "F\u202fCFA", "XPF": "CFPF"},
    months=(
        "ianuarie",
        "februarie",
        "martie",
        "aprilie",
        "mai",
        "iunie",
        "iulie",
        "august",
        "septembrie",
        "octombrie",
        "noiembrie",
        "decembrie",
    ),
    months_short=("ian.", "feb.", "mar.", "apr.", "mai", "iun.", "iul.", "aug.", "sept.", "oct.", "nov.", "dec."),
    days=("luni", "marți", "miercuri", "joi", "vineri", "sâmbătă", "duminică"),
    days_short=("lun.", "mar.", "mie.", "joi", "vin.", "sâm.", "dum."),
    ampm=("a.m.", "p.m."),
    day_month="{day} {mon}",
    day_year="{day} {mon} {year}",
    short_day="{wd}, {day} {mon}",
    long_day="{weekday}, {day} {month_name}",
    month_year="{month_name} {year}",
    time="{hour2}:{minute2}",
    day_first=True,
    relative=("ieri", "azi", "mâine"),
    list_two="{0} și {1}",
    list_middle="{0}, {1}",
    list_end="{0} și {1}",
)
