"""What a terminal shows of what was written to it."""

from confaug.report.progress import ERASE


def on_screen(written: str) -> list[str]:
    """Return the lines that remain."""
    return [line.rsplit(ERASE, 1)[-1] for line in written.split("\n")]
