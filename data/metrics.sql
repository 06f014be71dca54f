-- Every figure shown anywhere, each defined once. They are read by a trainer or an analyst, over the whole room.

-- :requests by status
SELECT status, count(*) AS requests FROM requests WHERE side = 'resource tenant' GROUP BY status ORDER BY requests DESC, status

-- :hours to a decision
-- From the request to the approval or rejection that decided it; undecided requests are not in it.
SELECT request_id, status, date_diff('second', requested_at, decided_at) / 3600 AS hours
FROM requests WHERE side = 'resource tenant' AND decided_at IS NOT NULL
ORDER BY hours, request_id

-- :live grants by day
-- How many approved requests gave access at the end of each day of the room.
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
SELECT date_trunc('week', opened_at)::DATE AS week, count(*) AS tickets FROM tickets GROUP BY week ORDER BY week

-- :undecided for how long
-- Pending requests and the hours that they have waited.
SELECT request_id, support_request_tenant, resource_tenant, date_diff('second', requested_at, now) / 3600 AS hours
FROM requests, clock WHERE side = 'resource tenant' AND status = 'Pending'
ORDER BY hours DESC, request_id
