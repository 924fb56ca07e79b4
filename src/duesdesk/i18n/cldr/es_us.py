"""CLDR's numbers and dates for es_US, made by duesdesk.i18n.compile_cldr."""

from __future__ import annotations

from duesdesk.i18n.cldr import Table

TABLE = Table(
    locale="es_US",
    decimal=".",
    group=",",
    money=("¤", ""),
    money_negative=("-¤", ""),
    symbols={"ESP": "₧", "JPY": "¥", "USD": "$", "XCG": "Cg.", "XPF": "CFPF"},
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    months_short=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    days_short=("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    ampm=("a.m.", "p.m."),
    day_month="{day} {mon}",
    day_year="{day} {mon} {year}",
    short_day="{wd}, {day} de {mon}",
    long_day="{weekday}, {day} de {month_name}",
    month_year="{month_name} de {year}",
    time="{hour12}:{minute2}\u202f{ampm}",
    day_first=True,
    relative=("ayer", "hoy", "mañana"),
    list_two="{0} y {1}",
    list_middle="{0}, {1}",
    list_end="{0} y {1}",
)
