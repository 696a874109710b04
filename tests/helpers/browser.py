"""Pages as headless Chromium shows them.

A page is put into a frame as wide as a phone or a desktop, and a script around the frame, not in
the page, measures it. The result is read from the dumped document.
"""

import html
import json
import re
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on PATH"),
]
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
    *("--enable-logging=stderr", "--virtual-time-budget=20000"),
)
LIGHT, DARK = "1", "0"
#: The page calls `measure(document, window)` when it is loaded.
CALL = """
window.addEventListener("load", function () {
  const page = document.getElementById("page");
  let found;
  try { found = measure(page.contentDocument, page.contentWindow); }
  catch (error) { found = { failed: String(error) }; }
  document.getElementById("found").textContent = JSON.stringify(found);
});
"""


def run_chromium(profile, *arguments):
    return subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )


def measure_page(page, script, folder, width, scheme=LIGHT):
    """Show a page in a frame of a width and return what was measured, and the console's lines.

    `script` defines a function `measure` of the page's document and window.
    """
    frame = folder / f"frame-{width}-{scheme}.html"
    frame.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><pre id="found"></pre>'
        f"<script>{script}{CALL}</script>"
        f'<iframe id="page" style="border:0;width:{width}px;height:1000px" '
        f'srcdoc="{html.escape(page)}"></iframe>',
        encoding="utf-8",
    )
    done = run_chromium(
        folder / f"profile-{width}-{scheme}",
        f"--blink-settings=preferredColorScheme={scheme}",
        "--window-size=1400,1000",
        "--dump-dom",
        frame.as_uri(),
    )
    text = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL).group(1)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(html.unescape(text)), console
