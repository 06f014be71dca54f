"""A shorter version of each experiment of `make evidence`.

An experiment is skipped if the machine lacks a tool; SUPPORT_ACCESS_LAB_EVIDENCE=required makes that a failure.
"""

import os
from pathlib import Path

import pytest

from tests.evidence.experiment import Experiment, Finding, NotPromised, some
from tests.evidence.experiments import EXPERIMENTS
from tests.evidence.report import report


@pytest.mark.parametrize(
    "experiment",
    [pytest.param(each, id=each.name, marks=[pytest.mark.slow] * each.slow) for each in EXPERIMENTS],
)
def test_nothing_is_lost(experiment: Experiment, tmp_path: Path):
    if lacks := experiment.missing():
        if os.environ.get("SUPPORT_ACCESS_LAB_EVIDENCE") == "required":
            pytest.fail(f"SUPPORT_ACCESS_LAB_EVIDENCE=required, and {lacks}")
        pytest.skip(lacks)
    found = experiment.run(experiment.short, tmp_path)
    assert not found.lost, some(found.lost)
    assert found.times >= 1


def test_the_report_counts_losses_and_lists_what_was_not_tried():
    def cut_the_cable(size: int, folder: Path) -> Finding:
        return Finding("The cable is cut.", size, ("room 3 | gone",) * 21, "Cut with scissors.")

    cut = Experiment("Nothing is lost.", cut_the_cable, 30, 3)
    text = report(
        [(cut, cut.run(30, Path())), (cut, "there are no scissors")], [NotPromised("Fire.", "It burns | smokes.")]
    )
    assert "| Nothing is lost. | The cable is cut. | 30 | **21**, see below |" in text
    assert "| Nothing is lost. | Not tried: there are no scissors | 0 | unknown |" in text
    assert "### Cut the cable\n\nCut with scissors.\n\n```\nroom 3 | gone\n" in text and "... and 1 more" in text
    assert "| Fire. | It burns \\| smokes. |" in text
