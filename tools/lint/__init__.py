"""The house's own lint: what ruff and mypy cannot know. `python -m tools.lint src/duesdesk`.

Rules: `text` outside text never reaches a widget as bare str · `sql` statements are put together from constants only ·
`float` no fractions in money modules · `except` broad handlers only at the boundaries · `clock` one place asks the
time · `env` one place reads the environment. A line is excused by `# lint-ok: RULE because REASON`.
"""
