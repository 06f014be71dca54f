"""Report a comparison's progress on the error stream: on a screen in one changing line, elsewhere line by line."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import TextIO

from data.files.durations import approximately, to_the_second
from data.simulation.experiment import Experiment

_SILENCE = 30  # seconds after which a line says that the work continues


class Progress:
    """Report what is started and how much of it is done. `clock` counts seconds."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream, self._clock, self._screen = stream, clock, stream.isatty()
        self._began = self._shown_at = clock()
        self._shown = ""

    def begin(self, experiment: Experiment) -> None:
        """Report how much there is to do, and whether it might become much more."""
        replications, arms, until = experiment.replications, len(experiment.arms), experiment.until
        what = f"{replications:,} replications of {experiment.tickets:,} tickets in each of {arms} arms"
        self._shown = self._done(0, replications * arms)
        self._write(f"{self._shown}: {what}\n")
        if until and until.most > replications:
            self._write(
                f"Replications are added until the {until.metric} is known to within {until.within:g} "
                "either way in every arm,\n"
                f"{until.most:,} at most: this may take {until.most / replications:.3g} times as long.\n"
            )

    def __call__(self, done: int, of: int) -> None:
        """Report how many runs are done, whenever there is something new to say."""
        now, text = self._clock(), self._done(done, of)
        took = round(now - self._began)
        so_far = f"{text}, {to_the_second(timedelta(seconds=took)) if took else 'less than a second'} so far"
        if self._screen:
            left = f", {approximately((now - self._began) * (of - done) / done)} left" if 0 < done < of else ""
            if (text := so_far + left) != self._shown:
                self._write(f"\r{text.ljust(len(self._shown))}")
                self._shown = text
        elif text != self._shown:
            self._shown, self._shown_at = text, now
            self._write(f"{text}\n")
        elif now - self._shown_at >= _SILENCE:
            self._shown_at = now
            self._write(f"{so_far}\n")

    def end(self) -> None:
        """End the line on a screen."""
        if self._screen and self._shown:
            self._write("\n")

    def _done(self, done: int, of: int) -> str:
        return f"{done:,} of {of:,} runs" if self._screen else f"{done * 10 // max(of, 1) * 10} % of {of:,} runs"

    def _write(self, text: str) -> None:
        print(text, end="", file=self._stream, flush=True)
