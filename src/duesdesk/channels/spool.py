"""E-mail that is written into a folder instead of sent: one .eml file a notice, until a mail server is set up."""

from __future__ import annotations

import os
from pathlib import Path

from duesdesk.channels.base import Message, Receipt
from duesdesk.channels.mail import build
from duesdesk.domain.errors import BadInput
from duesdesk.domain.text import clean_text

FILE_MODE = 0o600
FOLDER_MODE = 0o700


class Spool:
    """Writes notices into `folder`, which is made, for its owner alone, when the first one is written."""

    name = "spool"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, message: Message) -> Receipt:
        """Write the notice; the receipt's detail is the path. The same notice again leaves the one file there is."""
        try:
            mail = build(message)
        except BadInput as error:
            return unfit(error, message)
        path = self.folder / file_name(message.message_id)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
            _write_once(path, mail.content)
        except OSError as error:
            return Receipt("retry", "spool-unwritable", clean_text(f"{path}: {error.strerror}"), channel_down=True)
        return Receipt("sent", "spooled", str(path))


def unfit(error: BadInput, message: Message) -> Receipt:
    """The receipt of a message that cannot be made into an e-mail. A wrong recipient is a dead address."""
    wrong = error.facts.get("value", "")
    return Receipt(
        "failed",
        error.code,
        clean_text(str(wrong)),
        hard_bounce=error.code == "mail-address-invalid" and wrong == message.recipient,
        channel_down=error.code == "mail-address-invalid" and wrong != message.recipient,
    )


def file_name(message_id: str) -> str:
    """A safe file name made of a message id ('<n12.duesdesk@gym.example>' gives 'n12.eml')."""
    token = message_id.strip("<>").partition("@")[0].removesuffix(".duesdesk")
    return "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in token) + ".eml"


def _write_once(path: Path, content: bytes) -> None:
    """All of it or nothing is to be seen under `path`, also after a crash; an existing file stays."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "wb", opener=_owner_only) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, FILE_MODE)
