-- coswhy's log in ClickHouse: a row a request, of as many copies as there are.
--
--   clickhouse client --multiquery < deploy/clickhouse/requests.sql
--   clickhouse client --input_format_skip_unknown_fields 1 --date_time_input_format best_effort \
--     -q 'INSERT INTO coswhy_requests FORMAT JSONEachRow' < /var/log/coswhy/coswhy.log
--
-- In production Vector or Fluent Bit does the second one, and adds `instance`: the log itself does not say which copy
-- wrote it. What a line does not have is empty or 0; lines of the program's own events have an empty request_id.
-- docs/scaling.md has queries.

CREATE TABLE IF NOT EXISTS coswhy_requests
(
    timestamp      DateTime64(3, 'UTC'),
    instance       LowCardinality(String),
    level          LowCardinality(String),
    request_id     String,
    trace_id       String,
    client         String,
    method         LowCardinality(String),
    host           LowCardinality(String),
    path           String,
    bucket         LowCardinality(String),
    region         LowCardinality(String),
    key            String,
    status         UInt16,
    outcome        LowCardinality(String),
    duration_ms    Float32,
    upstream_ms    Float32,
    bytes_in       UInt64,
    bytes_out      UInt64,
    cos_request_id String,
    error          String,
    cause          LowCardinality(String),
    confidence     LowCardinality(String),
    summary        String,
    cos_code       LowCardinality(String),
    cos_message    String,
    fingerprint    LowCardinality(String)
)
ENGINE = MergeTree
PARTITION BY toDate(timestamp)
ORDER BY (bucket, timestamp)
TTL toDateTime(timestamp) + INTERVAL 30 DAY;
