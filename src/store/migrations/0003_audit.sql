-- Who did what when, and chains of hashes: a row that is changed, taken out or put elsewhere shows.

-- Where each chain ends and where it begins. `mac` signs the other columns when a key is set. A sequence number of -1
-- means that rows from before this table are still to be chained; it happens once, at the first start.
create table chain (
    name text primary key,
    seq bigint not null,
    hash text not null,
    base_seq bigint not null,
    base_hash text not null,
    mac text not null
);

insert into chain (name, seq, hash, base_seq, base_hash, mac) values
    ('audit', 0, '0000000000000000000000000000000000000000000000000000000000000000', 0,
     '0000000000000000000000000000000000000000000000000000000000000000', ''),
    ('recommendation', -1, '0000000000000000000000000000000000000000000000000000000000000000', 0,
     '0000000000000000000000000000000000000000000000000000000000000000', '');

-- Rows are added at the end and taken away from the front by retention, nothing else.
create table audit (
    seq bigint primary key,
    at bigint not null,
    actor text not null,
    role text not null,
    action text not null,
    object text not null,
    detail text not null,
    address text not null,
    previous text not null,
    hash text not null
);

create index audit_by_time on audit (at);
create index audit_by_action on audit (action, seq);
create index audit_by_actor on audit (actor, seq);

-- What the rules said is a recommendation; it is chained from now on.
alter table assessment rename to recommendation;
alter table recommendation add column seq bigint not null default 0;
alter table recommendation add column previous text not null default '';
alter table recommendation add column hash text not null default '';
drop index assessment_by_date;
create index recommendation_by_date on recommendation (location, date, as_of);
create unique index recommendation_by_seq on recommendation (seq) where seq > 0;

-- What retention deleted: when, from which table, rows from before when, how many. Never deleted itself.
create table deletion (
    at bigint not null,
    what text not null,
    before bigint not null,
    rows bigint not null
);
