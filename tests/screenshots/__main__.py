"""`python -m tests.screenshots` (make screenshots) takes pictures of all pages on all screens, and README's.

Arguments select pictures whose `SCREEN/NAME` contains one of them: `python -m tests.screenshots phone/ policy`.
`readme` means README's pictures. The previous pictures are kept in the folder `before`.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.browser.serving import ROOT
from tests.screenshots.camera import camera
from tests.screenshots.readme import take_pictures
from tests.screenshots.sheet import write_sheet
from tests.screenshots.shots import SCREENS, SHOTS

FOLDER = ROOT / "var/screenshots"


def main(words: list[str]) -> None:
    """Take the pictures, and print where they are."""
    with tempfile.TemporaryDirectory() as folder, camera(Path(folder)) as taking:
        for screen, size in SCREENS.items():
            names = [name for name in SHOTS if not words or any(word in f"{screen}/{name}" for word in words)]
            (FOLDER / screen).mkdir(parents=True, exist_ok=True)
            with taking.window(size) as page:
                for name in names:
                    file = FOLDER / screen / f"{name}.png"
                    _keep(file)
                    taking.take(page, SHOTS[name], size, file)
            taken = [name for name in SHOTS if (FOLDER / screen / f"{name}.png").exists()]
            print(write_sheet(FOLDER, screen, taken, taking.browser, narrow=size.width < size.height))
        if not words or "readme" in words:
            take_pictures(taking)
            print("README's pictures are taken")


def _keep(file: Path) -> None:
    if file.exists():
        before = FOLDER / "before" / file.relative_to(FOLDER)
        before.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, before)


if __name__ == "__main__":
    main(sys.argv[1:])
