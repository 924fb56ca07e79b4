"""The one table of keys. Bindings, footer, help page, palette and docs/keys.md all come from it.

A key is here only when something answers to it in this version. A screen binds what names it (`bindings_for`), and
every DeskScreen has the keys of "*". Keys of dialogs are few and said in the dialog itself.

Example:
    class DashboardScreen(DeskScreen):
        ID = "dashboard"
        BINDINGS = bindings_for("dashboard")             # its own keys; those of "*" are inherited
        FOOTER = ("open", "pay", "notice", "talk", "find", "mark", "help")
        def action_sort(self) -> None: ...               # the method that the table's `action` names
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

from duesdesk.i18n import _
from duesdesk.messages import N_

EVERYWHERE = "*"


class KeySpec(NamedTuple):
    """One key (or a run of keys, such as 1 to 6) and what it does.

    `keys` are Textual's names, `shown` is what stands on them, `label` one or two words for the footer, `help` a
    sentence. `screens` are ids of screens, or "*" for all. `action` is the method action_… of the screen; `%s` in it
    takes the key. `act` is the name in `domain.roles` that the role must be allowed, `member` whether it needs a
    selected person.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    label: str
    help: str
    screens: tuple[str, ...]
    action: str
    act: str = ""
    member: bool = False


_LISTS = ("dashboard", "crm_daily")
_TABS = ("dashboard", "calendar", "forecast", "early_signs")

KEYS: tuple[KeySpec, ...] = (
    KeySpec("help", ("question_mark", "f1"), "?", N_("all keys"), N_("Show all keys of this screen."), ("*",), "help"),
    KeySpec("find", ("slash", "f2"), "/", N_("find"), N_("Find a member by name, number or card."), ("*",), "find"),
    KeySpec("dashboard", ("f3",), "F3", N_("Dashboard"), N_("Go to the Dashboard."), ("*",), "goto('dashboard')"),
    KeySpec("crm_daily", ("f4",), "F4", N_("CRM Daily"), N_("Go to who comes today."), ("*",), "goto('crm_daily')"),
    KeySpec("notices", ("f5",), "F5", N_("Notices"), N_("Go to the notices written."), ("*",), "goto('notices')"),
    KeySpec("rule", ("f6",), "F6", N_("Rule"), N_("Go to the collection rule."), ("*",), "goto('rule')"),
    KeySpec("settings", ("f10",), "F10", N_("Settings"), N_("Go to the settings."), ("*",), "goto('settings')"),
    KeySpec("palette", ("ctrl+p",), "Ctrl+P", N_("palette"), N_("Choose any action by its name."), ("*",), "palette"),
    KeySpec("back", ("escape",), "Esc", N_("back"), N_("Go back to where you were."), ("*",), "back"),
    KeySpec("quit", ("ctrl+q",), "Ctrl+Q", N_("leave"), N_("Leave duesdesk."), ("*",), "leave"),
    KeySpec("privacy", ("v",), "v", N_("hide amounts"), N_("Hide or show all amounts of money."), ("*",), "privacy"),
    KeySpec("open", ("enter",), "Enter", N_("open"), N_("Open the Member File of the selected person."),
            (*_LISTS, "early_signs"), "open", member=True),
    KeySpec("pay", ("p", "f9"), "p", N_("pay"), N_("Take a payment from the selected person."), ("*",), "act('pay')",
            act="pay", member=True),
    KeySpec("notice", ("n",), "n", N_("notice"), N_("Write a notice to the selected person."), ("*",), "act('notice')",
            act="notice", member=True),
    KeySpec("to_many", ("N",), "N", N_("to many"), N_("Write a notice to all who are marked, or to the whole list."),
            ("dashboard", "notices"), "act('notice_many')", act="notice.many"),
    KeySpec("talk", ("t",), "t", N_("talk"), N_("Note what the selected person said."), ("*",), "act('talk')",
            act="talk", member=True),
    KeySpec("promise", ("y",), "y", N_("promise"), N_("Note a promise to pay by a day."), ("*",), "act('promise')",
            act="promise", member=True),
    KeySpec("undo", ("u",), "u", N_("undo"), N_("Take back the last act, while that is possible."), ("*",),
            "act('undo')", act="undo"),
    KeySpec("check_in", ("space",), N_("Space"), N_("check in"), N_("Check the selected person in."), ("crm_daily",),
            "check_in", act="checkin", member=True),
    KeySpec("mark", ("space",), N_("Space"), N_("mark"), N_("Mark the selected row."), ("dashboard", "notices"), "mark",
            member=True),
    KeySpec("day", ("left_square_bracket", "right_square_bracket"), "[ ]", N_("day"), N_("Go a day back or on."),
            ("crm_daily",), "day('%s')"),
    KeySpec("today", ("full_stop",), ".", N_("today"), N_("Go to today."), ("crm_daily", "calendar"), "today"),
    KeySpec("month", ("left_square_bracket", "right_square_bracket", "pageup", "pagedown"), "[ ]", N_("month"),
            N_("Go a month back or on; page up and down do it too."), ("calendar",), "month('%s')"),
    KeySpec("day_open", ("enter",), "Enter", N_("open"),
            N_("List what stands on the day; open the Member File of a row."), ("calendar",), "open_row"),
    KeySpec("mode", ("m",), "m", N_("mode"), N_("Show a day, a week or a month."), ("crm_daily",), "mode"),
    KeySpec("tasks", ("tab",), "Tab", N_("tasks"), N_("Go to the tasks, and back to who comes."), ("crm_daily",),
            "tasks"),
    KeySpec("task_done", ("x",), "x", N_("done"), N_("The task is done: note what came of it."), ("crm_daily",),
            "task_done", act="task", member=True),
    KeySpec("task_take", ("o",), "o", N_("take over"),
            N_("Take the task over; once more gives it to somebody, or to another day."), ("crm_daily",), "task_take",
            act="task", member=True),
    KeySpec("section", ("1", "2", "3", "4", "5", "6"), "1-6", N_("section"), N_("Show one section of the list."),
            ("crm_daily", "texts"), "section(%s)"),
    KeySpec("outbox", ("1", "2", "3", "4", "5", "6", "7", "8"), "1-8", N_("state"),
            N_("Show the notices of one state."), ("notices",), "section(%s)"),
    KeySpec("list", ("1", "2", "3", "4", "5", "6", "7"), "1-7", N_("list"), N_("Show one of the lists."),
            ("member_file",), "section(%s)"),
    KeySpec("tile", ("left", "right"), "← →", N_("figure"), N_("Go to the next figure and the list behind it."),
            ("dashboard",), "tile('%s')"),
    KeySpec("currency", ("c",), "c", N_("currency"), N_("Show the figures in the next currency."), _TABS, "currency"),
    KeySpec("next_tab", ("tab", "shift+tab"), "Tab", N_("next tab"), N_("Go to the next tab; Shift goes back."),
            _TABS, "next_tab('%s')"),
    KeySpec("week_open", ("enter",), "Enter", N_("open"),
            N_("List the invoices behind the week; open the Member File of a row."), ("forecast",), "open_row"),
    KeySpec("sort", ("s",), "s", N_("sort"), N_("Sort the list by the next column."), _LISTS, "sort"),
    KeySpec("filter", ("f",), "f", N_("filter"), N_("Filter the list."), ("dashboard",), "filter"),
    KeySpec("detail", ("enter",), "Enter", N_("details"), N_("Show all about the selected row."), ("member_file",),
            "detail"),
    KeySpec("edit", ("e",), "e", N_("edit"), N_("Change name, address, card, payer and so on."), ("member_file",),
            "edit", act="member.edit", member=True),
    KeySpec("reach", ("r",), "r", N_("channels"), N_("Show how they can be reached; keep a yes or a stop."),
            ("member_file",), "reach", act="consent", member=True),
    KeySpec("issue", ("i",), "i", N_("invoice"), N_("Issue an invoice."), ("member_file",), "issue",
            act="invoice.issue", member=True),
    KeySpec("membership", ("m",), "m", N_("membership"), N_("A new membership; another price or name, freeze, end."),
            ("member_file",), "membership", act="membership.add", member=True),
    KeySpec("take_back", ("x",), "x", N_("void, reverse"), N_("Void the selected invoice, or reverse the payment."),
            ("member_file",), "take_back", member=True),
    KeySpec("lower", ("w",), "w", N_("lower"), N_("Lower the invoice: credit note, waiver or write-off."),
            ("member_file",), "lower", member=True),
    KeySpec("note", ("o",), "o", N_("note"), N_("Add a note about the member."), ("member_file",), "note",
            act="note", member=True),
    KeySpec("statement", ("s",), "s", N_("statement"), N_("Show and save the statement of account."),
            ("member_file",), "statement", member=True),
    KeySpec("edit_step", ("enter", "e"), "Enter", N_("change"), N_("Change the selected step; it is not in force yet."),
            ("rule",), "edit_step", act="rule.use"),
    KeySpec("add_step", ("plus",), "+", N_("add"), N_("Add a step."), ("rule",), "add_step", act="rule.use"),
    KeySpec("drop_step", ("x",), "x", N_("take out"), N_("Take the selected step out of the rule."), ("rule",),
            "drop_step", act="rule.use"),
    KeySpec("move_step", ("shift+up", "shift+down", "K", "J"), "K J", N_("move"),
            N_("Move the selected step up or down; Shift and an arrow do it too."), ("rule",), "move_step('%s')",
            act="rule.use"),
    KeySpec("rule_head", ("g",), "g", N_("whole rule"), N_("Change smallest sum, gap and confirmations."), ("rule",),
            "rule_head", act="rule.use"),
    KeySpec("rule_text", ("E",), "E", N_("as text"), N_("Write the rule as TOML by hand."), ("rule",), "rule_text"),
    KeySpec("try_rule", ("w",), "w", N_("put in force"),
            N_("Check what was changed, see what differs, then put it in force."), ("rule",), "try_rule",
            act="rule.use"),
    KeySpec("forget_rule", ("ctrl+r",), "Ctrl+R", N_("throw away"),
            N_("Throw away what was changed and is not in force."), ("rule",), "forget_rule", act="rule.use"),
    KeySpec("rehearse", ("R",), "R", N_("rehearse"), N_("Play the next 30 days on the real book."), ("rule",),
            "rehearse"),
    KeySpec("run_rule", ("r",), "r", N_("run"), N_("Run the rule for today, after its counts were shown."),
            ("rule", "dashboard"), "run_rule", act="run"),
    KeySpec("rule_step", ("i",), "i", N_("about"), N_("Read all about the selected step, and what it brought."),
            ("rule",), "about_step"),
    KeySpec("rule_versions", ("h",), "h", N_("earlier"), N_("List the rules that were in force, and take one back."),
            ("rule",), "versions"),
    KeySpec("rule_others", ("o",), "o", N_("others"), N_("List who has another rule or is left out; give one."),
            ("rule",), "others"),
    KeySpec("ahead_view", ("1", "2", "3"), "1 2 3", N_("view"), N_("Show the changes, the steps, or the days."),
            ("ahead",), "view('%s')"),
    KeySpec("ahead_open", ("enter",), "Enter", N_("open"), N_("Open the people of a step, or the person."), ("ahead",),
            "open_row"),
    KeySpec("use_rule", ("w",), "w", N_("put in force"), N_("Put the rule that is tried in force."), ("ahead",),
            "use_rule", act="rule.use"),
    KeySpec("ahead_again", ("R",), "R", N_("rehearse"), N_("Play the days ahead once more."), ("ahead",), "again"),
    KeySpec("other_open", ("enter",), "Enter", N_("open"), N_("Show that rule, or who is left out."), ("rule_others",),
            "open_other"),
    KeySpec("other_give", ("plus",), "+", N_("give"), N_("Give a group, a member or an invoice a rule of its own."),
            ("rule_others",), "give", act="rule.use"),
    KeySpec("other_take", ("x",), "x", N_("take away"), N_("Take the rule of its own away; the wider one holds again."),
            ("rule_others",), "take_away", act="rule.use"),
    KeySpec("read", ("enter",), "Enter", N_("read"), N_("Read the exact text of the selected notice."), ("notices",),
            "read"),
    KeySpec("open_payer", ("o",), "o", N_("file"), N_("Open the Member File of who it goes to."), ("notices",),
            "open_payer", member=True),
    KeySpec("pull_back", ("x",), "x", N_("pull back"),
            N_("Pull the selected or marked notices back before they leave."), ("notices",), "pull_back",
            act="notice.cancel", member=True),
    KeySpec("pull_batch", ("X",), "X", N_("all back"), N_("Pull all back that were written with this one."),
            ("notices",), "pull_batch", act="notice.cancel", member=True),
    KeySpec("again", ("r",), "r", N_("send again"), N_("Send again what failed; decide what became of an unsure one."),
            ("notices",), "again", act="notice", member=True),
    KeySpec("other_way", ("c",), "c", N_("channel"), N_("Send the selected notice by another channel."), ("notices",),
            "other_way", act="notice", member=True),
    KeySpec("send_now", ("s",), "s", N_("now"), N_("Send the selected notice now, whatever is left of its cooling."),
            ("notices",), "send_now", act="send", member=True),
    KeySpec("letters", ("l",), "l", N_("letters"), N_("Print the letters that wait; say that they were posted."),
            ("notices",), "letters", act="notice.print"),
    KeySpec("deliver", ("g",), "g", N_("deliver"), N_("Deliver what is due now; pressed again, it stops."),
            ("notices",), "deliver"),
    KeySpec("stop_all", ("G",), "G", N_("stop all"), N_("Stop all notices on every desk, or let them go again."),
            ("notices",), "stop_all", act="notice.stop"),
    KeySpec("change", ("enter",), "Enter", N_("change"), N_("Change what is selected."), ("settings",), "change"),
    KeySpec("texts", ("ctrl+t",), "Ctrl+T", N_("texts"), N_("Read and change the texts of notices."), ("*",),
            "act('texts')"),
    KeySpec("language", ("left", "right"), "← →", N_("language"), N_("Show the texts in the next language."),
            ("texts",), "language('%s')"),
    KeySpec("write_text", ("enter",), "Enter", N_("change"), N_("Change the selected text."), ("texts",), "write",
            act="template"),
    KeySpec("give_back", ("x",), "x", N_("shipped text"), N_("Take the shipped text again."), ("texts",), "give_back",
            act="template"),
    KeySpec("next_member", ("m",), "m", N_("next member"), N_("Try the text on the next member."), ("texts",),
            "next_member"),
    KeySpec("save_text", ("ctrl+s",), "Ctrl+S", N_("save"), N_("Put the text in force."), ("text_editor",), "save",
            act="template"),
    KeySpec("insert_figure", ("ctrl+o",), "Ctrl+O", N_("insert"), N_("Insert a name, an amount, a list."),
            ("text_editor",), "insert"),
    KeySpec("try_next", ("ctrl+n",), "Ctrl+N", N_("next member"), N_("Try the text on the next member."),
            ("text_editor",), "next_member"),
    KeySpec("shipped_text", ("ctrl+r",), "Ctrl+R", N_("shipped text"), N_("Begin again with the shipped text."),
            ("text_editor",), "shipped"),
    KeySpec("turn", ("pagedown", "pageup"), "PgDn", N_("read on"), N_("Turn the notice that comes of it."),
            ("text_editor",), "turn('%s')"),
    KeySpec("add", ("plus",), "+", N_("add"), N_("Add a member, an invoice, a membership or a note."), ("*",), "add"),
)  # fmt: skip

BY_ID: dict[str, KeySpec] = {spec.id: spec for spec in KEYS}


def all_shown(spec: KeySpec) -> str:
    """Everything that is on the key or keys of a spec, in the language of the screen: "? F1", "p F9", "Space"."""
    also = [key.upper() for key in spec.keys if key[0] == "f" and key[1:].isdigit() and key.upper() != spec.shown]
    return " ".join([_(spec.shown), *also])


def keys_of(screen: str) -> tuple[KeySpec, ...]:
    """All keys of one screen: its own first, then those of every screen."""
    own = tuple(spec for spec in KEYS if screen in spec.screens)
    return own + tuple(spec for spec in KEYS if EVERYWHERE in spec.screens)


def bindings_for(screen: str) -> list[BindingType]:
    """Textual bindings of the keys that name `screen`."""
    return [
        Binding(key, spec.action.replace("%s", key), spec.label, show=False)
        for spec in KEYS
        if screen in spec.screens
        for key in spec.keys
    ]


def for_action(action: str) -> KeySpec | None:
    """The key whose action is `action` ("act('pay')", "sort"); None for others."""
    return next((spec for spec in KEYS if spec.action == action), None)


def page() -> str:
    """docs/keys.md: all keys, those of every screen first, as the program shows them in English."""
    screens = dict.fromkeys(screen for spec in KEYS for screen in spec.screens if screen != EVERYWHERE)
    parts = ["# Keys", "", "Written from `screens/keys.py` by `python -m tools.make_keys`; a test compares.", ""]
    for screen in (EVERYWHERE, *screens):
        parts += [f"## {_title(screen)}", "", "| key | does | what it is for |", "|---|---|---|"]
        parts += [f"| `{all_shown(spec)}` | {spec.label} | {spec.help} |" for spec in KEYS if screen in spec.screens]
        parts.append("")
    parts += [
        "## In lists, fields and dialogs",
        "",
        "| key | does |",
        "|---|---|",
        "| arrows, `j` `k`, page up and down, home, end | move in a list |",
        "| `Tab` | next field or list |",
        "| `Enter` | what the last line of the dialog says |",
        "| `Esc` | close without saving; asks when something was typed |",
        "| `Ctrl+S` | save a form from any of its fields |",
        "| `v` | hide or show amounts, in dialogs too; in a text field it is a letter |",
        "| `Ctrl+W` `Ctrl+U` `Ctrl+K` | delete a word, all before, all behind the cursor |",
        "| `Ctrl+L` | draw the screen anew |",
        "",
        "A card can be read at any moment, on every screen and in every dialog. Four letters or digits and Enter,",
        "faster than a person types, are a card when somebody has that code. When nobody has it, they are an unknown",
        "card, and do nothing, where they read like one (digits only, `M99999`, `4f00a1`) or came one by one at the",
        "pace of a reader; what begins with a key (`yfri`, `p100`) and came in one piece over a slow line is typing.",
        "A dialog in which something was typed or chosen stays, and says so; any other gives way to the card’s member,",
        "is named as closed, and for a moment no letter acts on the person who is shown instead.",
        "",
        "While the store is waited for, keys wait in their order; after a second it is said, and `Esc` stops waiting.",
        "",
    ]
    return "\n".join(parts)


def _title(screen: str) -> str:
    if screen == EVERYWHERE:
        return "On every screen"
    return BY_ID[screen].label if screen in BY_ID else screen.replace("_", " ").capitalize()
