-- What the rules said, when; rows are only ever added. `standing` and `memory` are what the next evaluation
-- starts from.
create table assessment (
    id text primary key,
    location text not null,
    date bigint not null,
    as_of bigint not null,
    policy text not null,
    policy_version text not null,
    level text not null,
    step bigint not null check (step between 0 and 4),
    mode text not null,
    verdict text not null,
    deciding_rule text not null,
    json text not null,
    standing text not null,
    memory text not null,
    unique (location, as_of)
);

create index assessment_by_date on assessment (location, date, as_of);

-- One row a crossing. The id is its fingerprint: the same crossing cannot be told twice.
create table alert (
    id text primary key,
    assessment_id text not null references assessment (id),
    kind text not null,
    rule text not null,
    location text not null,
    date bigint not null,
    step bigint not null,
    created_at bigint not null,
    json text not null
);

-- Messages to be delivered, written in the same transaction as what they tell of. The id is the idempotency key.
create table outbox (
    id text primary key,
    assessment_id text not null references assessment (id),
    channel text not null,
    recipient text not null,
    subject text not null,
    body text not null,
    state text not null check (state in ('pending', 'sent', 'failed')),
    attempts bigint not null,
    next_attempt_at bigint not null,
    sent_at bigint not null,
    failure text not null
);

create index outbox_by_state on outbox (state, next_attempt_at);

-- A scheduled job runs once for each moment it was due: the key is the claim, the history and the way to catch up.
create table job_run (
    job text not null,
    due_at bigint not null,
    started_at bigint not null,
    finished_at bigint not null,
    outcome text not null,
    primary key (job, due_at)
);
