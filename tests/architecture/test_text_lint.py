"""The lint against outside text in widgets: each way in that is known goes red, each right way stays green."""

from __future__ import annotations

import pytest

from tools.lint.__main__ import check
from tools.lint.source import Source

HEAD = """
from rich.text import Text
from textual.app import App
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Collapsible, Label, OptionList, Static, Tab, TabPane
from textual.widgets.option_list import Option
from duesdesk.i18n import _, ngettext
from duesdesk.screens import text
from duesdesk.screens.text import drawn, say
TITLE = "Unpaid"
"""


def findings(code: str, path: str = "screens/planted.py") -> list[str]:
    return [found.message for found in check([Source(path, HEAD + code)]) if found.rule == "text"]


@pytest.mark.parametrize(
    "code",
    [
        "def show(member): return Static(member.name, markup=False)",
        "def show(name): return Label(f'Owes: {name}', markup=False)",
        "def show(name): return Label('Owes: ' + name, markup=False)",
        "def show(name): return Label('Owes: %s' % name, markup=False)",
        "def show(name): return Label(_('Owes {name}').format(name=name), markup=False)",
        "def show(name): return Button(name)",
        "def show(name): return Button(label=name)",
        "def show(name): return Option(name)",
        "def show(names): return OptionList(*names, markup=False)",
        "def show(name): return Tab(name)",
        "def show(name): return TabPane(name, Vertical())",
        "def show(name): return Collapsible(Vertical(), title=name)",
        "def show(self, name): self.notify(name, markup=False)",
        "def show(self, name): self.app.notify(_('Saved'), title=name, markup=False)",
        "def show(table, row): table.add_row(row.number, row.name)",
        "def show(table, name): table.add_column(name)",
        "def show(list, name): list.add_option(name)",
        "def show(list, names): list.add_options([name for name in names])",
        "def show(line, name): line.update(name)",
        "def show(line, name):\n    shown = name\n    line.update(shown)",
        "def show(line, names):\n    for name in names:\n        line.update(name)",
        "def show(line, name):\n    shown = 'a'\n    shown += name\n    line.update(shown)",
        "def show(line):\n    with open('x') as name:\n        line.update(name)",
        "def show(line, name): line.border_title = name",
        "def show(line, name): line.border_subtitle = name.upper()",
        "def show(line, name): line.tooltip = name if name else 'nobody'",
        "class Desk(App):\n    def show(self, name): self.sub_title = name",
        "class Desk(App):\n    def show(self, name): self.title = name",
        "def show(self, name): self.app.title = name",
        "class Row(Static):\n    def __init__(self, name): super().__init__(name, markup=False)",
        "class Row(Static):\n    pass\ndef show(name): return Row(name, markup=False)",
        "class Row(Static):\n    def render(self): return self.member_name",
        "class Row(Static):\n    def render(self) -> str: return 'fixed'",
        "def show(name): return Content(name)",
        "def show(name): return Text(name)",
        "def show(name): return Content.from_markup(f'[b]{name}[/b]')",
        "def show(name): return Content.from_markup('[b]$name[/b]', name=name)",
        "def show(name): return Text.from_ansi(name)",
        "from rich.markup import escape",
        "from textual.markup import escape",
    ],
)
def test_data_on_its_way_to_a_widget_is_found(code: str) -> None:
    assert findings(code), code


@pytest.mark.parametrize(
    "code",
    ["Static('Unpaid')", "Label(_('Unpaid'))", "Static()", "app.notify(_('Saved'))", "Static('x', markup=True)"],
)
def test_a_text_of_our_own_still_says_markup_false(code: str) -> None:
    assert findings(code), code


@pytest.mark.parametrize(
    "code",
    [
        "Static('Unpaid', markup=False)",
        "Label(_('Unpaid'), markup=False)",
        "Static(TITLE + ': ' + _('none'), markup=False)",
        "def show(n): return Label(ngettext('one', 'many', n), markup=False)",
        "def show(width): return Static('─' * width, markup=False)",
        "def show(self): self.notify(_('Saved'), title=_('Payment'), markup=False)",
        "def show(self, name): say(self.app, name, 'warning')",
        "def show(name): return Static(drawn(name))",
        "def show(name): return Option(text.drawn(name))",
        "def show(name):\n    line = drawn(name)\n    return Label(line)",
        "def show(line, content: Content | None): line.update(content)",
        "class Row(Static):\n    line: Content\n    def show(self): self.update(self.line)",
        "class Row(Static):\n    def render(self) -> Content: return drawn(self.name)",
        "def show(seen, rows): seen |= {row.key: row for row in rows}",
        "def show(seen, rows): seen.update({row.key: row for row in rows})",
        "def show(*panes): return Collapsible(*panes, title=_('More'))",
        "def show(pane): return TabPane(_('More'), pane)",
        "def show(on): return Button(_('Yes') if on else _('No'))",
        "class Row(Static):\n    def __init__(self, **rest): super().__init__(**rest)",
        "Content.styled('▸', 'bold')",
    ],
)
def test_the_right_ways_are_let_through(code: str) -> None:
    assert findings(code) == []


def test_widgets_of_our_own_with_a_name_of_textuals_are_not_mixed_up() -> None:
    code = "from duesdesk.screens.widgets.tabs import Tabs\ndef show(titles): return Tabs(titles)"
    assert findings(code) == []


def test_only_the_floors_with_a_screen_are_looked_at() -> None:
    code = "def show(name): return Label(name)"
    assert findings(code, "app.py")
    assert findings(code, "screens/dashboard/screen.py")
    assert not findings(code, "services/members.py")


def test_the_drawing_module_may_make_content_but_not_read_markup() -> None:
    assert not findings("def drawn(value): return Content(value)", "screens/text.py")
    assert findings("def drawn(value): return Content.from_markup(value)", "screens/text.py")


def test_an_excuse_needs_its_rule_and_a_reason() -> None:
    code = "def show(line, name): line.update(name)  # lint-ok: {}"
    assert not check([Source("screens/planted.py", HEAD + code.format("text because the name is ours"))])
    assert check([Source("screens/planted.py", HEAD + code.format("text"))])
    assert check([Source("screens/planted.py", HEAD + code.format("sql because the name is ours"))])


def test_an_excuse_for_nothing_is_found() -> None:
    assert [found.rule for found in check([Source("app.py", "x = 1  # lint-ok: text because it was")])] == ["excuse"]
