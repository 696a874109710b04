"""Print a page of HTML as PDF, with a browser that is installed on the computer."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from confaug.errors import UserError
from confaug.infrastructure.files import atomic_path

#: Commands that print without a window, in the order in which they are looked for.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: No network, no profile that stays, and nothing on the page but the page.
OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-sync", "--no-pdf-header-footer"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
)
SECONDS = 600
#: Dates in a PDF file; one that stays the same takes their place, of the same length.
DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")
NO_DATE = b"/%s (D:20000101000000"


def find_browser() -> str:
    """Return the command that prints.

    Raises
    ------
    UserError
        If there is none.
    """
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    raise UserError(
        "the report is printed by Chromium or Chrome, and none of the commands "
        f"{', '.join(BROWSERS)} is on PATH; install one (on Debian or Ubuntu: sudo apt-get install "
        "chromium), or open the page in any browser and print it from there"
    )


def print_page(page: str | Path, pdf: str | Path) -> None:
    """Print a page; the same page gives the same bytes with the same browser and the same fonts.

    Parameters
    ----------
    page
        An HTML file.
    pdf
        Where the PDF file goes.

    Raises
    ------
    UserError
        If there is no browser, or it does not print.
    """
    browser = find_browser()
    # Browsers refuse their sandbox to the administrator. The page is the project's own, and its
    # security policy lets no other script run.
    unconfined = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, atomic_path(pdf) as temporary:
        printed = Path(folder, "page.pdf")
        call = [browser, *OPTIONS, *unconfined, f"--user-data-dir={folder}/profile"]
        call += [f"--print-to-pdf={printed}", Path(page).absolute().as_uri()]
        try:
            done = subprocess.run(call, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise UserError(f"{browser} did not print {page} within {SECONDS} seconds") from error
        if done.returncode or not printed.exists():
            said = done.stderr.decode(errors="replace").strip().splitlines()
            raise UserError(
                f"{browser} could not print {page}: {said[-1] if said else 'it gave no reason'}; "
                "open the page in any browser and print it from there"
            )
        content = DATES.sub(lambda date: NO_DATE % date[1], printed.read_bytes())
        Path(temporary).write_bytes(content)
