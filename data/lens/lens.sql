-- What a lens sees: each query that anything tenant-facing is read with, by name. Parameters: $person, $tenant, and
-- $request_id. The tables `clock`, `tickets`, `requests` and `log` may be those of an earlier moment.

-- :seen
-- Every access request that the member sees: with the permission, and as the visibility table says for the status and
-- the tenant's side. People are named to the tenants that know them.
SELECT
    r.request_id, r.ticket_id, r.title, r.severity, r.ticket_status,
    r.support_request_tenant, r.resource_tenant, r.reason, r.status,
    e.name AS requested_by, r.requested_at,
    if(r.first_approval IS NULL, NULL, coalesce(k.names[r.first_approval], $somebody_else)) AS first_approval,
    if(r.decided_by IS NULL, NULL, coalesce(k.names[r.decided_by], $somebody_else)) AS decided_by,
    r.decided_at,
    CASE WHEN r.changed_by_engineer IS NOT NULL THEN e.name
         WHEN r.changed_by IS NULL THEN $automated
         ELSE coalesce(k.names[r.changed_by], $somebody_else) END AS changed_by,
    r.changed_at, r.due_at,
    if(r.status IN ('Pending', 'Approved'), NULL,
       if(h.counted_from = 'created', r.requested_at, r.changed_at) + to_hours(h.hours)) AS leaves_at
FROM requests AS r
JOIN visibility AS v ON v.status = r.status AND v.side = r.side
JOIN engineers AS e ON e.engineer = r.engineer
CROSS JOIN history AS h
CROSS JOIN (
    SELECT map_from_entries(list((person, name))) AS names, bool_or(person = $person AND manages_support_access) AS may
    FROM memberships WHERE tenant = $tenant
) AS k
WHERE r.tenant = $tenant AND k.may

-- :listed
-- All that is in a list: Pending requests, or Approved access, which is what is no longer pending and less than 30 days
-- old, or live however old. In the order of the lists.
SELECT *, if(status = 'Pending', 'pending', 'approved_access') AS listed_in FROM seen
WHERE status IN ('Pending', 'Approved') OR (SELECT now FROM clock) < leaves_at
ORDER BY if(status = 'Pending', requested_at, NULL), changed_at DESC, request_id

-- :pending
SELECT * EXCLUDE (listed_in) FROM listed WHERE listed_in = 'pending' ORDER BY requested_at, request_id

-- :approved_access
SELECT * EXCLUDE (listed_in) FROM listed WHERE listed_in = 'approved_access' ORDER BY changed_at DESC, request_id

-- :request
SELECT * FROM seen WHERE request_id = $request_id

-- :clock
SELECT now FROM clock

-- :tickets
SELECT
    t.ticket_id, t.title, t.severity, if(t.closed_at IS NULL, 'Open', 'Closed') AS status, t.advanced_diagnostics,
    e.name AS engineer,
    coalesce(o.name, $somebody_else) AS opened_by, t.opened_at,
    CASE WHEN t.closed_at IS NULL THEN NULL
         WHEN t.closed_by_engineer IS NOT NULL THEN ce.name
         ELSE coalesce(c.name, $somebody_else) END AS closed_by,
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
    if(a.automated, $automated, coalesce(m.name, $somebody_else)) AS actor,
    l.ticket_id, l.request_id, r.support_request_tenant, r.resource_tenant
FROM requests AS r
JOIN log AS l ON l.request_id = r.request_id
JOIN audit AS a ON a.action = l.action AND a.to_status = l.to_status AND a.side = r.side
LEFT JOIN memberships AS m ON m.tenant = $tenant AND m.person = l.person
WHERE r.tenant = $tenant
  AND EXISTS (FROM memberships AS m WHERE m.tenant = $tenant AND m.person = $person AND m.reads_audit_log)
ORDER BY l.seq DESC

-- :desk_tickets
-- The tickets that are assigned to $engineer, who is the vendor's own.
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
-- Every try to read or change diagnostic data, granted or refused.
SELECT l.occurred_at, l.ticket_id, l.tenant, l.category, coalesce(l.refusal, 'granted') AS outcome
FROM log AS l WHERE l.action = 'read' AND l.engineer = $engineer
ORDER BY l.seq DESC

-- :all_requests
-- The trainer's view: everything.
SELECT
    r.request_id, r.ticket_id, r.title, r.severity, r.ticket_status, r.support_request_tenant, r.resource_tenant,
    r.reason, r.status, e.name AS requested_by, r.requested_at,
    a.name AS first_approval, d.name AS decided_by, r.decided_at,
    coalesce(ce.name, c.name, $automated) AS changed_by, r.changed_at, r.due_at
FROM requests AS r
JOIN engineers AS e ON e.engineer = r.engineer
LEFT JOIN people AS a ON a.person = r.first_approval
LEFT JOIN people AS d ON d.person = r.decided_by
LEFT JOIN people AS c ON c.person = r.changed_by
LEFT JOIN engineers AS ce ON ce.engineer = r.changed_by_engineer
WHERE r.side = 'resource tenant'
ORDER BY r.requested_at DESC, r.request_id

-- :all_tickets
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
