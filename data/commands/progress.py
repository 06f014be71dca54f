"""How far a comparison is, on the error stream: one line that changes on a screen, and lines of their own elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import TextIO

from data.files.durations import about, to_the_second
from data.simulation.experiment import Experiment

_SILENCE = 30  # seconds after which a line says that the work goes on


class Progress:
    """Tell what is begun and how much of it is done. `clock` counts seconds."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream, self._clock, self._screen = stream, clock, stream.isatty()
        self._began = self._told_at = clock()
        self._told = ""

    def begin(self, experiment: Experiment) -> None:
        """Say how much there is to do, and whether it may become much more."""
        replications, arms, until = experiment.replications, len(experiment.arms), experiment.until
        what = f"{replications:,} replications of {experiment.tickets:,} tickets in each of {arms} arms"
        self._told = self._done(0, replications * arms)
        self._write(f"{self._told}: {what}\n")
        if until and until.most > replications:
            self._write(
                f"Replications are added until the {until.metric} is known to within {until.within:g} "
                "either way in every arm,\n"
                f"{until.most:,} at most: this may take {until.most / replications:.3g} times as long.\n"
            )

    def __call__(self, done: int, of: int) -> None:
        """Tell that so many runs are done, as often as there is something new to tell."""
        now, text = self._clock(), self._done(done, of)
        took = round(now - self._began)
        so_far = f"{text}, {to_the_second(timedelta(seconds=took)) if took else 'less than a second'} so far"
        if self._screen:
            left = f", {about((now - self._began) * (of - done) / done)} left" if 0 < done < of else ""
            if (text := so_far + left) != self._told:
                self._write(f"\r{text.ljust(len(self._told))}")
                self._told = text
        elif text != self._told:
            self._told, self._told_at = text, now
            self._write(f"{text}\n")
        elif now - self._told_at >= _SILENCE:
            self._told_at = now
            self._write(f"{so_far}\n")

    def end(self) -> None:
        """End the line on a screen."""
        if self._screen and self._told:
            self._write("\n")

    def _done(self, done: int, of: int) -> str:
        return f"{done:,} of {of:,} runs" if self._screen else f"{done * 10 // max(of, 1) * 10} % of {of:,} runs"

    def _write(self, text: str) -> None:
        print(text, end="", file=self._stream, flush=True)
