-- The checks of `room.verify()`. Each query counts what is wrong, and its name says what that is. Parameter: $seq, the
-- number of the log's last line.

-- :the table clock is not what the log says
SELECT count(*) FROM ((FROM clock EXCEPT ALL FROM clock_at($seq)) UNION ALL (FROM clock_at($seq) EXCEPT ALL FROM clock))

-- :the table tickets is not what the log says
SELECT count(*) FROM (
    (SELECT * FROM tickets EXCEPT ALL FROM tickets_at($seq)) UNION ALL (FROM tickets_at($seq) EXCEPT ALL FROM tickets)
)

-- :the table requests is not what the log says
SELECT count(*) FROM (
    (FROM requests EXCEPT ALL FROM requests_at($seq)) UNION ALL (FROM requests_at($seq) EXCEPT ALL FROM requests)
)

-- :the table audit_entries is not what the log says
SELECT count(*) FROM (
    (FROM audit_entries EXCEPT ALL FROM audit_entries_at($seq))
    UNION ALL (FROM audit_entries_at($seq) EXCEPT ALL FROM audit_entries)
)

-- :lines of the log are missing or doubled
SELECT abs(count(*) - $seq) + count(*) FILTER (seq <> n)
FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM log)

-- :the log runs backwards in time
SELECT count(*) FROM (SELECT occurred_at < lag(occurred_at) OVER (ORDER BY seq) AS back FROM log) WHERE back

-- :lines of the log are not in the lifecycle table
-- The first of two approvals leaves the request Pending.
SELECT count(*) FROM log AS l
WHERE l.request_id IS NOT NULL
  AND NOT (l.action = 'approve' AND l.from_status = 'Pending' AND l.to_status = 'Pending')
  AND NOT EXISTS (
      FROM lifecycle AS c
      WHERE c.action = l.action AND c.to_status = l.to_status AND c.from_status IS NOT DISTINCT FROM l.from_status
  )

-- :lines of the log do not go on from where their access request stood
SELECT count(*) FROM (
    SELECT from_status, lag(to_status) OVER (PARTITION BY request_id ORDER BY seq) AS stood
    FROM log WHERE request_id IS NOT NULL
) WHERE from_status IS DISTINCT FROM stood

-- :a closed ticket has an access request that is still Pending or Approved
SELECT count(*) FROM requests WHERE ticket_status = 'Closed' AND status IN ('Pending', 'Approved')
