-- Every figure shown anywhere, each defined once. They read the whole room, so they are for trainers and analysts.
--
-- Those down to "requests by status" are the figures of simulated runs too, and read only what a run has (see
-- `figures.py`). What is still open at the end of the observation, which is the room's now, is right-censored; only a
-- guess needs a closed ticket. The macros come first. The relations `decided`, `resolved`, `solved` and `grants` are
-- what the macros of these names return; a statement computes each of them once, however many figures it reads.

-- ::incidence
-- For how many of all cases the outcome of a case stands, while the outcomes compete with each other (Aalen-Johansen).
-- `spells` names a relation with the outcome of each case, or NULL, and the seconds until then. Each case that was
-- observed to its outcome stands for `cases`: for itself, and for its part of those that were still open when they were
-- lost from sight, after fewer seconds. Up to the first loss that is 1, and nothing has to be sorted; if nothing is
-- open, all shares are plain shares to the last digit. It equals the textbook's product of survivals (of a single
-- outcome, one minus Kaplan-Meier). At the same second, outcomes come before losses.
CREATE OR REPLACE MACRO "data.lens".incidence(spells) AS TABLE
WITH observed AS (
    SELECT count(*)::DOUBLE AS all_cases, min(seconds) FILTER (outcome IS NULL) AS first_loss FROM query_table(spells)
), late AS (
    SELECT outcome, seconds, all_cases FROM query_table(spells), observed WHERE outcome IS NULL OR seconds > first_loss
)
SELECT outcome, seconds, 1::DOUBLE AS cases, all_cases
FROM query_table(spells), observed WHERE outcome IS NOT NULL AND seconds <= coalesce(first_loss, seconds)
UNION ALL
SELECT outcome, seconds, if(outcome IS NULL, 0, 1 / in_sight) AS cases, all_cases
FROM (
    SELECT
        outcome, seconds, all_cases,
        product(if(outcome IS NULL, 1 - 1 / under_way, 1)) OVER (ROWS UNBOUNDED PRECEDING) AS in_sight
    FROM (
        SELECT outcome, seconds, all_cases, (SELECT count(*) FROM late) + 1 - row_number() OVER () AS under_way
        FROM (FROM late ORDER BY seconds, outcome IS NULL)
    )
);

-- ::steps
-- How many cases came to the wanted outcome, counted up in steps: each ends 5 % further than the one before.
-- `incidence` names a relation. `so_far`: cases up to the end of the step; `after`: the last second of the step before.
CREATE OR REPLACE MACRO "data.lens".steps(incidence, wanted) AS TABLE
SELECT
    seconds, points, all_cases, sum(cases) OVER (ROWS UNBOUNDED PRECEDING) AS so_far,
    so_far - cases AS before, coalesce(lag(seconds) OVER (), -1) AS after
FROM (
    SELECT
        max(seconds) AS seconds, count(*) AS points, sum(cases) AS cases, any_value(all_cases) AS all_cases
    FROM query_table(incidence) WHERE outcome = wanted
    GROUP BY ceil(20 * ln(greatest(seconds, 1)))
    ORDER BY max(seconds)
);

-- ::within
-- The hours within which half, and nine in ten, of all cases come to the wanted outcome; no row, where it never comes to
-- so many. `incidence` names a relation and `steps` its steps: only a step that reaches a share is counted case by case.
CREATE OR REPLACE MACRO "data.lens".within(incidence, wanted, steps) AS TABLE
WITH reaching AS (
    SELECT portion, min_by(s, seconds) AS step
    FROM query_table(steps) AS s, (VALUES (0.5), (0.9)) AS portions(portion)
    WHERE so_far / all_cases >= portion - 1e-9 GROUP BY portion
)
SELECT portion, min(seconds) / 3600 AS hours
FROM (
    SELECT portion, seconds, (step.before + sum(cases) OVER (PARTITION BY portion ORDER BY seconds)) / all_cases AS share
    FROM query_table(incidence), reaching
    WHERE seconds > step.after AND seconds <= step.seconds AND outcome = wanted
)
WHERE share >= portion - 1e-9 GROUP BY portion;

-- ::nobody
-- For what share of requests there is, for some approval that the policy asks for, nobody who could give it: who
-- administers the tenants that it needs an administrator of, and sees Pending requests in one of them. (Where one
-- approval is enough, seeing it in the other tenant will do.) `tenants` names a relation with how many requests
-- two tenants have.
CREATE OR REPLACE MACRO "data.lens".nobody(tenants) AS TABLE
WITH doors AS (
    SELECT
        key, side, len(takes) AS needs, list_contains(takes, side) AS needed,
        (needed OR (SELECT count(DISTINCT k.key) = 1 FROM keys AS k))
            AND side IN (SELECT v.side FROM visibility AS v WHERE v.status = 'Pending') AS shown
    FROM (SELECT key, list(side) AS takes FROM keys GROUP BY key),
        (VALUES ('support request tenant'), ('resource tenant')) AS sides(side)
), givers AS (
    SELECT support_request_tenant, resource_tenant, key, person
    FROM query_table(tenants) CROSS JOIN doors JOIN memberships AS m
        ON m.tenant = if(side = 'resource tenant', resource_tenant, support_request_tenant) AND m.manages_support_access
    GROUP BY support_request_tenant, resource_tenant, key, person, needs
    HAVING count(*) FILTER (needed) = needs AND bool_or(shown)
), given AS (
    SELECT support_request_tenant, resource_tenant, count(DISTINCT key) AS approvals FROM givers GROUP BY ALL
)
SELECT sum(if(approvals = (SELECT count(DISTINCT key) FROM keys), 0, requests)) / sum(requests) AS share
FROM query_table(tenants) LEFT JOIN given USING (support_request_tenant, resource_tenant);

-- ::restricted
-- The mean hours until a case has the outcome of interest, each counted up to 30 days; `incidence` names a relation.
-- Whole seconds are summed before they become hours, so the result does not depend on their order.
CREATE OR REPLACE MACRO "data.lens".restricted(incidence, wanted) AS TABLE
SELECT
    720 - sum(if(outcome = wanted AND seconds < 2592000, cases * (2592000 - seconds), 0)) / 3600
        / any_value(all_cases) AS hours
FROM query_table(incidence);

-- ::decided
-- The incidence of decisions: for each access request the seconds until it was decided, canceled or expired; without an
-- outcome, until now.
CREATE OR REPLACE MACRO "data.lens".decided() AS TABLE
WITH spells AS (
    SELECT
        CASE WHEN decided_at IS NOT NULL THEN 'decided'::ENUM('decided', 'canceled', 'expired')
             WHEN status = 'Canceled' THEN 'canceled' WHEN status = 'Expired' THEN 'expired' END AS outcome,
        date_diff('second', requested_at,
                  coalesce(decided_at, if(status IN ('Canceled', 'Expired'), changed_at, now))) AS seconds
    FROM requests, clock WHERE side = 'resource tenant'
)
FROM "data.lens".incidence('spells');

-- ::first_requests
-- The earliest access request of each ticket and resource tenant.
CREATE OR REPLACE MACRO "data.lens".first_requests() AS TABLE
SELECT unnest(first), resource_tenant
FROM (
    SELECT
        resource_tenant, arg_min({
            requested_at: requested_at, decided_at: decided_at, changed_at: changed_at, status: status,
            support_request_tenant: support_request_tenant
        }, requested_at) AS first
    FROM requests WHERE side = 'resource tenant' GROUP BY ticket_id, resource_tenant
);

-- ::first_decided
-- The incidence of decisions as in `decided`, of first requests only; `first_requests` names their relation.
CREATE OR REPLACE MACRO "data.lens".first_decided(first_requests) AS TABLE
WITH spells AS (
    SELECT
        CASE WHEN decided_at IS NOT NULL THEN 'decided'
             WHEN status = 'Canceled' THEN 'canceled' WHEN status = 'Expired' THEN 'expired' END AS outcome,
        date_diff('second', requested_at,
                  coalesce(decided_at, if(status IN ('Canceled', 'Expired'), changed_at, now))) AS seconds
    FROM query_table(first_requests), clock
)
FROM "data.lens".incidence('spells');

-- ::resolved
-- The incidence of resolutions: for each ticket the seconds until it was closed; without an outcome, until now.
CREATE OR REPLACE MACRO "data.lens".resolved() AS TABLE
WITH spells AS (
    SELECT
        if(closed_at IS NULL, NULL, 'closed'::ENUM('closed')) AS outcome,
        date_diff('second', opened_at, coalesce(closed_at, now)) AS seconds
    FROM tickets, clock
)
FROM "data.lens".incidence('spells');

-- ::asked
-- For each ticket with an access request: when the first one was made and the first one approved, and its closing.
CREATE OR REPLACE MACRO "data.lens".asked() AS TABLE
SELECT ticket_id, asked_at, granted_at, closed_at
FROM (
    SELECT
        ticket_id, min(requested_at) AS asked_at,
        min(decided_at) FILTER (status IN ('Approved', 'Revoked', 'Completed')) AS granted_at
    FROM requests WHERE side = 'resource tenant' GROUP BY ticket_id
) JOIN tickets USING (ticket_id);

-- ::pairs
-- For each ticket and resource tenant with an access request: when the first one was approved, if one was, and the last
-- one made, whether one was removed, and when the ticket was closed.
CREATE OR REPLACE MACRO "data.lens".pairs() AS TABLE
SELECT ticket_id, approved_at, last_asked_at, removed, closed_at
FROM (
    SELECT
        ticket_id, max(requested_at) AS last_asked_at, bool_or(status = 'Revoked') AS removed,
        min(decided_at) FILTER (status IN ('Approved', 'Revoked', 'Completed')) AS approved_at
    FROM requests WHERE side = 'resource tenant' GROUP BY ticket_id, resource_tenant
) JOIN tickets USING (ticket_id);

-- ::solved
-- The incidence of solutions: for each ticket with an access request the seconds from the first one until the first
-- grant, or until the ticket was closed without a grant; without an outcome, until now. `asked` names a relation.
CREATE OR REPLACE MACRO "data.lens".solved(asked) AS TABLE
WITH spells AS (
    SELECT
        CASE WHEN granted_at IS NOT NULL THEN 'granted' WHEN closed_at IS NOT NULL THEN 'closed' END AS outcome,
        date_diff('second', asked_at, coalesce(granted_at, closed_at, now)) AS seconds
    FROM query_table(asked), clock
)
FROM "data.lens".incidence('spells');

-- ::grants
-- The time spans in which access requests gave access; without an end, one still does.
CREATE OR REPLACE MACRO "data.lens".grants() AS TABLE
SELECT decided_at AS begins, if(status = 'Approved', NULL, changed_at) AS ends
FROM requests WHERE side = 'resource tenant' AND status IN ('Approved', 'Revoked', 'Completed');

-- ::course
-- What happened to each ticket, in order: its opening and closing, and what became of its access requests. What closing
-- brings with it (completed, canceled) is left out, as are reads. `before`: the step before it, if there was one. `events` names
-- the log: a run has none.
CREATE OR REPLACE MACRO "data.lens".course(events) AS TABLE
SELECT
    ticket_id, seq, action, occurred_at, lag(action) OVER ticket AS before,
    date_diff('second', lag(occurred_at) OVER ticket, occurred_at) / 3600 AS hours
FROM query_table(events) WHERE action IN ('open', 'request', 'approve', 'reject', 'revoke', 'expire', 'lapse', 'close')
WINDOW ticket AS (PARTITION BY ticket_id ORDER BY seq);

-- ::curve
-- The share that came to the wanted outcome within so many hours, at each point where it rises; of more than 400 cases, only
-- at the end of each step: a step curve with these points is exact at every point of their grid.
CREATE OR REPLACE MACRO "data.lens".curve(wanted, incidence, steps) AS TABLE
WITH few AS (SELECT coalesce(sum(points), 0) <= 400 AS few FROM query_table(steps))
SELECT seconds / 3600 AS hours, so_far / all_cases AS share FROM query_table(steps), few WHERE NOT few
UNION ALL
SELECT DISTINCT seconds / 3600, sum(cases) OVER (ORDER BY seconds) / all_cases
FROM query_table(incidence), few WHERE few AND outcome = wanted;

-- ::access
-- The hours of access of all grants together, until now; `granted` names a relation.
CREATE OR REPLACE MACRO "data.lens".access(granted) AS TABLE
SELECT coalesce(sum(date_diff('second', begins, coalesce(ends, now))), 0) / 3600 AS hours
FROM query_table(granted), clock;

-- :median hours to a decision
-- The hours from the request within which half of all access requests are decided; no value if it is never half.
-- Those that are canceled or expire are never decided.
SELECT min(hours) AS hours FROM decided_within WHERE portion = 0.5

-- :90th percentile of hours to a decision
-- The hours from the request within which nine in ten of all access requests are decided; no value if it is never
-- that many.
SELECT min(hours) AS hours FROM decided_within WHERE portion = 0.9

-- :restricted mean hours to a decision
-- The mean hours from an access request to its decision, each counted up to 30 days: those that
-- are never decided count as 30 days. So it has a value even if no share is reached.
FROM "data.lens".restricted('decided', 'decided')

-- :share decided within a day
-- The share of all access requests that are approved or rejected within 24 hours.
SELECT sum(if(outcome = 'decided' AND seconds <= 86400, cases, 0)) / any_value(all_cases) AS share
FROM decided

-- :share that nobody could decide
-- For how many of all access requests there is, for some approval that the policy asks for, nobody who could give it:
-- who administers the tenants that it needs an administrator of, and sees Pending requests in one of them. (Where one
-- approval is enough, seeing it in the other tenant will do.)
FROM (WITH of_tenants AS (
    SELECT support_request_tenant, resource_tenant, count(*) AS requests
    FROM requests WHERE side = 'resource tenant' GROUP BY ALL
)
FROM "data.lens".nobody('of_tenants'))

-- :share canceled undecided
-- The share of all access requests that are canceled, because the ticket is closed before anybody decides.
SELECT sum(if(outcome = 'canceled', cases, 0)) / any_value(all_cases) AS share FROM decided

-- :share expired undecided
-- The share of all access requests that expire, because nobody decides in time.
SELECT sum(if(outcome = 'expired', cases, 0)) / any_value(all_cases) AS share FROM decided

-- :share of tickets decided within a day
-- The share of tickets whose first access request for a tenant is approved or rejected within 24 hours. Here and below,
-- asking again changes nothing.
SELECT sum(if(outcome = 'decided' AND seconds <= 86400, cases, 0)) / any_value(all_cases) AS share FROM first_decided

-- :share of tickets that nobody could decide
-- Of how many tickets with an access request there is nobody who could give some approval that the policy asks for.
FROM (WITH of_tenants AS (
    SELECT support_request_tenant, resource_tenant, count(*) AS requests FROM first_requests GROUP BY ALL
)
FROM "data.lens".nobody('of_tenants'))

-- :share of tickets canceled undecided
-- The share of tickets whose first access request for a tenant is canceled, because the ticket is closed before anybody
-- decides.
SELECT sum(if(outcome = 'canceled', cases, 0)) / any_value(all_cases) AS share FROM first_decided

-- :share of tickets expired undecided
-- The share of tickets whose first access request for a tenant expires, because nobody decides in time.
SELECT sum(if(outcome = 'expired', cases, 0)) / any_value(all_cases) AS share FROM first_decided

-- :median hours to resolution
-- The hours from their opening within which half of all tickets are closed; no value if it is never half.
SELECT min(hours) AS hours FROM resolved_within WHERE portion = 0.5

-- :90th percentile of hours to resolution
-- The hours from their opening within which nine in ten of all tickets are closed; no value if it is never that
-- many.
SELECT min(hours) AS hours FROM resolved_within WHERE portion = 0.9

-- :restricted mean hours to resolution
-- The mean hours from the opening of a ticket to its closing, each counted up to 30 days.
FROM "data.lens".restricted('resolved', 'closed')

-- :hours of access per ticket
-- How long engineers had access to another tenant's diagnostic data until now, on average over all tickets, including those
-- that needed none.
SELECT hours / nullif((SELECT count(*) FROM tickets), 0) AS hours FROM "data.lens".access('grants')

-- :hours of access in total
-- How long engineers had access to another tenant's diagnostic data until now, all grants together.
SELECT hours FROM "data.lens".access('grants')

-- :live grants on average
-- How many grants were live at a time, on average from the first ticket's opening until the last one's: as long as there
-- is new work.
SELECT
    coalesce(sum(date_diff('second', begins, least(coalesce(ends, last), last))), 0)
        / nullif(date_diff('second', any_value(first), any_value(last)), 0) AS grants
FROM (SELECT min(opened_at) AS first, max(opened_at) AS last FROM tickets) LEFT JOIN grants ON begins < last

-- :share solved without access
-- The share of the tickets with an access request that are closed without ever having had access.
SELECT sum(if(outcome = 'closed', cases, 0)) / any_value(all_cases) AS share FROM solved

-- :how well a removal can be guessed
-- How well the support request tenant could guess a removal from what it sees: the chance that, of two closed tickets
-- with approved access, the one with a removal took longer from its approval, as the tenant's own audit log says, to
-- its closing. 0.5 means not at all, 1 always. Where the tenant sees approved access, or a new request after an
-- approval, that reveals it first. No value if there is nothing to guess: without a removal, or with removals only.
FROM (WITH guesses AS (
    -- The lens shows all of this to the tenant but `removed`, which only scores the guess.
    SELECT
        if(shown, removed, last_asked_at > approved_at) AS told, date_diff('second', approved_at, closed_at) AS seconds,
        removed
    FROM pairs, (
        SELECT count(*) > 0 AS shown
        FROM visibility WHERE side = 'support request tenant' AND status IN ('Approved', 'Revoked', 'Completed')
    )
    WHERE approved_at IS NOT NULL AND closed_at IS NOT NULL
)
    -- The area under the ROC curve, from ranks (Mann and Whitney): ties count half.
SELECT sum(removed * (quicker + others / 2)) / nullif(sum(removed) * sum(others), 0) AS AUC
FROM (
    SELECT removed, others, sum(others) OVER (ROWS UNBOUNDED PRECEDING) - others AS quicker
    FROM (
        SELECT told, seconds, count_if(removed)::DOUBLE AS removed, count_if(NOT removed)::DOUBLE AS others
        FROM guesses GROUP BY told, seconds ORDER BY told, seconds
    )
))

-- :decided by hours
-- The share of all access requests that are decided within so many hours of the request.
FROM "data.lens".curve('decided', 'decided', 'decided_steps') ORDER BY hours

-- :resolved by hours
-- The share of all tickets that are closed within so many hours of their opening.
FROM "data.lens".curve('closed', 'resolved', 'resolved_steps') ORDER BY hours

-- :live grants by day
-- How many approved requests gave access at the end of each day, from that of the first ticket; the last day ends with
-- the room's now.
FROM (WITH days AS (
    SELECT unnest(generate_series(
        date_trunc('day', coalesce((SELECT min(opened_at) FROM tickets), now)), date_trunc('day', now), INTERVAL 1 DAY
    )) AS day FROM clock
), changes AS (
    SELECT date_trunc('day', begins) AS day, count(*) AS more FROM grants GROUP BY ALL
    UNION ALL
    SELECT date_trunc('day', ends), -count(*) FROM grants WHERE ends IS NOT NULL GROUP BY ALL
)
SELECT day::DATE AS day, sum(coalesce(sum(more), 0)) OVER (ORDER BY day)::BIGINT AS grants
FROM days LEFT JOIN changes USING (day) GROUP BY day) ORDER BY day

-- :requests by status
-- How many access requests have each status; a status that none has is left out.
SELECT status, count(*) AS requests FROM requests WHERE side = 'resource tenant' GROUP BY status ORDER BY requests DESC, status::VARCHAR

-- :hours to a decision
-- From the request to the approval or rejection that decided it; undecided requests are not in it. `share`: how many of
-- the decided ones had been decided within so many hours.
SELECT
    request_id, status, date_diff('second', requested_at, decided_at) / 3600 AS hours,
    cume_dist() OVER (ORDER BY date_diff('second', requested_at, decided_at)) AS share
FROM requests WHERE side = 'resource tenant' AND decided_at IS NOT NULL
ORDER BY hours, request_id

-- :tickets opened by week
-- By the Monday that the week begins with. `whole`: the room's history covers all of the week, which is not so at its
-- two ends.
SELECT
    week::DATE AS week, count(t.ticket_id) AS tickets,
    first <= week AND week + INTERVAL 7 DAY <= now AS whole
FROM (
    SELECT
        unnest(generate_series(date_trunc('week', first), date_trunc('week', now), INTERVAL 7 DAY)) AS week, first, now
    FROM (SELECT min(occurred_at) AS first, (SELECT now FROM clock) AS now FROM log)
) LEFT JOIN tickets AS t ON date_trunc('week', t.opened_at) = week
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
-- Every attempt to read or change diagnostic data: of which tenant, and whether it was granted or why it was refused.
SELECT occurred_at, ticket_id, tenant, category, coalesce(refusal, 'granted') AS outcome
FROM log WHERE action = 'read' ORDER BY seq

-- :paths of cases
-- The paths that tickets took, the most frequent first: what happened in order (completed and canceled, which closing
-- brings with it, are left out), how many tickets took the path so far, their share of all, and within how many hours of
-- the opening half of them came to their last step.
SELECT
    path, count(*) AS tickets, count(*) / sum(count(*)) OVER () AS share, median(hours) AS hours
FROM (
    SELECT
        string_agg(action, ', ' ORDER BY seq) AS path,
        date_diff('second', min(occurred_at), max(occurred_at)) / 3600 AS hours
    FROM "data.lens".course('log') GROUP BY ticket_id
)
GROUP BY path ORDER BY tickets DESC, path

-- :hours between steps
-- For each step that followed another in a ticket: how often, and within how many hours half of them and nine in ten came.
SELECT
    before, action AS step, count(*) AS steps, quantile_cont(hours, 0.5) AS median_hours,
    quantile_cont(hours, 0.9) AS p90_hours
FROM "data.lens".course('log') WHERE before IS NOT NULL
GROUP BY before, step ORDER BY steps DESC, before, step

-- :waiting by weekday and hour
-- How many access requests waited for a decision at the end of each hour of the week (weekday 1 is Monday; UTC), on
-- average over all weeks from the first request until the room's now.
FROM (WITH hours AS (
    SELECT unnest(generate_series(date_trunc('hour', first), date_trunc('hour', now), INTERVAL 1 HOUR)) AS at_hour
    FROM (SELECT min(requested_at) AS first FROM requests), clock
), changes AS (
    SELECT date_trunc('hour', requested_at) AS at_hour, count(*) AS more
    FROM requests WHERE side = 'resource tenant' GROUP BY ALL
    UNION ALL
    SELECT date_trunc('hour', coalesce(decided_at, changed_at)), -count(*)
    FROM requests WHERE side = 'resource tenant' AND status <> 'Pending' GROUP BY ALL
)
SELECT date_part('isodow', at_hour) AS weekday, date_part('hour', at_hour) AS hour, avg(waiting) AS requests
FROM (
    SELECT at_hour, sum(coalesce(sum(more), 0)) OVER (ORDER BY at_hour) AS waiting
    FROM hours LEFT JOIN changes USING (at_hour) GROUP BY at_hour
) GROUP BY weekday, hour) ORDER BY weekday, hour
