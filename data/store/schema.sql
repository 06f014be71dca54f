-- The tables of a room. All times are naive UTC.

-- One row: what the room was created from.
CREATE TABLE room (
    format INTEGER, title VARCHAR, scenario VARCHAR,  -- the scenario's whole TOML
    seed BIGINT, policy VARCHAR, opening BIGINT       -- the policy as JSON; the log's last line before the story
);
CREATE TABLE clock (now TIMESTAMP);

-- The directory. A member without a role is known in the tenant, but may do nothing.
CREATE TABLE tenants (tenant VARCHAR, name VARCHAR);
CREATE TABLE people (person VARCHAR, name VARCHAR);
CREATE TABLE engineers (engineer VARCHAR, name VARCHAR);
CREATE TABLE memberships (
    tenant VARCHAR, person VARCHAR, name VARCHAR, roles VARCHAR[],
    manages_support_access BOOLEAN, reads_audit_log BOOLEAN
);

-- The rules that SQL joins, loaded from the package `model`.
CREATE TABLE lifecycle (from_status VARCHAR, action VARCHAR, to_status VARCHAR, whose VARCHAR);
CREATE TABLE visibility (status VARCHAR, side VARCHAR);
CREATE TABLE audit (action VARCHAR, to_status VARCHAR, side VARCHAR, activity VARCHAR, automated BOOLEAN);
CREATE TABLE keys (key INTEGER, side VARCHAR);  -- a key is a required approval, given by one person for all its sides
CREATE TABLE history (hours INTEGER, counted_from VARCHAR);

-- The log is the truth. Besides the events of cases it holds 'clock' (the room's time moved) and 'step' (a step of the
-- story was done), so that the whole room can be rewound. `refusal`: why an attempt to read was refused.
CREATE TABLE log (
    seq BIGINT, occurred_at TIMESTAMP, action VARCHAR, ticket_id VARCHAR, request_id VARCHAR,
    person VARCHAR, signed_in_to VARCHAR, engineer VARCHAR,  -- who: a member, an engineer, or nobody
    from_status VARCHAR, to_status VARCHAR, due_at TIMESTAMP,
    tenant VARCHAR, title VARCHAR, severity VARCHAR, advanced_diagnostics BOOLEAN, assigned_engineer VARCHAR,
    reason VARCHAR, category VARCHAR,
    note VARCHAR,  -- why a member decided or removed access
    refusal VARCHAR, step INTEGER
);

-- Undone lines of the log are in a table `undone`, created when it is first needed: data/store/undone.py.

-- The current state: a cache of the log that `room.verify()` rebuilds and compares.
CREATE TABLE tickets (
    ticket_id VARCHAR, tenant VARCHAR, title VARCHAR, severity VARCHAR, advanced_diagnostics BOOLEAN, engineer VARCHAR,
    opened_at TIMESTAMP, opened_by VARCHAR,
    closed_at TIMESTAMP, closed_by VARCHAR, closed_by_engineer VARCHAR
);
-- Each access request has two rows, one for the tenant on each side, with everything that a lens shows of it. So a lens
-- reads the rows of one tenant, which are stored together, and joins nothing large.
CREATE TABLE requests (
    tenant VARCHAR, side VARCHAR, seq BIGINT,  -- seq: the line of the log that created it; no lens shows it
    request_id VARCHAR, ticket_id VARCHAR, title VARCHAR, severity VARCHAR, ticket_status VARCHAR,
    support_request_tenant VARCHAR, resource_tenant VARCHAR, reason VARCHAR, status VARCHAR,
    engineer VARCHAR, requested_at TIMESTAMP,
    first_approval VARCHAR, first_approval_tenant VARCHAR,
    decided_by VARCHAR, decided_in VARCHAR, decided_at TIMESTAMP,
    changed_by VARCHAR, changed_in VARCHAR, changed_by_engineer VARCHAR, changed_at TIMESTAMP,
    due_at TIMESTAMP,
    first_approval_note VARCHAR, decision_note VARCHAR,
    removal_note VARCHAR  -- a lens shows it in the resource tenant only
);
-- The audit logs of all tenants: a line of the log for each tenant that logs it, stored together as requests are.
CREATE TABLE audit_entries (
    tenant VARCHAR, side VARCHAR, seq BIGINT,  -- seq: the line of the log; no lens shows it
    occurred_at TIMESTAMP, action VARCHAR, to_status VARCHAR, ticket_id VARCHAR, request_id VARCHAR,
    support_request_tenant VARCHAR, resource_tenant VARCHAR, person VARCHAR, note VARCHAR
);

-- Diagnostic data, generated when it is first read.
CREATE TABLE diagnostics (
    tenant VARCHAR, category VARCHAR, recorded_at TIMESTAMP,
    subject VARCHAR, activity VARCHAR, outcome VARCHAR, detail VARCHAR
);

-- The state after line n of the log. Events carry their outcome: these macros pick the last one and decide nothing.
CREATE MACRO clock_at(n) AS TABLE
    SELECT max(occurred_at) AS now FROM log WHERE seq <= n;

CREATE MACRO log_at(n) AS TABLE
    SELECT * FROM log WHERE seq <= n;

CREATE MACRO tickets_at(n) AS TABLE
    SELECT
        o.ticket_id, o.tenant, o.title, o.severity, o.advanced_diagnostics, o.assigned_engineer AS engineer,
        o.occurred_at AS opened_at, o.person AS opened_by,
        c.occurred_at AS closed_at, c.person AS closed_by, c.engineer AS closed_by_engineer
    FROM log AS o
    LEFT JOIN log AS c ON c.ticket_id = o.ticket_id AND c.action = 'close' AND c.seq <= n
    WHERE o.action = 'open' AND o.seq <= n;

CREATE MACRO requests_at(n) AS TABLE
    WITH moves AS (
        SELECT *, action IN ('approve', 'reject') AND to_status <> 'Pending' AS decides
        FROM log WHERE request_id IS NOT NULL AND seq <= n
    ), stands AS (
        SELECT
            request_id, any_value(ticket_id) AS ticket_id,
            any_value(tenant) FILTER (action = 'request') AS resource_tenant,
            any_value(reason) FILTER (action = 'request') AS reason,
            min(seq) AS seq, min(occurred_at) AS requested_at,
            any_value(person) FILTER (action = 'approve' AND NOT decides) AS first_approval,
            any_value(signed_in_to) FILTER (action = 'approve' AND NOT decides) AS first_approval_tenant,
            any_value(person) FILTER (decides) AS decided_by,
            any_value(signed_in_to) FILTER (decides) AS decided_in,
            any_value(occurred_at) FILTER (decides) AS decided_at,
            any_value(note) FILTER (action = 'approve' AND NOT decides) AS first_approval_note,
            any_value(note) FILTER (decides) AS decision_note,
            any_value(note) FILTER (action = 'revoke') AS removal_note,
            max_by({status: to_status, person: person, signed_in_to: signed_in_to, engineer: engineer,
                    changed_at: occurred_at, due_at: due_at}, seq) AS last
        FROM moves GROUP BY request_id
    )
    SELECT
        CASE side WHEN 'resource tenant' THEN s.resource_tenant ELSE t.tenant END AS tenant, side, s.seq,
        s.request_id, s.ticket_id, t.title, t.severity, if(t.closed_at IS NULL, 'Open', 'Closed') AS ticket_status,
        t.tenant AS support_request_tenant, s.resource_tenant, s.reason, s.last.status AS status,
        t.engineer, s.requested_at,
        s.first_approval, s.first_approval_tenant, s.decided_by, s.decided_in, s.decided_at,
        s.last.person AS changed_by, s.last.signed_in_to AS changed_in, s.last.engineer AS changed_by_engineer,
        s.last.changed_at AS changed_at, s.last.due_at AS due_at,
        s.first_approval_note, s.decision_note, s.removal_note
    FROM stands AS s
    JOIN tickets_at(n) AS t USING (ticket_id)
    CROSS JOIN (VALUES ('support request tenant'), ('resource tenant')) AS sides(side);

CREATE MACRO audit_entries_at(n) AS TABLE
    SELECT
        CASE a.side WHEN 'resource tenant' THEN r.tenant ELSE o.tenant END AS tenant, a.side, l.seq,
        l.occurred_at, l.action, l.to_status, l.ticket_id, l.request_id,
        o.tenant AS support_request_tenant, r.tenant AS resource_tenant, l.person, l.note
    FROM log AS l
    JOIN audit AS a ON a.action = l.action AND a.to_status = l.to_status
    JOIN log AS r ON r.request_id = l.request_id AND r.action = 'request'
    JOIN log AS o ON o.ticket_id = l.ticket_id AND o.action = 'open'
    WHERE l.seq <= n;
