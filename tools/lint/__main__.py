"""Run all rules over a package: `python -m tools.lint src/duesdesk`. Exit 1 with a finding, 0 without."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.lint import hygiene, sql, text
from tools.lint.source import Finding, Source

RULES = frozenset({"text", "sql", "float", "except", "clock", "env"})


def check(sources: Iterable[Source]) -> list[Finding]:
    """Every finding in `sources` that is not excused, in order."""
    every = list(sources)
    found: list[Finding] = []
    statements = list(sql.SqlRule(every).check())
    for source in every:
        findings = [
            *text.check(source),
            *(finding for finding in statements if finding.path == source.path),
            *hygiene.no_fractions(source),
            *hygiene.narrow_handlers(source),
            *hygiene.one_clock(source),
            *hygiene.one_reader_of_the_environment(source),
        ]
        found += _without_excused(source, findings)
    return sorted(set(found))


def _without_excused(source: Source, findings: list[Finding]) -> Iterator[Finding]:
    used = set()
    for finding in findings:
        rule, reason = source.excuses.get(finding.line, ("", ""))
        if rule == finding.rule:
            used.add(finding.line)
            if not reason:
                yield Finding(
                    finding.path, finding.line, finding.rule, "an excuse says why: # lint-ok: RULE because ..."
                )
            continue
        yield finding
    for line in source.excuses.keys() - used:
        yield Finding(source.path, line, "excuse", "nothing to excuse here: take the comment out")


def sources_of(package: Path) -> list[Source]:
    """All modules below `package`."""
    return [Source.read(file, package) for file in sorted(package.rglob("*.py"))]


def main(arguments: list[str]) -> int:
    """Print the findings of the packages named; 1 when there are any."""
    found = [finding for name in arguments for finding in check(sources_of(Path(name)))]
    for finding in found:
        print(finding)
    print(f"house lint: {len(found)} finding(s)", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["src/duesdesk"]))
