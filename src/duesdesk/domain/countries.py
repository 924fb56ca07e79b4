"""What a country usually means for a new centre: currency, time zone, language. Suggestions, each can be changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usual:
    """What most centres of a country use."""

    currency: str
    timezone: str
    language: str


USUAL: dict[str, Usual] = {
    "AD": Usual("EUR", "Europe/Andorra", "es"),
    "AR": Usual("ARS", "America/Argentina/Buenos_Aires", "es"),
    "AT": Usual("EUR", "Europe/Vienna", "en"),
    "AU": Usual("AUD", "Australia/Sydney", "en"),
    "BE": Usual("EUR", "Europe/Brussels", "en"),
    "BR": Usual("BRL", "America/Sao_Paulo", "pt"),
    "CA": Usual("CAD", "America/Toronto", "en"),
    "CH": Usual("CHF", "Europe/Zurich", "it"),
    "CL": Usual("CLP", "America/Santiago", "es"),
    "CO": Usual("COP", "America/Bogota", "es"),
    "DE": Usual("EUR", "Europe/Berlin", "en"),
    "ES": Usual("EUR", "Europe/Madrid", "es"),
    "FR": Usual("EUR", "Europe/Paris", "en"),
    "GB": Usual("GBP", "Europe/London", "en"),
    "IE": Usual("EUR", "Europe/Dublin", "en"),
    "IT": Usual("EUR", "Europe/Rome", "it"),
    "JP": Usual("JPY", "Asia/Tokyo", "en"),
    "MD": Usual("MDL", "Europe/Chisinau", "ro"),
    "MX": Usual("MXN", "America/Mexico_City", "es"),
    "NL": Usual("EUR", "Europe/Amsterdam", "en"),
    "NZ": Usual("NZD", "Pacific/Auckland", "en"),
    "PE": Usual("PEN", "America/Lima", "es"),
    "PL": Usual("PLN", "Europe/Warsaw", "en"),
    "PT": Usual("EUR", "Europe/Lisbon", "pt"),
    "RO": Usual("RON", "Europe/Bucharest", "ro"),
    "TN": Usual("TND", "Africa/Tunis", "en"),
    "US": Usual("USD", "America/New_York", "en"),
    "UY": Usual("UYU", "America/Montevideo", "es"),
}
UNKNOWN = Usual("EUR", "UTC", "en")


def usual(country: str) -> Usual:
    """What to suggest for a country; something harmless for one that is not listed."""
    return USUAL.get(country.strip().upper(), UNKNOWN)
