"""Build hook: the message catalogues are compiled, and the data folder goes into the wheel.

git keeps only the .po files; a wheel and an editable install both need the .mo files beside them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUES = "src/duesdesk/locales/*/LC_MESSAGES/*.po"


def compile_catalogues(root: Path) -> list[Path]:
    """Write the .mo file beside every .po file below `root`; the written paths.

    Fuzzy (unconfirmed) translations are left out, so the English text shows instead. Raises SystemExit with the
    place when a catalogue cannot be read.
    """
    written = []
    for source in sorted(root.glob(CATALOGUES)):
        with source.open("rb") as lines:
            try:
                catalogue = read_po(lines, locale=source.parts[-3], domain=source.stem, abort_invalid=True)
            except PoFileError as error:
                raise SystemExit(f"{source}: {error}") from error
        target = source.with_suffix(".mo")
        with target.open("wb") as compiled:
            write_mo(compiled, catalogue)
        written.append(target)
    return written


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own examples leave it open
    """Run by hatchling before a wheel or an editable install is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and put data/ into a standard wheel (`version` is "standard" or "editable")."""
        root = Path(self.root)
        compile_catalogues(root)
        if version == "standard" and (root / "data").is_dir():
            build_data["force_include"]["data"] = "duesdesk/data"


if __name__ == "__main__":
    for path in compile_catalogues(Path(__file__).parent):
        print(path)
