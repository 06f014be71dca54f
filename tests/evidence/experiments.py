"""All experiments in the order of the report, and what is not promised."""

from tests.evidence import damage, kills, mutated_files, races
from tests.evidence.experiment import Experiment, NotPromised

EXPERIMENTS: tuple[Experiment, ...] = (
    *kills.EXPERIMENTS,
    *damage.EXPERIMENTS,
    *races.EXPERIMENTS,
    *mutated_files.EXPERIMENTS,
)

NOT_PROMISED: tuple[NotPromised, ...] = (
    NotPromised(
        "A disk, controller or virtual machine that reports data as synced before it is.",
        "No program can see the difference. What the operating system calls synced is taken to be on the disk.",
    ),
)
