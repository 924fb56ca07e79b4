"""Fax: the letter's PDF by a mail-to-fax service, or by HylaFAX's program `sendfax`."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from duesdesk.channels.base import Channel, Message, Receipt
from duesdesk.domain.text import clean_text

PROGRAM = "sendfax"
PROGRAM_SECONDS = 120
_NUMBER = re.compile(r"\+[0-9]{6,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByMail:
    """A service that faxes what is mailed to NUMBER@`domain`. Whom it knows as its customer is the sender's address."""

    mail: Channel
    domain: str
    sender: str
    name: str = "fax"

    def deliver(self, message: Message) -> Receipt:
        """Mail the PDF. A hard bounce of the service's address says nothing about the member's number."""
        if not _NUMBER.fullmatch(message.recipient):
            return Receipt("failed", "fax-number-invalid", message.recipient, hard_bounce=True)
        if not message.document:
            return Receipt("failed", "fax-document-missing")
        address = f"{message.recipient.removeprefix('+')}@{self.domain}"
        # The text is on the paper; what stands in the mail some services print on a page of its own.
        mail = replace(message, recipient=address, recipient_name="", sender=self.sender, body=message.subject)
        receipt = self.mail.deliver(mail)
        return replace(receipt, hard_bounce=False)


@dataclass(frozen=True, slots=True)
class Program:
    """`sendfax`, which hands the fax to a HylaFAX server: it is in that server's queue once the program ends well."""

    name: str = "fax"
    program: str = PROGRAM
    seconds: float = PROGRAM_SECONDS

    def deliver(self, message: Message) -> Receipt:
        """Run the program with the number and the PDF as arguments of their own; no shell reads them."""
        if not _NUMBER.fullmatch(message.recipient):
            return Receipt("failed", "fax-number-invalid", message.recipient, hard_bounce=True)
        if not message.document:
            return Receipt("failed", "fax-document-missing")
        with tempfile.TemporaryDirectory(prefix="duesdesk-fax-") as folder:
            paper = Path(folder) / "notice.pdf"
            paper.write_bytes(message.document)
            return self._run([self.program, "-n", "-d", message.recipient, str(paper)])

    def _run(self, words: list[str]) -> Receipt:
        try:
            done = subprocess.run(  # noqa: S603  # fixed words, a checked number and our own file
                words, stdin=subprocess.DEVNULL, capture_output=True, timeout=self.seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return Receipt("unsure", "fax-no-answer")
        except OSError as error:
            return Receipt("failed", "fax-no-program", clean_text(str(error)), channel_down=True)
        told = clean_text((done.stderr or done.stdout).decode("utf-8", "replace"))
        if done.returncode == 0:
            return Receipt("sent", "fax-queued", told)
        if done.returncode < 0:
            return Receipt("unsure", "fax-no-answer", told)
        # It ends with an error before anything is in the server's queue.
        return Receipt("retry", f"fax-program-{done.returncode}", told, channel_down=True)
