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
