-- Who works where: the register of units, officers and their turns on duty, attendance by unit and day. Days are counted
-- from 1970-01-01, moments are milliseconds; 0 means none, -1 a number that nobody gave. Nothing here is about anybody's
-- health: an officer is away or not, attendance is counted.

-- The register as it was imported or changed: rows are added, the newest of a unit counts.
create table unit_change (
    unit_id text not null,
    at bigint not null,
    name text not null,
    name_en text not null,
    category text not null check (category in ('N', 'E', 'K')),
    parent text not null,
    aliases text not null,
    head text not null,
    superior text not null,
    contact text not null,
    source text not null,
    primary key (unit_id, at)
);

-- Head-counts by class of staff and of position; a count of an earlier day stays what it was.
create table head_count (
    unit_id text not null,
    date bigint not null,
    at bigint not null,
    tally text not null,
    people bigint not null check (people >= 0),
    source text not null,
    primary key (unit_id, date, at, tally)
);

create table unit_closure (
    id bigint primary key,
    unit_id text not null,
    from_day bigint not null,
    to_day bigint not null,
    reason text not null,
    substitute text not null,
    at bigint not null,
    by_name text not null,
    role text not null
);

-- A unit that was opened again before the end of its closure.
create table unit_reopening (
    closure_id bigint primary key references unit_closure (id),
    day bigint not null,
    at bigint not null,
    by_name text not null,
    role text not null
);

-- The only names in the store besides accounts: officers who take turns on duty, with the telephone that is not switched
-- off. Rows are changed, and go when somebody leaves: their turns stay under the id.
create table officer (
    id text primary key,
    unit_id text not null,
    name text not null,
    title text not null,
    position text not null,
    phone text not null
);

create index officer_by_unit on officer (unit_id);

-- Days on which an officer is not available. Why is not kept.
create table officer_away (
    officer_id text not null references officer (id) on delete cascade,
    from_day bigint not null,
    to_day bigint not null,
    primary key (officer_id, from_day, to_day)
);

-- A unit's days that were laid out: with the seed and the past the same turns come again.
create table duty_plan (
    unit_id text not null,
    from_day bigint not null,
    to_day bigint not null,
    required bigint not null,
    seed text not null,
    positions text not null,
    at bigint not null,
    by_name text not null,
    role text not null,
    primary key (unit_id, from_day)
);

-- Turns as they were planned; changes of people stand in duty_change.
create table duty (
    date bigint not null,
    unit_id text not null,
    officer_id text not null,
    substitute text not null,
    primary key (date, unit_id, officer_id)
);

create index duty_by_unit on duty (unit_id, date);

create table duty_hole (
    date bigint not null,
    unit_id text not null,
    required bigint not null,
    found bigint not null,
    officers bigint not null,
    away bigint not null,
    resting bigint not null,
    primary key (date, unit_id)
);

-- What each officer owed at the end of a plan, in millionths of a turn.
create table duty_owed (
    unit_id text not null,
    officer_id text not null,
    to_day bigint not null,
    owed bigint not null,
    primary key (unit_id, officer_id, to_day)
);

create table duty_change (
    id bigint primary key,
    at bigint not null,
    by_name text not null,
    role text not null,
    reason text not null,
    unit_id text not null,
    date bigint not null,
    relieved text not null,
    comes text not null
);

create index duty_change_by_unit on duty_change (unit_id, date);

-- Where a unit's staff was on a day. Rows are added, the newest of a unit and day counts.
create table attendance (
    date bigint not null,
    unit_id text not null,
    at bigint not null,
    office bigint not null,
    duty bigint not null,
    field bigint not null,
    home bigint not null,
    leave bigint not null,
    absent bigint not null,
    primary key (date, unit_id, at)
);

create index attendance_by_unit on attendance (unit_id, date);

create table daily_report (
    date bigint not null,
    unit_id text not null,
    at bigint not null,
    expected bigint not null,
    received bigint not null check (received <= expected),
    primary key (date, unit_id, at)
);

create index daily_report_by_unit on daily_report (unit_id, date);

-- Permits, recalls, talks, programmes, referrals, a head's own cap: rows are added, each by a person.
create table unit_log (
    id bigint primary key,
    at bigint not null,
    by_name text not null check (by_name <> ''),
    role text not null,
    kind text not null,
    unit_id text not null,
    from_day bigint not null,
    to_day bigint not null,
    subject text not null,
    detail text not null,
    number bigint not null
);

create index unit_log_by_unit on unit_log (unit_id, kind, from_day);
