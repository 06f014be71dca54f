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
        "That closing a support request takes equally long whether access was live or had been removed.",
        "What ends with the ticket is written with it: one more line of the log and one more entry of the resource "
        "tenant's audit log, which took about 0.5 of 6 ms (2,000 closings, standard deviation 3 ms). The statements "
        "are the same; what the disk takes for two more rows stays, and can be measured once for each ticket.",
    ),
    NotPromised(
        "A disk, controller or virtual machine that reports data as synced before it is.",
        "No program can see the difference. What the operating system calls synced is taken to be on the disk.",
    ),
    NotPromised(
        "A network file system, a folder that is synchronised to a cloud, or a copy made with `cp` of an open room.",
        "Locks and syncs mean less there, and a copy takes file, log and mark at different moments. `Room.snapshot` "
        "and `python -m data rooms` make copies that are whole.",
    ),
    NotPromised(
        "Damage that comes with a matching checksum, as from a person or a program that edits the file.",
        "Checksums of DuckDB and of the mark find accidents; they are no signature. `Room.verify` still finds what the "
        "log and the rules do not explain.",
    ),
    NotPromised(
        "The mark under repair: while no mark can be written, a log that is then cut off looks shorter, not damaged.",
        "The commit counts, as it is in the log. The mark is written at the next chance, and only from then on proves "
        "that the command was there.",
    ),
    NotPromised(
        "Knowing, after RoomUnavailable says that it is not known, whether a command was carried out.",
        "A disk that failed while it took the command and cannot be read either does not tell. The room reads it from "
        "the file once it can; whole or not at all it is in any case.",
    ),
    NotPromised(
        "A process that lives on where the system cannot open its own files.",
        "DuckDB looks at `/proc` and `/sys` when it opens a database, and ends the process if it cannot. A room first "
        "checks that files can be opened, and is told as not available if too many are open already.",
    ),
    NotPromised(
        "The unacknowledged command that was under way when the process was killed or the power went.",
        "It is carried out whole or not at all; which of the two is chance.",
    ),
    NotPromised(
        "A room in memory, and the links shown from it.",
        "It ends with its process. The pages say so where no folder keeps rooms.",
    ),
    NotPromised(
        "Answer times that are the same to the last microsecond, on any machine.",
        "A difference below the last column of the table would not have been seen. Who could time a million answers on "
        "an idle machine might see a smaller one.",
    ),
    NotPromised(
        "Times over a network, and times while others make the server busy.",
        "They were measured in the process, where least is in the way; what others do at the same time is not private.",
    ),
    NotPromised(
        "A friendly answer to a client that is no browser and sends a number or an option that no page offers.",
        "Streamlit or the page refuses it with an error, in that tab only. The room stays as it is.",
    ),
    NotPromised(
        "Little work for a file that asks for much: 500,000 tickets of background, an experiment of hours.",
        "A file has at most a megabyte and is read in seconds. What it asks for, within the limits, is carried out.",
    ),
    NotPromised(
        "An order of commands that are sent at the same time.",
        "They are carried out one after the other, in whichever order the threads get the lock.",
    ),
)
