-- The checks of `room.verify()`. Each query counts errors, and its name describes them. Parameter: $seq, the
-- number of the log's last line. A row that one side has more often than the other counts each time.

-- :the table clock is not what the log says
SELECT coalesce(sum(abs(n)), 0)::BIGINT FROM (
    SELECT * EXCLUDE (n), sum(n) AS n
    FROM (SELECT *, 1 AS n FROM clock UNION ALL SELECT *, -1 FROM clock_at($seq)) GROUP BY ALL
)

-- :the table tickets is not what the log says
SELECT coalesce(sum(abs(n)), 0)::BIGINT FROM (
    SELECT * EXCLUDE (n), sum(n) AS n
    FROM (SELECT *, 1 AS n FROM tickets UNION ALL SELECT *, -1 FROM tickets_at($seq)) GROUP BY ALL
)

-- :the table requests is not what the log says
SELECT coalesce(sum(abs(n)), 0)::BIGINT FROM (
    SELECT * EXCLUDE (n), sum(n) AS n
    FROM (SELECT *, 1 AS n FROM requests UNION ALL SELECT *, -1 FROM requests_at($seq)) GROUP BY ALL
)

-- :the table audit_entries is not what the log says
SELECT coalesce(sum(abs(n)), 0)::BIGINT FROM (
    SELECT * EXCLUDE (n), sum(n) AS n
    FROM (SELECT *, 1 AS n FROM audit_entries UNION ALL SELECT *, -1 FROM audit_entries_at($seq)) GROUP BY ALL
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
