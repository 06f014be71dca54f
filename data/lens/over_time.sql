-- What a viewer sees over time: the figures, days and bars of the pages Overview and Timeline, for every kind of viewer.
--
-- `sql.py` prepends what the viewer can reach to each query:
--     requests_in_reach   rows of `requests`: of a member's tenant; for an engineer and for the trainer one of each request
--     tickets_in_reach    rows of `tickets`: of a member's tenant, of an engineer, or all
--     alike               when those in reach that concern the chosen tenant were asked for, decided and last changed
--     asked, granted      of these those that the viewer sees or saw while they were Pending, or Approved
--     ended               of these those that the viewer sees in the status in which they stand
--     seen_now            of the requests in reach those that the viewer sees in the status in which they stand
--     visible_statuses    the statuses that the viewer sees of a side
-- A request in reach may be hidden: a query reads only what its viewer sees or saw of it.
-- Parameters: those of `lens.sql`, and what the viewer chose: $days (counted back from today), $only_tenant,
-- $only_status, $only_engineer (ids and a status, or NULL for all), $newest (how many).

-- ::alike
-- For a viewer from whom nothing is hidden: of `many` requests of the same days the earliest times. Those that leave
-- Approved access within three days (or would, if they had ended) are counted by themselves: for each request its time
-- that counts is compared, and no other is worked out.
SELECT
    status, count(*) AS many, min(requested_at) AS requested_at, min(decided_at) AS decided_at,
    min(changed_at) AS changed_at
FROM requests_in_reach, (
    SELECT counted_from = 'created' AS from_creation, now + INTERVAL 3 DAY - to_hours(hours) AS last FROM clock, history
)
WHERE "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
GROUP BY
    status, requested_at::DATE, decided_at::DATE, changed_at::DATE,
    if(from_creation, requested_at, changed_at) <= last

-- ::each
-- For a member: each request by itself, so that nothing depends on how many are alike in what is hidden.
SELECT side, status, 1 AS many, requested_at, decided_at, changed_at
FROM requests_in_reach WHERE "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)

-- ::spells
-- The time spans in which access requests had a status, of all that the viewer saw; a current one has no end.
-- A final status ends when the request leaves Approved access.
SELECT
    many, 'Pending' AS status, requested_at AS begins,
    if(r.status = 'Pending', NULL, coalesce(decided_at, changed_at)) AS ends
FROM asked AS r
UNION ALL
SELECT many, 'Approved', decided_at, if(r.status = 'Approved', NULL, changed_at)
FROM granted AS r WHERE r.status IN ('Approved', 'Revoked', 'Completed')
UNION ALL
SELECT many, status, changed_at, "data.lens".leaves_at(status, counted_from, hours, requested_at, changed_at)
FROM ended CROSS JOIN history WHERE status NOT IN ('Pending', 'Approved')

-- :by_day
-- What the viewer saw at the end of each of the last days, and what happened on it; the last day ends with the room's
-- now. `oldest_waiting` and `longest_live` are hours; `leaving_soon` leave Approved access within three days of its end.
WITH bounds AS MATERIALIZED (
    SELECT now, now::DATE AS today, now::DATE - ($days::INTEGER - 1) AS first FROM clock
), counted AS MATERIALIZED (
    SELECT
        status, begins::DATE AS begins_on, ends::DATE AS ends_on, sum(many) AS many, min(begins) AS earliest,
        sum(many) FILTER (ends <= now + INTERVAL 3 DAY) AS soon
    FROM spells, bounds WHERE ends IS NULL OR ends >= first
    GROUP BY ALL
), days AS (
    SELECT unnest(generate_series(first, today, INTERVAL 1 DAY))::DATE AS day, now, today FROM bounds
)
SELECT
    day,
    coalesce(sum(many) FILTER (lasts AND status = 'Pending'), 0)::BIGINT AS waiting,
    coalesce(sum(many) FILTER (lasts AND status = 'Approved'), 0)::BIGINT AS live,
    date_sub('second', min(earliest) FILTER (lasts AND status = 'Pending'), any_value(until)) / 3600 AS oldest_waiting,
    date_sub('second', min(earliest) FILTER (lasts AND status = 'Approved'), any_value(until)) / 3600 AS longest_live,
    coalesce(sum(if(day = today, soon, if(ends_on <= day + 3, many, 0)))
        FILTER (lasts AND status NOT IN ('Pending', 'Approved')), 0)::BIGINT AS leaving_soon,
    coalesce(sum(many) FILTER (begins_on = day AND status = 'Pending'), 0)::BIGINT AS requests,
    coalesce(sum(many) FILTER (begins_on = day AND status IN ('Approved', 'Rejected')), 0)::BIGINT AS decisions
FROM (
    SELECT
        d.day, d.today, least(d.day + INTERVAL 1 DAY, d.now) AS until, s.*, s.ends_on IS NULL OR s.ends_on > d.day AS lasts
    FROM days AS d LEFT JOIN counted AS s ON s.begins_on <= d.day
)
GROUP BY day ORDER BY day

-- :longest
-- The pending request that has waited longest, and the live grant that has lasted longest: a row each, if there is one.
WITH lasting AS (
    (SELECT *, requested_at AS since FROM seen_now
     WHERE status = 'Pending' AND "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
     ORDER BY requested_at, request_id LIMIT 1)
    UNION ALL
    (SELECT *, decided_at FROM seen_now
     WHERE status = 'Approved' AND "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
     ORDER BY decided_at, request_id LIMIT 1)
)
SELECT r.status, r.request_id, r.ticket_id, r.title, r.support_request_tenant, r.resource_tenant, e.name AS engineer, since
FROM lasting AS r JOIN engineers AS e USING (engineer)
ORDER BY status

-- :flow
-- How many access requests stand in each status that the viewer sees (`now`), and how many ever came to it (`ever`).
WITH counted AS MATERIALIZED (
    SELECT 'resource tenant' AS side, status, count(*) AS many FROM requests_in_reach
    WHERE side = 'resource tenant' AND "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
    GROUP BY status
    UNION ALL
    SELECT 'support request tenant', status, count(*) FROM requests_in_reach
    WHERE side = 'support request tenant'
      AND "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
    GROUP BY status
)
SELECT
    v.status, coalesce(sum(c.many) FILTER (c.status = v.status), 0)::BIGINT AS now,
    coalesce(sum(c.many) FILTER (c.status = v.status OR v.status = 'Pending'
        OR v.status = 'Approved' AND c.status IN ('Revoked', 'Completed')), 0)::BIGINT AS ever
FROM visible_statuses AS v LEFT JOIN counted AS c USING (side)
GROUP BY v.status ORDER BY v.status

-- :load
-- The workload of each engineer: open tickets, pending requests, live grants.
SELECT
    e.name AS engineer, coalesce(t.open, 0) AS open_tickets, coalesce(r.waiting, 0)::BIGINT AS waiting,
    coalesce(r.live, 0)::BIGINT AS live
FROM (
    SELECT engineer, count(*) AS open FROM tickets_in_reach
    WHERE closed_at IS NULL AND ($only_tenant IS NULL OR tenant = $only_tenant) GROUP BY engineer
) AS t
FULL JOIN (
    SELECT engineer, sum(waiting) AS waiting, sum(live) AS live
    FROM (
        SELECT engineer, 1 AS waiting, 0 AS live FROM seen_now
        WHERE status = 'Pending' AND "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
        UNION ALL
        SELECT engineer, 0, 1 FROM seen_now
        WHERE status = 'Approved' AND "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
    ) GROUP BY engineer
) AS r USING (engineer)
JOIN engineers AS e USING (engineer)
ORDER BY open_tickets DESC, live DESC, waiting DESC, e.name LIMIT 15

-- :newest_requests
-- The newest of the access requests that the viewer sees and has chosen.
WITH chosen AS (
    FROM seen_now WHERE "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
), earliest AS MATERIALIZED (
    SELECT min(requested_at) AS at FROM (SELECT requested_at FROM chosen ORDER BY requested_at DESC LIMIT $newest)
)
SELECT
    r.ticket_id, r.request_id, r.title, r.support_request_tenant, r.resource_tenant, r.status, r.requested_at,
    r.changed_at, e.name AS engineer
FROM chosen AS r JOIN earliest ON r.requested_at >= earliest.at JOIN engineers AS e USING (engineer)
ORDER BY r.requested_at DESC, r.request_id LIMIT $newest

-- :partners
-- The tenants on either side of the access requests that the viewer sees.
SELECT support_request_tenant AS tenant FROM seen_now
UNION
SELECT resource_tenant FROM seen_now
ORDER BY tenant LIMIT 300

-- :timeline
-- The newest cases as bars and marks: from when until when a support request was open (of its own tenant's), an access
-- request waited and gave access, and when something was decided or ended; what still holds ends with the room's now.
-- `place` counts the cases from the newest, `lane` the access requests of a case. Of a large room few tickets and
-- requests are compared by their ids: tickets of the cases' tenants and, if all tickets are in reach, requests that are
-- not older than the first of these.
WITH cases AS MATERIALIZED (
    SELECT ticket_id, any_value(tenant) AS tenant, row_number() OVER (ORDER BY min(begins) DESC, ticket_id) AS place
    FROM (
        (SELECT ticket_id, tenant, opened_at AS begins FROM tickets_in_reach
         WHERE $only_status IS NULL AND ($only_tenant IS NULL OR tenant = $only_tenant)
           AND ($only_engineer IS NULL OR engineer = $only_engineer)
         ORDER BY begins DESC, ticket_id LIMIT $newest)
        UNION ALL
        (SELECT ticket_id, support_request_tenant, requested_at FROM seen_now
         WHERE "data.lens".concerns(support_request_tenant, resource_tenant, $only_tenant)
           AND ($only_status IS NULL OR status = $only_status) AND ($only_engineer IS NULL OR engineer = $only_engineer)
         ORDER BY requested_at DESC, request_id LIMIT $newest)
    ) GROUP BY ticket_id ORDER BY place LIMIT $newest
), tickets_of_cases AS MATERIALIZED (
    SELECT t.*, c.place
    FROM (FROM tickets_in_reach SEMI JOIN cases USING (tenant)) AS t JOIN cases AS c USING (ticket_id)
), opened AS MATERIALIZED (
    SELECT if(count(*) = (SELECT count(*) FROM cases), min(opened_at), '-infinity'::TIMESTAMP) AS first
    FROM tickets_of_cases
), requests_of_cases AS MATERIALIZED (
    SELECT r.*, c.place, row_number() OVER (PARTITION BY ticket_id ORDER BY r.requested_at, r.request_id) AS lane
    FROM (SELECT r.* FROM seen_now AS r JOIN opened ON r.requested_at >= opened.first) AS r
    JOIN cases AS c USING (ticket_id)
), drawn AS (
    SELECT place, 0 AS lane, 'bar' AS kind, 'open' AS what, ticket_id, NULL AS request_id, title,
        tenant AS support_request_tenant, NULL AS resource_tenant, engineer, opened_at AS begins,
        coalesce(closed_at, now) AS ends
    FROM tickets_of_cases, clock
    UNION ALL
    SELECT place, lane, 'bar', 'waiting', ticket_id, request_id, title, support_request_tenant, resource_tenant, engineer,
        requested_at, coalesce(decided_at, if(status = 'Pending', now, changed_at))
    FROM requests_of_cases, clock
    UNION ALL
    SELECT place, lane, 'bar', 'access', ticket_id, request_id, title, support_request_tenant, resource_tenant, engineer,
        decided_at, if(status = 'Approved', now, changed_at)
    FROM requests_of_cases, clock WHERE status IN ('Approved', 'Revoked', 'Completed')
    UNION ALL
    SELECT place, lane, 'mark', 'approved', ticket_id, request_id, title, support_request_tenant, resource_tenant,
        engineer, decided_at, decided_at
    FROM requests_of_cases WHERE status IN ('Approved', 'Revoked', 'Completed')
    UNION ALL
    SELECT place, lane, 'mark', lower(status), ticket_id, request_id, title, support_request_tenant, resource_tenant,
        engineer, changed_at, changed_at
    FROM requests_of_cases WHERE status NOT IN ('Pending', 'Approved')
)
SELECT d.* REPLACE (e.name AS engineer) FROM drawn AS d JOIN engineers AS e USING (engineer)
ORDER BY place, lane, begins, kind, what
