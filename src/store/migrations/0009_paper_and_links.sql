-- The number and the day that an office gave the circular of a decision, once the decision was signed. Rows are only ever added:
-- a correction is a row of its own with its reason, and the last one of a decision counts.
create table circular_number (
    id bigint primary key,
    location text not null,
    decision bigint not null,
    number text not null check (number <> ''),
    dated bigint not null,
    reason text not null,
    at bigint not null,
    by_name text not null check (by_name <> ''),
    role text not null
);

create index circular_number_by_decision on circular_number (location, decision, id);

-- Whether a unit's cases belong together, as people say it: of days with cases, never of persons. Rows are only ever added.
create table case_link (
    id bigint primary key,
    unit_id text not null,
    -- Days from 1970-01-01, in order, with a blank between them.
    days text not null,
    says text not null check (says in ('linked', 'not_linked', 'unknown')),
    generations bigint not null check (generations >= 1),
    reason text not null,
    at bigint not null,
    by_name text not null check (by_name <> ''),
    role text not null
);

create index case_link_by_unit on case_link (unit_id, id);
