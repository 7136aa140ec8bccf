-- Figures in bulk: rows of numbers only, payloads compressed, batches that are held, judgements of people.

create table payload_new (
    id bigint primary key,
    source text not null,
    sha256 text not null,
    received_at bigint not null,
    address text not null,
    content_type text not null,
    -- How the body is written down: `base64` (before this migration) or `gzip+base64`.
    codec text not null check (codec in ('base64', 'gzip+base64')),
    body text not null,
    unique (source, sha256)
);

insert into payload_new (id, source, sha256, received_at, address, content_type, codec, body)
select row_number() over (order by received_at, source, sha256), source, sha256, received_at, address, content_type,
       'base64', body
from payload;

-- What stands beside a figure for readers. Most figures have none: 0.
create table remark (
    id bigint primary key,
    note text not null,
    address text not null
);

insert into remark (id, note, address)
select row_number() over (order by note, address), note, address
from (select distinct note, address from observation where note <> '' or address <> '') as told;

create index series_by_location on series (location);

-- Every vintage of every figure; rows are only ever added. Series, remark and payload are written in the same transaction
-- as the rows that name them; a foreign key would be looked up once a row for millions of rows.
-- Status: 0 printed, 1 derived, 2 reconstructed.
create table observation_new (
    series_id bigint not null,
    date bigint not null,
    days bigint not null check (days >= 1),
    as_of bigint not null,
    value double precision,
    status bigint not null check (status between 0 and 2),
    remark_id bigint not null,
    payload_id bigint not null,
    primary key (series_id, date, days, as_of)
);

insert into observation_new (series_id, date, days, as_of, value, status, remark_id, payload_id)
select o.series_id, o.date, o.days, o.as_of, o.value,
       case o.status when 'printed' then 0 when 'derived' then 1 else 2 end,
       coalesce(r.id, 0), coalesce(p.id, 0)
from observation o
join series s on s.id = o.series_id
left join remark r on r.note = o.note and r.address = o.address
left join (select sha256, min(id) as id from payload_new group by sha256) p on p.sha256 = o.payload;

drop table observation;
alter table observation_new rename to observation;
drop table payload;
alter table payload_new rename to payload;

-- One row a pull, kept: received = accepted + unchanged + rejected + held.
create table run_new (
    id text primary key,
    source text not null,
    started_at bigint not null,
    finished_at bigint not null,
    outcome text not null check (outcome in ('changed', 'unchanged', 'failed', 'held', 'refused')),
    received bigint not null,
    accepted bigint not null,
    unchanged bigint not null,
    rejected bigint not null,
    held bigint not null,
    -- Rows that the source's file says to leave out; not among those received.
    skipped bigint not null,
    payload text not null,
    -- The payload's column names and the fingerprint of the source's file: what "as last time" means.
    shape text not null,
    spec text not null,
    -- The held run whose payload a person released with this one.
    released_from text not null,
    message text not null,
    check (received = accepted + unchanged + rejected + held)
);

insert into run_new (id, source, started_at, finished_at, outcome, received, accepted, unchanged, rejected, held,
                     skipped, payload, shape, spec, released_from, message)
select id, source, started_at, finished_at, outcome, received, accepted, unchanged, rejected, 0, 0, payload, '', '', '',
       message
from run;

create table rejection_new (
    run_id text not null references run_new (id),
    place bigint not null,
    line bigint not null,
    field text not null,
    reason text not null,
    detail text not null,
    primary key (run_id, place)
);

insert into rejection_new (run_id, place, line, field, reason, detail)
select run_id, place, line, field, reason, detail from rejection;

drop table rejection;
drop table run;
alter table run_new rename to run;
alter table rejection_new rename to rejection;

create index run_by_time on run (started_at);
create index run_by_source on run (source, started_at);

-- Rises with every saved pull of a source: a second writer that judged against older figures judges anew.
alter table source_state add column revision bigint not null default 0;

-- A batch that nobody may believe without a person's word. Decided once; never deleted.
create table hold (
    run_id text primary key,
    source text not null,
    at bigint not null,
    -- What was found: codes with what they were held against, and the largest movers.
    reasons text not null,
    diff text not null,
    state text not null check (state in ('open', 'released', 'refused', 'superseded')),
    by_name text not null,
    role text not null,
    decided_at bigint not null,
    -- Why, in the words of who decided.
    reason text not null,
    -- The run that took the figures in after the release.
    next_run text not null
);

create index hold_by_state on hold (state, source);

-- What a person says of a doubtful figure; rows are only ever added, the last one counts.
create table judgement (
    id bigint primary key,
    at bigint not null,
    by_name text not null,
    role text not null,
    location text not null,
    unit_id text not null,
    measure text not null,
    source text not null,
    date bigint not null,
    days bigint not null,
    verdict text not null check (verdict in ('confirm', 'spread', 'exclude', 'withdraw')),
    -- First day of those it is spread over; 0 for none.
    spread_from bigint not null,
    public_note text not null,
    internal_note text not null
);

create index judgement_by_series on judgement (location, measure, date);
