"""The TOML files that come with the package: scenarios and experiments."""

from collections.abc import Iterator
from importlib import resources


def shipped_files(folder: str) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the file name and the text of each TOML file in a folder of the package, by name."""
    files = (file for file in resources.files("data").joinpath(folder).iterdir() if file.name.endswith(".toml"))
    for file in sorted(files, key=lambda file: file.name):
        yield file.name.removesuffix(".toml"), file.name, file.read_text(encoding="utf-8")
