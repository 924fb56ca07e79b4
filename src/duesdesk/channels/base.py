"""What every channel takes and answers. A channel hands over one message to one person, and says how far it came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

State = Literal["sent", "unsure", "failed", "retry"]
"""How a delivery ended.

sent: taken over by the other side · unsure: it may have been, nobody can tell, so never send it again by itself ·
failed: refused for good · retry: not taken over, and it may be tried again later.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """One notice, ready to leave. `message_id` is fixed before the first try and stays the same in every later one."""

    recipient: str
    """The address of the one person it goes to."""
    sender: str
    subject: str
    body: str
    """Plain text; lines end in newlines."""
    message_id: str
    """Globally unique, in angle brackets: see `mail.message_id`."""
    written_at: datetime
    """Aware; the date the reader sees."""
    reply_to: str = ""
    language: str = "en"
    recipient_name: str = ""
    sender_name: str = ""
    document: bytes = b""
    """The notice as a PDF, for a channel that carries paper (fax)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message. `code` is for programs ('smtp-rcpt-550'), `detail` is what the other side said."""

    state: State
    code: str
    detail: str = ""
    hard_bounce: bool = False
    """The address itself is dead: nothing more goes to it until it is corrected."""
    channel_down: bool = False
    """The trouble is ours or the server's, not the recipient's: the next message would meet it, too."""
    in_doubt: bool = False
    """Of a hard bounce: the words may mean us as well as the address."""


class Channel(Protocol):
    """A way to reach people."""

    @property
    def name(self) -> str:
        """What its receipts and logs call it."""
        ...

    def deliver(self, message: Message) -> Receipt:
        """Hand over `message`. Whatever goes wrong is in the receipt; nothing is raised."""
        ...
