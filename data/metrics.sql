-- Every figure shown anywhere, each defined once. They are read by a trainer or an analyst, over the whole room.

-- :requests by status
-- How many access requests stand in each status; a status that none stands in has no row.
SELECT status, count(*) AS requests FROM requests WHERE side = 'resource tenant' GROUP BY status ORDER BY requests DESC, status

-- :hours to a decision
-- From the request to the approval or rejection that decided it; undecided requests are not in it. `share`: how many of
-- the decided ones had been decided within so many hours.
SELECT
    request_id, status, date_diff('second', requested_at, decided_at) / 3600 AS hours,
    cume_dist() OVER (ORDER BY date_diff('second', requested_at, decided_at)) AS share
FROM requests WHERE side = 'resource tenant' AND decided_at IS NOT NULL
ORDER BY hours, request_id

-- :live grants by day
-- How many approved requests gave access at the end of each day of the room; the last day ends with the room's now.
WITH grants AS (
    SELECT
        request_id,
        min(occurred_at) FILTER (to_status = 'Approved') AS begins,
        coalesce(max(occurred_at) FILTER (to_status IN ('Revoked', 'Completed')), TIMESTAMP 'infinity') AS ends
    FROM log WHERE request_id IS NOT NULL GROUP BY request_id
), days AS (
    SELECT unnest(generate_series(
        (SELECT date_trunc('day', min(occurred_at)) FROM log),
        (SELECT date_trunc('day', now) FROM clock), INTERVAL 1 DAY
    )) AS day
)
SELECT day::DATE AS day, count(g.request_id) AS grants
FROM days LEFT JOIN grants AS g ON g.begins < day + INTERVAL 1 DAY AND g.ends >= day + INTERVAL 1 DAY
GROUP BY day ORDER BY day

-- :tickets opened by week
-- By the Monday that the week begins with. `whole`: the room's history covers all of the week, which is not so at its
-- two ends.
WITH span AS (SELECT min(occurred_at) AS first, (SELECT now FROM clock) AS now FROM log), weeks AS (
    SELECT
        unnest(generate_series(date_trunc('week', first), date_trunc('week', now), INTERVAL 7 DAY)) AS week, first, now
    FROM span
)
SELECT
    week::DATE AS week, count(t.ticket_id) AS tickets,
    first <= week AND week + INTERVAL 7 DAY <= now AS whole
FROM weeks LEFT JOIN tickets AS t ON date_trunc('week', t.opened_at) = week
GROUP BY week, first, now ORDER BY week

-- :undecided for how long
-- Pending requests and the hours that they have waited.
SELECT request_id, support_request_tenant, resource_tenant, date_diff('second', requested_at, now) / 3600 AS hours
FROM requests, clock WHERE side = 'resource tenant' AND status = 'Pending'
ORDER BY hours DESC, request_id

-- :time in each status
-- From when until when a ticket was Open (its row has no request_id, and the support request tenant), and an access
-- request stood in a status (with the resource tenant). What still holds ends with the room's now.
SELECT
    ticket_id, NULL AS request_id, tenant, 'Open' AS status, opened_at AS begins, coalesce(closed_at, now) AS ends
FROM tickets, clock
UNION ALL
SELECT
    l.ticket_id, l.request_id, r.resource_tenant, l.to_status, l.occurred_at,
    coalesce(lead(l.occurred_at) OVER (PARTITION BY l.request_id ORDER BY l.seq), now)
FROM log AS l JOIN requests AS r ON r.request_id = l.request_id AND r.side = 'resource tenant', clock
ORDER BY begins, ticket_id, request_id NULLS FIRST, ends

-- :tries to read
-- Every try to read or change diagnostic data: of which tenant's, and whether it was granted or why it was refused.
SELECT occurred_at, ticket_id, tenant, category, coalesce(refusal, 'granted') AS outcome
FROM log WHERE action = 'read' ORDER BY seq
