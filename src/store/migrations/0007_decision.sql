-- What people decided: a row an entry of the journal, numbered, chained by hashes, only ever added to.
create table decision (
    seq bigint primary key,
    number bigint not null,
    location text not null,
    kind text not null check (kind in ('decision', 'amendment', 'extension', 'end')),
    -- The entry that it changes; 0 for a decision of its own.
    amends bigint not null,
    decided_on bigint not null,
    effective_from bigint not null,
    last_day bigint not null,
    step bigint not null check (step between 0 and 4),
    level text not null,
    decided_by text not null,
    signed_at bigint not null,
    -- SHA-256 of what is kept in `evidence`.
    evidence text not null,
    json text not null,
    previous text not null,
    hash text not null,
    unique (location, number)
);

insert into chain (name, seq, hash, base_seq, base_hash, mac) values
    ('decision', 0, '0000000000000000000000000000000000000000000000000000000000000000', 0,
     '0000000000000000000000000000000000000000000000000000000000000000', '');

-- An entry is changed by one other at most.
create unique index decision_changed_once on decision (location, amends) where amends > 0;

-- What a decision rested on, as it was then: the assessment, and the rules it was made by.
create table evidence (
    sha256 text primary key,
    kept_at bigint not null,
    json text not null
);

-- What somebody is still writing. Signing takes it away in the same transaction that adds the decision.
create table decision_draft (
    id text primary key,
    location text not null,
    changed_at bigint not null,
    by_name text not null,
    json text not null
);
