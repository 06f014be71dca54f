"""The progress of `python -m data compare` on stderr; the test controls the clock."""

from io import StringIO

import pytest

from data import Experiment
from data.commands.progress import Progress

TEXT = 'title = "Little"\ntickets = 5_000\nreplications = 20\n{}\n[[arms]]\nname = "a"\n[[arms]]\nname = "b"\n'
UNTIL = 'until = { metric = "median hours to resolution", within = 0.25, most = 60 }'


class Screen(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that the test advances."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("stream", [StringIO(), Screen()], ids=["pipe", "screen"])
def test_the_size_of_the_work_is_announced_first(stream: StringIO):
    """The line has the replications and tickets, and for a comparison that may grow, by how much."""
    Progress(stream).begin(Experiment.parse(TEXT.format("")))
    first = "0 of 40 runs" if stream.isatty() else "0 % of 40 runs"
    begun = f"{first}: 20 replications of 5,000 tickets in each of 2 arms\n"
    assert stream.getvalue() == begun
    Progress(stream).begin(Experiment.parse(TEXT.format(UNTIL)))
    assert stream.getvalue() == 2 * begun + (
        "Replications are added until the median hours to resolution is known to within 0.25 either way in every arm,\n"
        "60 at most: this may take 3 times as long.\n"
    )


def test_on_a_terminal_one_line_shows_the_elapsed_and_the_expected_time():
    """It appears before the first run is done, and a shorter text fully replaces a longer one."""
    screen, clock = Screen(), Clock()
    progress = Progress(screen, clock)
    for after, done in ((0.0, 0), (0.3, 0), (2.0, 0), (10.0, 10), (66.0, 30), (88.0, 40)):
        clock.now = 100 + after
        progress(done, 40)
    progress.end()
    shown = screen.getvalue()
    assert shown.endswith("\n") and shown.count("\n") == 1
    texts = shown[1:-1].split("\r")
    assert [text.rstrip() for text in texts] == [
        "0 of 40 runs, less than a second so far",
        "0 of 40 runs, 2 seconds so far",
        "10 of 40 runs, 10 seconds so far, about 30 seconds left",
        "30 of 40 runs, 1 minute and 6 seconds so far, about 22 seconds left",
        "40 of 40 runs, 1 minute and 28 seconds so far",
    ]
    assert len(texts[-1]) >= len(texts[-2])


def test_elsewhere_a_line_is_printed_for_each_tenth_and_after_a_long_silence():
    """A log is neither flooded nor silent."""
    pipe, clock = StringIO(), Clock()
    progress = Progress(pipe, clock)
    progress.begin(Experiment.parse(TEXT.format("")))
    for after, done in ((0.1, 0), (29.0, 1), (30.0, 2), (31.0, 3), (40.0, 4), (45.0, 4), (71.0, 5), (80.0, 40)):
        clock.now = 100 + after
        progress(done, 40)
    progress.end()
    assert pipe.getvalue().splitlines()[1:] == [
        "0 % of 40 runs, 30 seconds so far",
        "10 % of 40 runs",
        "10 % of 40 runs, 1 minute and 11 seconds so far",
        "100 % of 40 runs",
    ]
