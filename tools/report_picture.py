"""Take the pictures of the report that the READMEs show: docs/report.png, docs/report.uk.png.

    python -m tools.report_picture DIR

DIR is the folder that `obrii run` left, with the report in English, Ukrainian or both. It needs a chromium on the path,
headless.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"

#: Width and height of the window [CSS pixels], and how many pixels of the picture each is.
WINDOW, SCALE = (1080, 980), 1

#: Names that Debian and others give the browser.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(directory: Path) -> None:
    """Open the report and write what a reader sees first."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"no browser: install one of {', '.join(BROWSERS)}")
    for page in sorted(directory.glob("report*.html")):
        picture = DOCS / page.with_suffix(".png").name
        with tempfile.TemporaryDirectory() as profile:
            subprocess.run(
                [
                    browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                    "--no-first-run", "--hide-scrollbars", f"--user-data-dir={profile}", f"--screenshot={picture}",
                    f"--window-size={WINDOW[0]},{WINDOW[1]}", f"--force-device-scale-factor={SCALE}",
                    page.resolve().as_uri(),
                ],
                check=True,
                capture_output=True,
                timeout=120,
            )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
