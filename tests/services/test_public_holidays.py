"""Public holidays are those of the library, whatever of it is loaded."""

from __future__ import annotations

import subprocess
import sys

_ASKED = """
import sys
from datetime import date, timedelta
from duesdesk.services.collection.houses import holidays_of
days = [date(2026, 1, 1) + timedelta(number) for number in range(730)]
ours = {country: [day for day in days if holidays_of(country)(day)] for country in "ES IT RO PT BR GB US XX".split()}
loaded = sum(name.startswith("holidays.countries.") for name in sys.modules)
del sys.modules["holidays.countries"]
import holidays.countries as all_of_them
for country, found in ours.items():
    whole = getattr(all_of_them, country, None)
    calendar = whole(years=(2026, 2027)) if whole else {}
    print(country, len(found), found == [day for day in days if day in calendar])
print(loaded < 30)
"""


def test_the_holidays_of_a_country_are_those_of_the_library_and_the_others_are_not_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", _ASKED], capture_output=True, text=True, check=True)
    *countries, few = done.stdout.splitlines()
    assert few == "True"
    assert len(countries) == 8
    assert all(line.endswith("True") for line in countries)
    assert countries[-1] == "XX 0 True"
