-- Alert rules: what each evaluation made of them, who is to be told and when, what people did about it. Moments are
-- milliseconds; 0 means none.

-- What became of what: begun, raised, gone further, over. `episode` is the id of the row that began it; `kept` says why nobody
-- was told.
alter table alert add column event text not null default 'fired';
alter table alert add column episode text not null default '';
alter table alert add column severity text not null default 'warning';
alter table alert add column kept text not null default '';
update alert set episode = id;
create index alert_by_episode on alert (episode);
create index alert_by_time on alert (created_at);

-- One row an evaluation of all rules; a moment is evaluated once.
create table alert_evaluation (
    id text primary key,
    location text not null,
    as_of bigint not null,
    assessment_id text not null,
    unique (location, as_of)
);

-- What the rules remember after the last evaluation of a place; the only row here that is written over.
create table alert_memory (
    location text primary key,
    as_of bigint not null,
    memory text not null
);

-- One row for each rule and evaluation, and one for whatever became of an alert or a message afterwards. Only added to.
create table alert_receipt (
    at bigint not null,
    evaluation_id text not null,
    rule text not null,
    alert_id text not null,
    message_id text not null,
    outcome text not null,
    by_name text not null,
    detail text not null
);

create index alert_receipt_by_time on alert_receipt (at);
create index alert_receipt_by_alert on alert_receipt (alert_id) where alert_id <> '';

-- That a recipient is to be told of an alert, and when; it goes out in a message with others or is overtaken.
create table alert_notice (
    id text primary key,
    alert_id text not null references alert (id),
    episode text not null,
    channel text not null,
    recipient text not null,
    due_at bigint not null,
    wait text not null,
    state text not null check (state in ('waiting', 'sent', 'overtaken')),
    message_id text not null
);

create index alert_notice_by_state on alert_notice (state, due_at);
create index alert_notice_by_episode on alert_notice (episode);

create table alert_silence (
    number bigint primary key,
    location text not null,
    rule text not null,
    subject text not null,
    from_at bigint not null,
    until_at bigint not null,
    by_name text not null,
    role text not null,
    reason text not null,
    lifted_at bigint not null,
    lifted_by text not null
);

-- Who said they see to an alert, or gave it to somebody.
create table alert_answer (
    episode text not null,
    at bigint not null,
    kind text not null check (kind in ('acknowledged', 'handed_over')),
    by_name text not null,
    role text not null,
    to_person text not null,
    note text not null,
    primary key (episode, at, by_name)
);

-- A message may tell of more than an evaluation: the sign of life, the monthly report card, a test.
alter table outbox rename to outbox_before;
drop index outbox_by_state;
create table outbox (
    id text primary key,
    kind text not null,
    assessment_id text not null,
    created_at bigint not null,
    channel text not null,
    recipient text not null,
    subject text not null,
    body text not null,
    html text not null,
    picture text not null,
    state text not null check (state in ('pending', 'sent', 'failed')),
    attempts bigint not null,
    next_attempt_at bigint not null,
    sent_at bigint not null,
    failure text not null
);
insert into outbox (id, kind, assessment_id, created_at, channel, recipient, subject, body, html, picture, state, attempts,
                    next_attempt_at, sent_at, failure)
    select o.id, 'alert', o.assessment_id, r.as_of, o.channel, o.recipient, o.subject, o.body, '', '', o.state, o.attempts,
           o.next_attempt_at, o.sent_at, o.failure
    from outbox_before o join recommendation r on r.id = o.assessment_id;
drop table outbox_before;
create index outbox_by_state on outbox (state, next_attempt_at);
create index outbox_by_time on outbox (created_at);
