-- Figures as received and as believed. One text for SQLite and PostgreSQL: bigint, double precision, text only.
-- Days are counted from 1970-01-01 (the same number polars uses), moments are milliseconds after it, UTC.

create table meta (
    name text primary key,
    value text not null
);

-- The bytes as received, base64, archived before anybody parses them; the same body of a source is kept once.
create table payload (
    source text not null,
    sha256 text not null,
    received_at bigint not null,
    address text not null,
    content_type text not null,
    body text not null,
    primary key (source, sha256)
);

-- What a source said last: validators for the next request, and whether it is in trouble.
create table source_state (
    source text primary key,
    etag text not null,
    last_modified text not null,
    checked_at bigint not null,
    changed_at bigint not null,
    failure text not null
);

-- Who reports what for where. The id is made from the other columns, so that two writers agree on it.
create table series (
    id bigint primary key,
    location text not null,
    unit_id text not null,
    measure text not null,
    source text not null
);

-- Every vintage of every figure; rows are only ever added.
create table observation (
    series_id bigint not null references series (id),
    date bigint not null,
    days bigint not null check (days >= 1),
    as_of bigint not null,
    value double precision,
    status text not null check (status in ('printed', 'derived', 'reconstructed')),
    note text not null,
    address text not null,
    payload text not null,
    primary key (series_id, date, days, as_of)
);

-- One row a pull, kept: received = accepted + unchanged + rejected.
create table run (
    id text primary key,
    source text not null,
    started_at bigint not null,
    finished_at bigint not null,
    outcome text not null check (outcome in ('changed', 'unchanged', 'failed')),
    received bigint not null,
    accepted bigint not null,
    unchanged bigint not null,
    rejected bigint not null,
    payload text not null,
    message text not null,
    check (received = accepted + unchanged + rejected)
);

create table rejection (
    run_id text not null references run (id),
    place bigint not null,
    line bigint not null,
    field text not null,
    reason text not null,
    detail text not null,
    primary key (run_id, place)
);
