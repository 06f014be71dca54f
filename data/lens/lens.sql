-- The queries behind a lens, by name: everything tenant-facing is read with them. The macros that they share come first.
-- Parameters: $person and $tenant (the viewer, and the tenant signed in to), $engineer, $request_id, $ticket_id. The
-- tables `clock`, `tickets`, `requests`, `audit_entries` and `log` may be those of an earlier moment.

-- ::leaves_at
-- When an access request leaves Approved access, if it has ended.
CREATE OR REPLACE MACRO "data.lens".leaves_at(status, counted_from, hours, requested_at, changed_at) AS
if(status IN ('Pending', 'Approved'), NULL, if(counted_from = 'created', requested_at, changed_at) + to_hours(hours));

-- ::concerns
-- Whether an access request concerns the chosen tenant, on either side, if one is chosen.
CREATE OR REPLACE MACRO "data.lens".concerns(support_request_tenant, resource_tenant, only_tenant) AS
only_tenant IS NULL OR only_tenant IN (support_request_tenant, resource_tenant);

-- ::visible
-- Every access request, once for each tenant that the visibility table lets see it in its status and on its side, with
-- the list that it is in. Approved access is what is no longer pending and less than 30 days old, or live however old.
CREATE OR REPLACE MACRO "data.lens".visible() AS TABLE
SELECT
    r.*,
    "data.lens".leaves_at(r.status, h.counted_from, h.hours, r.requested_at, r.changed_at) AS leaves_at,
    CASE WHEN r.status = 'Pending' THEN 'pending'
         WHEN r.status = 'Approved' OR (SELECT now FROM clock) < leaves_at THEN 'approved_access' END AS listed_in
FROM requests AS r
JOIN visibility AS v ON v.status = r.status AND v.side = r.side
CROSS JOIN history AS h;

-- ::seen
-- Every access request that a member with the permission sees; `viewer` is the member's person, `home` the tenant.
-- People are named only to the tenants that know them.
CREATE OR REPLACE MACRO "data.lens".seen(viewer, home) AS TABLE
SELECT
    r.request_id, r.ticket_id, r.title, r.severity, r.ticket_status,
    r.support_request_tenant, r.resource_tenant, r.reason, r.status,
    e.name AS requested_by, r.requested_at,
    if(r.first_approval IS NULL, NULL, coalesce(k.names[r.first_approval], "data.lens".somebody_else())) AS first_approval,
    if(r.decided_by IS NULL, NULL, coalesce(k.names[r.decided_by], "data.lens".somebody_else())) AS decided_by,
    r.decided_at,
    CASE WHEN r.changed_by_engineer IS NOT NULL THEN e.name
         WHEN r.changed_by IS NULL THEN "data.lens".automated()
         ELSE coalesce(k.names[r.changed_by], "data.lens".somebody_else()) END AS changed_by,
    r.changed_at, r.due_at, r.leaves_at,
    r.first_approval_note, r.decision_note, if(r.side = 'resource tenant', r.removal_note, NULL) AS removal_note,
    r.listed_in
FROM "data.lens".visible() AS r
JOIN engineers AS e ON e.engineer = r.engineer
CROSS JOIN (
    SELECT map_from_entries(list((m.person, m.name))) AS names,
        bool_or(m.person = viewer AND m.manages_support_access) AS may
    FROM memberships AS m WHERE m.tenant = home
) AS k
WHERE r.tenant = home AND k.may;

-- :listed
-- Everything that is in a list, in the order of the lists.
FROM "data.lens".seen($person, $tenant) WHERE listed_in IS NOT NULL
ORDER BY if(status = 'Pending', requested_at, NULL), changed_at DESC, request_id

-- :pending
SELECT * EXCLUDE (listed_in) FROM "data.lens".seen($person, $tenant) WHERE listed_in = 'pending'
ORDER BY requested_at, request_id

-- :approved_access
SELECT * EXCLUDE (listed_in) FROM "data.lens".seen($person, $tenant) WHERE listed_in = 'approved_access'
ORDER BY changed_at DESC, request_id

-- :request
SELECT * EXCLUDE (listed_in) FROM "data.lens".seen($person, $tenant) WHERE request_id = $request_id

-- :who_can_decide
-- Who can decide on each pending request that the member sees: the people whom the member's tenant knows and whose
-- decision would be accepted in one of the two tenants.
SELECT DISTINCT r.request_id, k.person, k.name, r.decides_in
FROM (
    SELECT *, if(decides_as = 'resource tenant', resource_tenant, support_request_tenant) AS decides_in
    FROM requests CROSS JOIN (VALUES ('support request tenant'), ('resource tenant')) AS sides(decides_as)
    WHERE tenant = $tenant AND status = 'Pending'
) AS r
JOIN visibility AS v ON v.status = r.status AND v.side = r.decides_as
JOIN memberships AS d ON d.tenant = r.decides_in AND d.manages_support_access
JOIN memberships AS k ON k.tenant = $tenant AND k.person = d.person
WHERE r.request_id IN (SELECT request_id FROM "data.lens".seen($person, $tenant) WHERE status = 'Pending')
  AND r.decides_in IS DISTINCT FROM r.first_approval_tenant AND d.person IS DISTINCT FROM r.first_approval
  AND EXISTS (
      FROM keys AS one
      WHERE NOT EXISTS (
          FROM keys AS every
          WHERE every.key = one.key AND NOT EXISTS (
              FROM memberships AS m
              WHERE m.person = d.person AND m.manages_support_access
                AND m.tenant = if(every.side = 'resource tenant', r.resource_tenant, r.support_request_tenant)
          )
      )
  )
ORDER BY r.request_id, k.name, k.person, r.decides_in

-- :clock
SELECT now FROM clock

-- :tickets
SELECT
    t.ticket_id, t.title, t.severity, if(t.closed_at IS NULL, 'Open', 'Closed') AS status, t.advanced_diagnostics,
    e.name AS engineer,
    coalesce(o.name, "data.lens".somebody_else()) AS opened_by, t.opened_at,
    CASE WHEN t.closed_at IS NULL THEN NULL
         WHEN t.closed_by_engineer IS NOT NULL THEN ce.name
         ELSE coalesce(c.name, "data.lens".somebody_else()) END AS closed_by,
    t.closed_at
FROM tickets AS t
JOIN engineers AS e ON e.engineer = t.engineer
LEFT JOIN engineers AS ce ON ce.engineer = t.closed_by_engineer
LEFT JOIN memberships AS o ON o.tenant = $tenant AND o.person = t.opened_by
LEFT JOIN memberships AS c ON c.tenant = $tenant AND c.person = t.closed_by
WHERE t.tenant = $tenant
  AND EXISTS (FROM memberships AS m WHERE m.tenant = $tenant AND m.person = $person AND m.manages_support_access)
ORDER BY t.opened_at DESC, t.ticket_id

-- :audit_log
SELECT
    l.occurred_at, a.activity,
    if(a.automated, "data.lens".automated(), coalesce(m.name, "data.lens".somebody_else())) AS actor,
    l.ticket_id, l.request_id, l.support_request_tenant, l.resource_tenant,
    if(a.automated, NULL, l.note) AS details
FROM audit_entries AS l
JOIN audit AS a ON a.action = l.action AND a.to_status = l.to_status AND a.side = l.side
LEFT JOIN memberships AS m ON m.tenant = $tenant AND m.person = l.person
WHERE l.tenant = $tenant
  AND EXISTS (FROM memberships AS m WHERE m.tenant = $tenant AND m.person = $person AND m.reads_audit_log)
ORDER BY l.seq DESC

-- :desk_tickets
-- The tickets that are assigned to $engineer, in full.
SELECT
    t.ticket_id, t.tenant AS support_request_tenant, t.title, t.severity,
    if(t.closed_at IS NULL, 'Open', 'Closed') AS status, t.advanced_diagnostics, t.opened_at, t.closed_at
FROM tickets AS t WHERE t.engineer = $engineer
ORDER BY t.opened_at DESC, t.ticket_id

-- :desk_requests
SELECT
    r.request_id, r.ticket_id, r.title, r.severity, r.ticket_status, r.support_request_tenant, r.resource_tenant,
    r.reason, r.status, r.requested_at, r.changed_at, r.due_at
FROM requests AS r WHERE r.side = 'resource tenant' AND r.engineer = $engineer
ORDER BY r.requested_at DESC, r.request_id

-- :desk_reads
-- Every attempt by $engineer to read or change diagnostic data, granted or refused.
SELECT l.occurred_at, l.ticket_id, l.tenant, l.category, coalesce(l.refusal, 'granted') AS outcome
FROM log AS l WHERE l.action = 'read' AND l.engineer = $engineer
ORDER BY l.seq DESC

-- :all_requests
-- Every access request, for the trainer.
SELECT
    r.request_id, r.ticket_id, r.title, r.severity, r.ticket_status, r.support_request_tenant, r.resource_tenant,
    r.reason, r.status, e.name AS requested_by, r.requested_at,
    a.name AS first_approval, d.name AS decided_by, r.decided_at,
    coalesce(ce.name, c.name, "data.lens".automated()) AS changed_by, r.changed_at, r.due_at,
    r.first_approval_note, r.decision_note, r.removal_note
FROM requests AS r
JOIN engineers AS e ON e.engineer = r.engineer
LEFT JOIN people AS a ON a.person = r.first_approval
LEFT JOIN people AS d ON d.person = r.decided_by
LEFT JOIN people AS c ON c.person = r.changed_by
LEFT JOIN engineers AS ce ON ce.engineer = r.changed_by_engineer
WHERE r.side = 'resource tenant'
ORDER BY r.requested_at DESC, r.request_id

-- :all_audit_logs
-- The audit logs of all tenants, for the trainer. People are named.
SELECT
    l.tenant, l.occurred_at, a.activity, if(a.automated, "data.lens".automated(), p.name) AS actor,
    l.ticket_id, l.request_id, l.support_request_tenant, l.resource_tenant, if(a.automated, NULL, l.note) AS details
FROM audit_entries AS l
JOIN audit AS a ON a.action = l.action AND a.to_status = l.to_status AND a.side = l.side
LEFT JOIN people AS p ON p.person = l.person
ORDER BY l.seq DESC, l.side

-- :all_tickets
-- Every ticket, for the trainer.
SELECT
    t.ticket_id, t.tenant AS support_request_tenant, t.title, t.severity,
    if(t.closed_at IS NULL, 'Open', 'Closed') AS status, t.advanced_diagnostics, e.name AS engineer,
    t.engineer AS engineer_id,
    p.name AS opened_by, t.opened_at, coalesce(ce.name, c.name) AS closed_by, t.closed_at
FROM tickets AS t
JOIN engineers AS e ON e.engineer = t.engineer
LEFT JOIN people AS p ON p.person = t.opened_by
LEFT JOIN people AS c ON c.person = t.closed_by
LEFT JOIN engineers AS ce ON ce.engineer = t.closed_by_engineer
ORDER BY t.opened_at DESC, t.ticket_id

-- :all_events
-- The whole log, a row for each line, for the trainer.
FROM log ORDER BY seq

-- :case_log
-- Everything that happened to a ticket, in order, for the trainer, and among it where the clock moved and where a step
-- of the story ended. A line that gave an access request a status says whose administrators see it in that status,
-- until which line (at last one that never comes), and when it leaves Approved access.
SELECT
    l.seq, l.occurred_at, l.action, l.request_id, coalesce(p.name, e.name) AS who,
    if(l.request_id IS NULL, l.tenant, any_value(l.tenant) OVER request) AS tenant,
    l.to_status AS status, l.note, l.category, l.refusal, l.step,
    exists(FROM visibility AS v WHERE v.status = l.to_status AND v.side = 'support request tenant') AS support_sees,
    exists(FROM visibility AS v WHERE v.status = l.to_status AND v.side = 'resource tenant') AS resource_sees,
    coalesce(if(l.request_id IS NULL, NULL, lead(l.seq) OVER moves), 9223372036854775807) AS until_line,
    if(l.request_id IS NULL, NULL, lead(l.occurred_at) OVER moves) AS until,
    if(l.to_status IN ('Pending', 'Approved'), NULL,
       if(h.counted_from = 'created', min(l.occurred_at) OVER request, l.occurred_at) + to_hours(h.hours)) AS leaves_at,
    l.seq > m.opening AS in_story, c.now
FROM log AS l
CROSS JOIN history AS h
CROSS JOIN clock AS c
CROSS JOIN room AS m
LEFT JOIN people AS p ON p.person = l.person
LEFT JOIN engineers AS e ON e.engineer = l.engineer
WHERE l.ticket_id = $ticket_id OR (l.action IN ('clock', 'step') AND l.seq >= m.opening)
WINDOW request AS (PARTITION BY l.request_id), moves AS (PARTITION BY l.request_id ORDER BY l.seq)
ORDER BY l.seq

-- :first_due
-- When something next changes by itself in any tenant: a request expires, access lapses, or an entry leaves Approved
-- access where somebody may see it. For the trainer.
SELECT min(due) AS due FROM (
    SELECT min(due_at) AS due FROM requests
    UNION ALL SELECT min(leaves_at) FROM "data.lens".visible() WHERE listed_in = 'approved_access'
)
