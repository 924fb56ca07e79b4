"""A template that staff wrote is data: it sees the values it may speak of, ends soon, and reads nothing else."""

from __future__ import annotations

import time
from itertools import product

import pytest

from duesdesk.documents import notice_templates
from duesdesk.documents.notice_templates import WHOLE
from duesdesk.domain.errors import BadInput
from duesdesk.services.notice_values import values_of
from tests.notices.telling import MANY, TODAY, house

_LOOP = "{% for a in items %}"
_END = "{% endfor %}"
# What reaches for more than it may: names, attributes, other files, tags and filters that are not there.
_REACHING = [
    "{{ name.__class__ }}", "{{ name.__class__.__mro__ }}", "{{ items.__init__ }}", "{{ items[0].__globals__ }}",
    "{{ secret }}", "{{ centre.secret }}", "{{ config.key }}", "{{ self }}", "{{ items.first.foo }}",
    "{% include 'secrets' %}", "{% include '../../../etc/passwd' %}", "{% render 'x' %}", "{% import os %}",
    "{% extends 'x' %}", "{% layout 'x' %}", "{% block x %}{% endblock %}",
    "{% liquid\nassign x = 1 %}", "{% capture x %}y{% endcapture %}", "{% tablerow a in items %}{% endtablerow %}",
    "{% cycle 'a', 'b' %}", "{% increment x %}", "{% decrement x %}", "{% echo name %}", "{% doc %}x{% enddoc %}",
    "{% ifchanged %}x{% endifchanged %}", "{% macro x %}{% endmacro %}", "{% with x %}{% endwith %}",
    "{{ name | append: name }}", "{{ 9 | times: 999999999999 }}", "{{ name | replace: 'a', 'b' }}",
    "{{ 'YQ==' | base64_decode }}", "{{ name | url_decode }}", "{{ name | escapejs }}", "{{ 'now' | date: '%s' }}",
    "{{ name | split: '' }}", "{{ items | map: 'number' }}", "{{ items | where: 'open', '1' }}", "{{ name | safe }}",
    "{{ items | concat: items }}", "{{ items | sort: 'open' }}", "{{ name | truncate: 9 }}", "{{ name | nothing }}",
    "{{ 1 | divided_by: 0 }}", "{{ 1 | modulo: 0 }}", "{{ items | sum: 'days' }}", "{{ name | slice: 0, 99 }}",
]  # fmt: skip
# What would not end, or grow without end.
_GROWING = [
    "{% for a in (1..100000000) %}x{% endfor %}", "{% for a in (1..name) %}x{% endfor %}", "{{ (1..9999999999) }}",
    "{% for a in (1..9999999999) reversed %}x{% endfor %}", "{% assign x = (1..9999999999) %}{{ x | join: ',' }}",
    "{% for a in(1..9) limit: 999999999 %}x{% endfor %}",
    _LOOP * 3 + "x" + _END * 3, _LOOP * 9 + "x" + _END * 9, _LOOP + "y" * 3000 + _END,
    "{{ list }}{{ list }}{{ list }}{{ list }}{{ list }}" * 3, "{{ items }}" * 300, "x{{ name }}" * 330 * 2,
    "{% if name %}" * 307, "{%if name%}" * 190 + "{%endif%}" * 190, "{{ " + "name" + ".size" * 700 + " }}",
    "{% assign x = name %}" + "{% assign x = x | append: x %}" * 40 + "{{ x }}",
    "{{ name " + "| strip " * 450 + "}}", "{{ " * 1300, "{% " * 1300, "}}" * 1900, "{% comment %}" * 300,
    "{% case name %}" + "{% when 'a' %}" * 280, "{% if " + "name or " * 480 + "name %}x{% endif %}",
    "{% if " + "(" * 1500 + "name" + ")" * 1500 + " %}x{% endif %}", "{{ items" + "[0]" * 1200 + " }}",
    "{{ '" + "a" * 3990, "x" * 4001, "{% for a in items %}{{ forloop.parentloop.parentloop.parentloop.x }}{% endfor %}",
]  # fmt: skip
HOSTILE = [
    *(f"Subject: x\n\n{text}" for text in (*_REACHING, *_GROWING)),
    *(f"Subject: {text}\n\nx" for text in _REACHING),
    *(f"Subject: x\n\n{_LOOP}{text}{_END}" for text in _REACHING),
    *(f"Subject: x\n\n{{% if credit == 'never' %}}{text}{{% endif %}}" for text in _REACHING),
    "", "x", "subject: x\n\nx", " Subject: x\n\nx", "Subject", "\nSubject: x\n\nx",
]  # fmt: skip


def test_there_are_two_hundred_hostile_templates() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("at", range(0, len(HOSTILE), 50))
def test_a_hostile_template_is_refused_when_saved_or_ends_within_its_limits(at: int) -> None:
    values = values_of(MANY, house("ES"), "es", WHOLE, TODAY)
    for hostile in HOSTILE[at : at + 50]:
        began = time.process_time()
        refused = 0
        for work in (lambda: notice_templates.check(hostile), lambda: notice_templates.render(hostile, values)):  # noqa: B023  # called at once
            try:
                made = work()
            except BadInput:
                refused += 1
                continue
            if made is not None:
                assert len(made.body.encode()) <= notice_templates.LONGEST_OUTPUT
        assert time.process_time() - began < 0.25, hostile[:80]
        reaches = any(text in hostile for text in _REACHING)
        assert refused or not reaches, hostile[:80]


@pytest.mark.parametrize("reaching", _REACHING)
def test_what_reaches_for_more_than_it_may_is_refused_when_saved_wherever_it_stands(reaching: str) -> None:
    for before, behind in (("", ""), (_LOOP, _END), ("{% if credit == 'never' %}", "{% endif %}")):
        with pytest.raises(BadInput):
            notice_templates.check(f"Subject: x\n\n{before}{reaching}{behind}")


def test_loops_within_loops_are_counted_together_even_when_they_write_nothing() -> None:
    values = values_of(MANY, house("ES"), "es", WHOLE, TODAY)
    quiet = "Subject: x\n\n" + _LOOP * 3 + "{% assign x = 1 %}" + _END * 3
    with pytest.raises(BadInput):
        notice_templates.render(quiet, values)
    notice_templates.render(quiet.replace(_LOOP * 3, _LOOP).replace(_END * 3, _END), values)


def test_a_value_is_never_read_as_a_template() -> None:
    values = values_of(MANY, house("ES"), "es", WHOLE, TODAY) | {
        "name": "{{ centre }}{% for a in items %}x{% endfor %}"
    }
    told = notice_templates.render("Subject: {{ name }}\n\n{{ name }}", values)
    assert told.subject == told.body == values["name"]


def test_the_usual_words_of_a_template_are_not_refused() -> None:
    for tag, name in product(("if", "unless"), sorted(notice_templates.VARIABLES)):
        notice_templates.check(f"Subject: x\n\n{{% {tag} {name} != '' %}}{{{{ {name} | strip }}}}{{% end{tag} %}}")
    notice_templates.check(
        "Subject: x\n\n{% for item in items limit: 3 %}{{ forloop.index }} {{ item.open }}{% endfor %}"
    )
    notice_templates.check("Subject: x\n\n{% assign sum = total %}{{ sum }}{% comment %}why{% endcomment %}")
