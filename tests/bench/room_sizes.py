"""Make rooms of any size for measurements: a generated background, and copies of it with other tenants.

A tenant then has the same rows in a small and in a large room, and only the rest of the room grows.
"""

from pathlib import Path

import duckdb

from data import Room
from data.scenario.reader import parse_scenario
from data.store import log

TILE = 1000  # access requests of one background
_STORY = """
title = "A background"
starts = 2026-03-02T09:00:00
[tenants]
contoso = "Contoso"
[engineers]
sam = "Sam Rivera"
[people.adele]
name = "Adele Vance"
roles = { contoso = ["Global Administrator"] }
[background]
tenants = 40
tickets_per_day = 70
days = 60
"""
_TILED = """
CREATE TEMP TABLE tile AS
WITH asked AS (
    SELECT ticket_id, sum(count(*)) OVER (ORDER BY min(seq)) AS requests
    FROM log WHERE action = 'request' GROUP BY ticket_id
)
SELECT * FROM log WHERE ticket_id IN (SELECT ticket_id FROM asked WHERE requests <= {tile});

CREATE TEMP TABLE tiled AS
SELECT * REPLACE (
    row_number() OVER (ORDER BY occurred_at, n, seq) + 1 AS seq,
    ticket_id || suffix AS ticket_id, request_id || suffix AS request_id,
    signed_in_to || suffix AS signed_in_to, tenant || suffix AS tenant
) FROM (SELECT *, if(n = 0, '', '-' || n) AS suffix FROM tile, range({tiles}) AS tiles(n));

CREATE TEMP TABLE ends AS SELECT * FROM log WHERE action = 'clock';
DELETE FROM log;
INSERT INTO log SELECT * REPLACE (if(seq = 1, 1, 2 + (SELECT count(*) FROM tiled)) AS seq) FROM ends WHERE seq = 1;
INSERT INTO log SELECT * EXCLUDE (n, suffix) FROM tiled ORDER BY seq;
INSERT INTO log SELECT * REPLACE (2 + (SELECT count(*) FROM tiled) AS seq) FROM ends WHERE seq > 1;
INSERT INTO tenants SELECT tenant || '-' || n, name || ' ' || n FROM tenants, range(1, {tiles}) AS tiles(n);
INSERT INTO memberships
SELECT * EXCLUDE (n) REPLACE (tenant || '-' || n AS tenant) FROM memberships, range(1, {tiles}) AS tiles(n);
UPDATE room SET opening = (SELECT max(seq) FROM log);
"""


def room_of(requests: int, path: Path) -> Room:
    """Make a room in the file with about so many access requests, a multiple of TILE."""
    Room.create(path, parse_scenario(_STORY)).close()
    with duckdb.connect(str(path)) as db:
        db.execute(_TILED.format(tile=TILE, tiles=max(1, requests // TILE)))
        log.rebuild(db, int(db.execute("SELECT max(seq) FROM log").fetchall()[0][0]))
    return Room.open(path)
