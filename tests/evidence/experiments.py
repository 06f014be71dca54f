"""All experiments in the order of the report, and what is not promised."""

from tests.evidence import (
    answer_times,
    damage,
    failing_calls,
    full_disk,
    hostile_strings,
    kills,
    mutated_files,
    power_loss,
    races,
)
from tests.evidence.experiment import Experiment, NotPromised

EXPERIMENTS: tuple[Experiment, ...] = (
    *kills.EXPERIMENTS,
    *damage.EXPERIMENTS,
    *full_disk.EXPERIMENTS,
    *failing_calls.EXPERIMENTS,
    *power_loss.EXPERIMENTS,
    *races.EXPERIMENTS,
    *mutated_files.EXPERIMENTS,
    *hostile_strings.EXPERIMENTS,
    *answer_times.EXPERIMENTS,
)

NOT_PROMISED: tuple[NotPromised, ...] = (
    NotPromised(
        "Equal times to close a support request whether access was live or had been removed.",
        "The end of live access is written with the closing: one more line of the log and one more entry of the "
        "resource tenant's audit log, which took about 0.5 of 6 ms (2,000 closings, standard deviation 3 ms). The "
        "statements are the same, but the disk needs time for two more rows, which can be measured once per ticket.",
    ),
    NotPromised(
        "A disk, controller or virtual machine that reports data as synced before it is.",
        "No program can detect this. Data that the operating system reports as synced is assumed to be on disk.",
    ),
    NotPromised(
        "A network file system, a folder synchronised to a cloud, or a copy of an open room made with `cp`.",
        "Locks and syncs guarantee less there, and `cp` copies file, log and mark at different moments. "
        "`Room.snapshot` and `python -m data rooms` make consistent copies.",
    ),
    NotPromised(
        "Detection of damage with a matching checksum, as by a person or a program that edits the file.",
        "Checksums of DuckDB and of the mark detect accidents; they are no signature. `Room.verify` still finds "
        "everything that the log and the rules do not explain.",
    ),
    NotPromised(
        "Detection of a log that is truncated while no mark can be written: it looks shorter, not damaged.",
        "The commit counts, as it is in the log. The mark is written at the next opportunity, and only from then on "
        "proves that the command was there.",
    ),
    NotPromised(
        "Knowledge of whether a command was carried out when RoomUnavailable says that it is unknown.",
        "A disk that failed during the write and cannot be read either gives no answer. The room reads the outcome "
        "from the file once it can; in any case the command is done whole or not at all.",
    ),
    NotPromised(
        "A process that survives when the system cannot open its own files.",
        "DuckDB reads `/proc` and `/sys` when it opens a database, and ends the process if it cannot. A room first "
        "checks that files can be opened, and is reported as unavailable if too many are open already.",
    ),
    NotPromised(
        "The completion of an unacknowledged command that was under way when the process was killed or the power "
        "failed.",
        "It is carried out whole or not at all; which of the two is random.",
    ),
    NotPromised(
        "A room in memory, and the links shown from it.",
        "It ends with its process. The pages say so if rooms cannot be kept in a folder.",
    ),
    NotPromised(
        "Answer times that are the same to the last microsecond, on any machine.",
        "A difference below the last column of the table would not have been detected. With a million answers on an "
        "idle machine, a smaller one might be.",
    ),
    NotPromised(
        "Times over a network, and times while others make the server busy.",
        "They were measured in the process, where noise is lowest; that others are active at the same time is not "
        "private.",
    ),
    NotPromised(
        "A friendly answer to a forged client that sends a number or an option that no page offers.",
        "Streamlit or the page refuses it with an error, in that tab only. The room is unchanged.",
    ),
    NotPromised(
        "A small workload for a file that asks for a lot: 500,000 background tickets, an experiment of hours.",
        "A file has at most a megabyte and is read in seconds. Its work, within the limits, is carried out.",
    ),
    NotPromised(
        "The order of commands that are sent at the same time.",
        "They are carried out one after the other, in the order in which threads get the lock.",
    ),
)
