-- Check the tickets of a file by the rules, and turn them into the log of a room: the statements, in order.
-- They read `rows_read` (texts) and the tables of names, and leave `taken` (the rows that can be used), `refused`
-- (those that cannot, with the reason) and `happened` (the log's lines). Times are naive UTC. What is joined and sorted
-- are numbers: `no` is a ticket's, the first line that names it, and `key` an access request's.

-- ::names_zone
-- Whether a moment as a file writes it says in which zone it is: after the day, something stands that is no time of day.
CREATE OR REPLACE TEMP MACRO names_zone(given) AS
CASE WHEN given LIKE '____-__-_____:__:__' THEN false  -- as most files write them: this is seen fastest
     WHEN length(given) IN (10, 13) AND regexp_full_match(given, '\d+') THEN true  -- seconds since 1970 are UTC
     ELSE length(given) > 10 AND NOT regexp_full_match(given, '.{10}[0-9:.,T ]*') AND lower(right(given, 2)) NOT IN ('am', 'pm')
END;

-- ::moment
-- A moment as a file writes it: ISO 8601, with a zone or in the session's; a spreadsheet's days since 1899-12-30; seconds
-- or milliseconds since 1970; day.month.year; and with slashes in the order that `slashes` names.
CREATE OR REPLACE TEMP MACRO moment(given, slashes) AS
coalesce(
    CASE WHEN current_setting('TimeZone') = 'UTC' AND NOT names_zone(given) OR suffix(given, 'Z') THEN TRY_CAST(given AS TIMESTAMP)
         ELSE make_timestamp(epoch_us(TRY_CAST(given AS TIMESTAMPTZ))) END,
    make_timestamp(epoch_us(CASE
        WHEN regexp_full_match(given, '\d{5}([.,]\d+)?')
        THEN timezone(current_setting('TimeZone'), TIMESTAMP '1899-12-30'
             + to_seconds(round(replace(given, ',', '.')::DOUBLE * 86400)))
        WHEN regexp_full_match(given, '\d{10}') THEN to_timestamp(given::BIGINT)
        WHEN regexp_full_match(given, '\d{13}') THEN to_timestamp(given::BIGINT / 1000)
        WHEN contains(given, '.')
        THEN timezone(current_setting('TimeZone'),
             try_strptime(given, ['%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y, %H:%M:%S', '%d.%m.%Y, %H:%M', '%d.%m.%Y']))
        WHEN slashes = 'day first'
        THEN timezone(current_setting('TimeZone'),
             try_strptime(given, ['%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M', '%d/%m/%Y, %H:%M:%S', '%d/%m/%Y, %H:%M',
                                  '%d/%m/%Y %I:%M:%S %p', '%d/%m/%Y %I:%M %p', '%d/%m/%Y']))
        WHEN slashes = 'month first'
        THEN timezone(current_setting('TimeZone'),
             try_strptime(given, ['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p', '%m/%d/%Y, %I:%M:%S %p',
                                  '%m/%d/%Y, %I:%M %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y']))
    END))
);

-- ::tidied
-- A text on one line, without invisible characters, cut to a length.
CREATE OR REPLACE TEMP MACRO tidied(given, longest) AS
nullif(trim(regexp_replace(nfc_normalize(given), '[\p{C}\s\x{034f}\x{115f}\x{1160}\x{2800}\x{3164}\x{ffa0}]+', ' ', 'g'))[:longest], '');

-- ::no_time
-- The reason why a moment cannot be read.
CREATE OR REPLACE TEMP MACRO no_time(field, given, slashes) AS
field || ': ' || if(slashes = 'unknown' AND contains(given, '/'),
    'either number of “' || given[:40] || '” may be the day or the month', '“' || given[:40] || '” is no time that can be read');

-- ::key_of
-- The number of a ticket's `n`-th access request; the ticket's own is that of its 0-th, which there is not.
CREATE OR REPLACE TEMP MACRO key_of(no, n) AS (no << 21) + n;

-- ::place_of
-- The place of a line of the log within its moment, in one number, which is sorted fast: by ticket, a closing before what
-- it ends, by request, and by the number of the step.
CREATE OR REPLACE TEMP MACRO place_of(no, closes, n, step) AS (no << 25) + (closes << 24) + (n << 3) + step;

-- ::key_in
-- The ticket or access request whose line has this place.
CREATE OR REPLACE TEMP MACRO key_in(place) AS ((place >> 25) << 21) + ((place >> 3) & 2097151);

-- ::step_in
-- What its line says.
CREATE OR REPLACE TEMP MACRO step_in(place) AS (place & 7)::UTINYINT;

-- :named
-- The tickets by the text that names them.
CREATE TEMP TABLE named AS
SELECT nullif(trim(ticket), '') AS ticket, min(line) AS no FROM rows_read WHERE trim(ticket) <> '' GROUP BY 1;

-- :parsed
-- Each row with its moments, and the first reason that the row itself gives why it cannot be used.
CREATE TEMP TABLE parsed AS
WITH texts AS (
    SELECT
        line, nullif(trim(ticket), '') AS ticket, decision AS decision_text,
        coalesce(tenant, $unnamed_tenant) AS tenant_text,
        coalesce(resource_tenant, if(asked IS NULL AND decided IS NULL, NULL, $unnamed_resource)) AS resource_text,
        opened AS opened_text, asked AS asked_text, decided AS decided_text, removed AS removed_text,
        closed AS closed_text, title, reason AS asked_because, engineer AS engineer_text, opened_by AS opened_by_text,
        decided_by AS decided_by_text, removed_by AS removed_by_text
    FROM rows_read
), moments AS (
    SELECT
        *, moment(opened_text, $slashes) AS opened, moment(asked_text, $slashes) AS asked,
        moment(decided_text, $slashes) AS decided, moment(removed_text, $slashes) AS removed,
        moment(closed_text, $slashes) AS closed
    FROM texts
), known AS (
    SELECT
        m.*, n.no, h.id AS tenant, r.id AS resource_tenant, oe.id AS engineer, ob.id AS opened_by, db.id AS decided_by,
        rb.id AS removed_by,
        CASE WHEN trim(m.decision_text) <> '' THEN d.means WHEN m.removed IS NOT NULL THEN 'Removed' ELSE 'None' END AS means
    FROM moments AS m
    LEFT JOIN named AS n ON n.ticket = m.ticket
    LEFT JOIN tenant_names AS h ON h.given = m.tenant_text
    LEFT JOIN tenant_names AS r ON r.given = m.resource_text
    LEFT JOIN decision_words AS d ON d.given = lower(trim(m.decision_text))
    LEFT JOIN engineer_names AS oe ON oe.given = m.engineer_text
    LEFT JOIN people_names AS ob ON ob.given = m.opened_by_text
    LEFT JOIN people_names AS db ON db.given = m.decided_by_text
    LEFT JOIN people_names AS rb ON rb.given = m.removed_by_text
)
SELECT
    line, coalesce(no, line) AS no, tenant, resource_tenant, opened, asked, decided, removed, closed,
    CASE means WHEN 'Removed' THEN 'Approved' WHEN 'None' THEN NULL ELSE means END AS decision,
    title, asked_because, engineer, opened_by, decided_by, removed_by,
    coalesce(NOT names_zone(opened_text), false)::INTEGER + coalesce(NOT names_zone(asked_text), false)::INTEGER
        + coalesce(NOT names_zone(decided_text), false)::INTEGER + coalesce(NOT names_zone(removed_text), false)::INTEGER
        + coalesce(NOT names_zone(closed_text), false)::INTEGER AS without_zone,
    CASE
        WHEN opened IS NULL AND trim(opened_text) <> '' THEN no_time('opened', opened_text, $slashes)
        WHEN asked IS NULL AND trim(asked_text) <> '' THEN no_time('asked', asked_text, $slashes)
        WHEN decided IS NULL AND trim(decided_text) <> '' THEN no_time('decided', decided_text, $slashes)
        WHEN removed IS NULL AND trim(removed_text) <> '' THEN no_time('removed', removed_text, $slashes)
        WHEN closed IS NULL AND trim(closed_text) <> '' THEN no_time('closed', closed_text, $slashes)
        WHEN least(opened, asked, decided, removed, closed) <= TIMESTAMP '1970-01-01'
            OR greatest(opened, asked, decided, removed, closed) >= TIMESTAMP '2199-12-31'
            THEN 'a time is not in the years 1970 to 2199'
        WHEN means IS NULL THEN 'decision: “' || decision_text[:40] || '” is neither approved nor rejected'
        WHEN ticket IS NULL AND $has_tickets THEN 'the support request is not named'
        WHEN tenant IS NULL THEN 'the tenant that opened it is not named'
        WHEN coalesce(opened, asked, decided) IS NULL THEN 'no time says when it was opened, asked for or decided'
        WHEN resource_tenant IS NULL AND (means <> 'None' OR coalesce(asked, decided, removed) IS NOT NULL)
            THEN 'the tenant whose data was asked for is not named'
        WHEN tenant = resource_tenant THEN 'both tenants are the same: then no access is asked for'
        WHEN means = 'None' AND decided IS NOT NULL THEN 'decided, but it does not say how'
        WHEN means <> 'None' AND decided IS NULL THEN 'approved or rejected, but it does not say when'
        WHEN means = 'Removed' AND removed IS NULL THEN 'access was removed, but it does not say when'
        WHEN removed IS NOT NULL AND means = 'Rejected' THEN 'access was removed that had been rejected'
        WHEN removed IS NOT NULL AND means = 'None' THEN 'access was removed that had not been approved'
        WHEN asked < opened THEN 'asked for before it was opened'
        WHEN decided < coalesce(asked, opened) THEN 'decided before it was asked for'
        WHEN removed < decided THEN 'removed before it was approved'
        WHEN closed < greatest(opened, asked, decided, removed) THEN 'closed before the last thing that happened to it'
    END AS reason
FROM known;

-- :tickets_read
-- The combined values of a ticket's rows: the first row with a value counts.
CREATE TEMP TABLE tickets_read AS
SELECT
    no, min(line) AS first_line, count(*) AS many,
    arg_min(tenant, line) AS tenant, arg_min(opened, line) AS opened, arg_min(closed, line) AS closed
FROM parsed WHERE reason IS NULL GROUP BY no;

-- :disagreeing
-- The rows of tickets with several rows that say what an earlier row has said, or that contradict it. Doubled rows are
-- looked for among those that have a number in common, which is faster than among all.
CREATE TEMP TABLE disagreeing AS
WITH of_several AS (
    SELECT
        p.line, p.tenant, p.opened, p.closed, p.asked, p.decided, p.removed, t.first_line, t.tenant AS first_tenant,
        t.opened AS first_opened, t.closed AS first_closed,
        hash(p.no, p.tenant, p.resource_tenant, p.opened, p.asked, p.decided, p.decision, p.removed, p.closed) AS number
    FROM parsed AS p JOIN tickets_read AS t ON t.no = p.no
    WHERE p.reason IS NULL AND t.many > 1
), doubled AS (
    SELECT line, min(line) OVER (PARTITION BY p.no, p.tenant, p.resource_tenant, p.opened, p.asked, p.decided,
                                 p.decision, p.removed, p.closed) AS same
    FROM parsed AS p SEMI JOIN (
        SELECT unnest(list(line)) AS line FROM of_several GROUP BY number HAVING count(*) > 1
    ) AS likely USING (line)
)
SELECT line, CASE
    WHEN line > same THEN 'the same as line ' || same
    WHEN tenant <> first_tenant THEN 'line ' || first_line || ' says that another tenant opened this support request'
    WHEN opened <> first_opened THEN 'an earlier line says that this support request was opened at another time'
    WHEN closed <> first_closed THEN 'an earlier line says that this support request was closed at another time'
    WHEN least(asked, decided) < first_opened THEN 'asked for before it was opened, as another line says'
    WHEN greatest(opened, asked, decided, removed) > first_closed
        THEN 'it happened after the support request was closed, as another line says'
END AS reason
FROM of_several LEFT JOIN doubled USING (line)
WHERE CASE
    WHEN line > same OR tenant <> first_tenant OR opened <> first_opened OR closed <> first_closed
        OR least(asked, decided) < first_opened OR greatest(opened, asked, decided, removed) > first_closed THEN true
    ELSE false END;

-- :asked_again
-- The tickets for which access to a tenant is asked for more than once.
CREATE TEMP TABLE asked_again AS
SELECT p.no, p.resource_tenant
FROM parsed AS p SEMI JOIN (FROM tickets_read WHERE many > 1) AS t USING (no)
WHERE p.reason IS NULL AND p.resource_tenant IS NOT NULL
GROUP BY ALL HAVING count(*) > 1;

-- :asked_too_early
-- The rows that ask for a tenant again while the rules forbid it: while a request is pending, and once one was approved.
CREATE TEMP TABLE asked_too_early AS
SELECT unnest(found.early) AS line, 'access to this tenant was asked for before under this support request' AS reason
FROM (
    SELECT list_reduce(
        list({asked: asked, until: until, line: line} ORDER BY asked, line),
        lambda so_far, row: if(
            row.asked >= so_far.until, {until: row.until, early: so_far.early},
            {until: so_far.until, early: list_append(so_far.early, row.line)}
        ),
        {until: TIMESTAMP '1970-01-01', early: []::BIGINT[]}
    ) AS found
    FROM (
        SELECT
            no, resource_tenant, line, coalesce(asked, opened, decided) AS asked,
            if(decision = 'Rejected', decided, TIMESTAMP '2200-01-01') AS until
        FROM parsed SEMI JOIN asked_again USING (no, resource_tenant) ANTI JOIN disagreeing AS d USING (line)
        WHERE reason IS NULL
    )
    GROUP BY no, resource_tenant
);

-- :numbers
-- The number within its ticket of each row that can be used of a ticket with several rows.
CREATE TEMP TABLE numbers AS
SELECT
    line,
    row_number() OVER (PARTITION BY no ORDER BY resource_tenant IS NULL, coalesce(asked, opened, decided), line) AS n
FROM parsed SEMI JOIN (FROM tickets_read WHERE many > 1) AS t USING (no)
ANTI JOIN disagreeing AS d USING (line) ANTI JOIN asked_too_early AS a USING (line)
WHERE reason IS NULL;

-- :taken
-- The rows that can be used, each with the number of its request within the ticket.
CREATE TEMP VIEW taken AS
SELECT p.*, coalesce(p.asked, p.opened, p.decided) AS asked_at, coalesce(n.n, 1) AS n
FROM parsed AS p LEFT JOIN numbers AS n ON n.line = p.line
ANTI JOIN disagreeing AS d ON d.line = p.line ANTI JOIN asked_too_early AS a ON a.line = p.line
WHERE p.reason IS NULL;

-- :refused
-- The rows that cannot be used, with the reason.
CREATE TEMP TABLE refused AS
SELECT line, reason FROM parsed WHERE reason IS NOT NULL
UNION ALL FROM disagreeing UNION ALL FROM asked_too_early
UNION ALL SELECT line, 'the line cannot be read: ' || lower(error) FROM unreadable;

-- :places
-- The tenants with their stand-ins, numbered in the order of their ids.
CREATE TEMP TABLE places AS SELECT tenant, person, row_number() OVER (ORDER BY tenant)::INTEGER AS place FROM stand_ins;

-- :tickets_made
-- The tickets of the room.
CREATE TEMP TABLE tickets_made AS
SELECT
    key_of(m.no, 0) AS key, m.* REPLACE (coalesce(m.opened_by, s.person) AS opened_by), s.person AS stand_in, s.place,
    CASE WHEN n.ticket IS NOT NULL AND NOT $generated_names
             AND regexp_full_match(n.ticket, '[A-Za-z0-9][A-Za-z0-9._-]{0,39}') THEN n.ticket
         ELSE (100000000000000 + md5_number_lower($seed || 'ticket' || coalesce(n.ticket, 'line ' || m.no)) % 900000000000000)
             ::VARCHAR END AS ticket_id
FROM (
    SELECT
        no, any_value(tenant) AS tenant,
        coalesce(arg_min(opened, line), min(asked_at)) AS opened, arg_min(closed, line) AS closed,
        coalesce(if($generated_names, NULL, tidied(arg_min(title, line), 500)), 'Imported support request') AS title,
        coalesce(arg_min(engineer, line), $engineer) AS engineer, arg_min(opened_by, line) AS opened_by
    FROM taken GROUP BY no
) AS m
JOIN places AS s ON s.tenant = m.tenant
LEFT JOIN named AS n ON n.no = m.no;

-- :requests_made
-- The access requests of the room, with all that is said of each. An id has 12 of 16 characters, those of an md5 without
-- vowels, 0 and 1: among a million the chance that any two are the same is 0.2 %.
CREATE TEMP TABLE requests_made AS
SELECT
    key_of(t.no, t.n) AS key, t.no, t.n, m.ticket_id, m.tenant, m.title, m.engineer, m.closed, t.resource_tenant,
    m.place AS home_place, s.place AS resource_place,
    t.asked_at AS asked, t.decided, t.removed, t.decision,
    coalesce(t.decided_by, m.stand_in) AS decided_by, coalesce(t.removed_by, s.person) AS removed_by,
    CASE WHEN t.decision = 'Rejected' THEN 'Rejected' WHEN t.removed IS NOT NULL THEN 'Revoked'
        WHEN m.closed IS NOT NULL THEN if(t.decision IS NULL, 'Canceled', 'Completed')
        ELSE if(t.decision IS NULL, 'Pending', 'Approved') END AS status,
    'r-' || replace(replace(replace(replace(left(md5($seed || 'request' || m.ticket_id || '/' || t.n), 12),
        '0', 'g'), '1', 'h'), 'a', 'j'), 'e', 'k') AS request_id,
    coalesce(if($generated_names, NULL, tidied(t.asked_because, 500)), 'Imported access request') AS reason
FROM taken AS t
JOIN tickets_made AS m ON m.no = t.no
JOIN places AS s ON s.tenant = t.resource_tenant;

-- :steps
-- What a line of the log can say, by the number of the step: it is a ticket's own or, from 2 on, an access request's.
CREATE TEMP TABLE steps AS
FROM (VALUES
    (0::UTINYINT, 'open', NULL, NULL), (1, 'close', NULL, NULL), (2, 'request', NULL, 'Pending'),
    (3, 'approve', 'Pending', 'Approved'), (4, 'reject', 'Pending', 'Rejected'), (5, 'revoke', 'Approved', 'Revoked'),
    (6, 'cancel', 'Pending', 'Canceled'), (7, 'complete', 'Approved', 'Completed')
) AS known(step, action, from_status, to_status);

-- :happened
-- What happened, in the order of the log.
CREATE TEMP TABLE happened AS
SELECT 1 + row_number() OVER () AS seq, occurred_at, key_in(place) AS key, step_in(place) AS step
FROM (
    SELECT opened AS occurred_at, place_of(no, 0, 0, 0) AS place FROM tickets_made
    UNION ALL SELECT asked, place_of(no, 0, n, 2) FROM requests_made
    UNION ALL SELECT decided, place_of(no, 0, n, if(decision = 'Approved', 3, 4)) FROM requests_made WHERE decided IS NOT NULL
    UNION ALL SELECT removed, place_of(no, 0, n, 5) FROM requests_made WHERE removed IS NOT NULL
    UNION ALL SELECT closed, place_of(no, 1, 0, 1) FROM tickets_made WHERE closed IS NOT NULL
    UNION ALL SELECT closed, place_of(no, 1, n, if(status = 'Canceled', 6, 7)) FROM requests_made
        WHERE status IN ('Canceled', 'Completed')
    ORDER BY occurred_at, place
);

-- :log
-- The lines of the room's log after its first one.
SELECT
    h.seq, h.occurred_at, s.action, coalesce(r.ticket_id, m.ticket_id) AS ticket_id, r.request_id,
    CASE h.step WHEN 0 THEN m.opened_by WHEN 3 THEN r.decided_by WHEN 4 THEN r.decided_by WHEN 5 THEN r.removed_by END
        AS person,
    CASE h.step WHEN 0 THEN m.tenant WHEN 3 THEN r.tenant WHEN 4 THEN r.tenant WHEN 5 THEN r.resource_tenant END
        AS signed_in_to,
    CASE h.step WHEN 1 THEN m.engineer WHEN 2 THEN r.engineer END AS engineer,
    s.from_status, s.to_status,
    CASE h.step WHEN 0 THEN m.tenant WHEN 2 THEN r.resource_tenant END AS tenant,
    if(h.step = 0, m.title, NULL) AS title, if(h.step = 0, 'B', NULL) AS severity,
    if(h.step = 0, true, NULL) AS advanced_diagnostics,
    if(h.step = 0, m.engineer, NULL) AS assigned_engineer, if(h.step = 2, r.reason, NULL) AS reason
FROM happened AS h
JOIN steps AS s ON s.step = h.step
LEFT JOIN tickets_made AS m ON m.key = h.key
LEFT JOIN requests_made AS r ON r.key = h.key

-- :tickets
SELECT
    ticket_id, tenant, title, 'B' AS severity, true AS advanced_diagnostics, engineer, opened AS opened_at, opened_by,
    closed AS closed_at, if(closed IS NULL, NULL, engineer) AS closed_by_engineer
FROM tickets_made ORDER BY tenant, ticket_id

-- :audit_kinds
-- The rows of the room's table `audit` that can come of a file, with a number each.
CREATE TEMP TABLE audit_kinds AS
SELECT row_number() OVER () AS kind, a.side, s.* FROM audit AS a JOIN steps AS s USING (action, to_status);

-- :requests_order
-- The rows of the room's table `requests`, by tenant and line of the log: a narrow table is sorted in a quarter of the time.
CREATE TEMP TABLE requests_order AS
SELECT if(for_resource, r.resource_place, r.home_place) AS place, h.seq, r.key, for_resource
FROM requests_made AS r
JOIN happened AS h ON h.key = r.key AND h.step = 2
CROSS JOIN (VALUES (false), (true)) AS sides(for_resource)
ORDER BY place, h.seq;

-- :requests
SELECT
    if(o.for_resource, r.resource_tenant, r.tenant) AS tenant,
    if(o.for_resource, 'resource tenant', 'support request tenant') AS side,
    o.seq, r.request_id, r.ticket_id, r.title, 'B' AS severity,
    if(r.closed IS NULL, 'Open', 'Closed') AS ticket_status, r.tenant AS support_request_tenant,
    r.resource_tenant, r.reason, r.status, r.engineer, r.asked AS requested_at,
    if(r.decided IS NULL, NULL, r.decided_by) AS decided_by, if(r.decided IS NULL, NULL, r.tenant) AS decided_in,
    r.decided AS decided_at,
    CASE r.status WHEN 'Revoked' THEN r.removed_by WHEN 'Approved' THEN r.decided_by WHEN 'Rejected' THEN r.decided_by END
        AS changed_by,
    CASE r.status WHEN 'Revoked' THEN r.resource_tenant WHEN 'Approved' THEN r.tenant WHEN 'Rejected' THEN r.tenant END
        AS changed_in,
    if(r.status = 'Pending', r.engineer, NULL) AS changed_by_engineer,
    CASE r.status WHEN 'Pending' THEN r.asked WHEN 'Revoked' THEN r.removed WHEN 'Approved' THEN r.decided
        WHEN 'Rejected' THEN r.decided ELSE r.closed END AS changed_at
FROM requests_order AS o
JOIN requests_made AS r ON r.key = o.key

-- :audit_order
-- The rows of the room's table `audit_entries`, by tenant and line of the log.
CREATE TEMP TABLE audit_order AS
SELECT
    if(a.side = 'resource tenant', r.resource_place, r.home_place) AS place, h.seq, h.occurred_at, h.key, a.kind
FROM happened AS h
JOIN audit_kinds AS a ON a.step = h.step
JOIN requests_made AS r ON r.key = h.key
ORDER BY place, h.seq;

-- :audit_entries
SELECT
    if(a.side = 'resource tenant', r.resource_tenant, r.tenant) AS tenant, a.side, o.seq, o.occurred_at, a.action,
    a.to_status, r.ticket_id, r.request_id, r.tenant AS support_request_tenant, r.resource_tenant,
    CASE a.step WHEN 3 THEN r.decided_by WHEN 4 THEN r.decided_by WHEN 5 THEN r.removed_by END AS person
FROM audit_order AS o
JOIN requests_made AS r ON r.key = o.key
JOIN audit_kinds AS a ON a.kind = o.kind
