"""`python -m data fit`: its report, and an experiment file based on it."""

from data import Experiment, Room, fit, simulate
from data.__main__ import main


def test_the_shipped_tickets_are_fitted_and_become_an_experiment(tmp_path, capsys):
    to = tmp_path / "as-in-the-data.toml"
    assert main(["fit", "data/examples/tickets.csv", "--experiment", str(to)]) == 0
    said = capsys.readouterr().out
    assert "learned: " in said and "assumed: " in said and f"written: {to}" in said
    experiment = Experiment.read(to)
    assert experiment.arms[0].behaviour == fit("data/examples/tickets.csv").behaviour
    assert "# Assumed: " in to.read_text() and "# Learned: " in to.read_text()


def test_a_room_is_fitted_under_its_own_policy(tmp_path, capsys):
    policy = {"grant_lasts": "8 hours"}
    path = tmp_path / "room.duckdb"
    run = simulate(policy, tickets=200, seed=1)
    run.to_room(path, tenants=6).close()
    assert main(["fit", str(path)]) == 0
    with Room.open(path) as room:
        assert Experiment.parse(fit(room).experiment).arms[0].policy == run.policy


def test_errors_are_reported_and_nothing_is_overwritten(tmp_path, capsys):
    there = tmp_path / "there.toml"
    there.write_text("mine")
    assert main(["fit", "data/examples/tickets.csv", "--experiment", str(there)]) == 1
    assert "already exists" in capsys.readouterr().err and there.read_text() == "mine"
    assert main(["fit", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err
