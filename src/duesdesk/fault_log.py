"""Where an error nobody expected is written down, for whoever repairs it: the trace, and no value of a variable."""

from __future__ import annotations

from pathlib import Path

_LOG_BYTES = 1_000_000


def write_log(log_file: Path | None, error: BaseException) -> str:
    """Append the error with its trace (no values of variables) to the log; the path, or "" when that failed too."""
    import traceback

    if log_file is None:
        from platformdirs import user_log_path  # imported late: start-up

        log_file = user_log_path("duesdesk", appauthor=False) / "duesdesk.log"
    try:
        log_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if log_file.exists() and log_file.stat().st_size > _LOG_BYTES:
            log_file.replace(log_file.with_suffix(".old.log"))
        with log_file.open("a", encoding="utf-8") as log:
            log_file.chmod(0o600)
            log.write("".join(traceback.format_exception(error)) + "\n")
    except OSError:
        return ""
    return str(log_file)
