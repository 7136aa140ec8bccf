-- Who may come in. Random tokens are kept as SHA-256 only, passwords as argon2id (PHC string, empty until the one-time
-- link is used). `second_step` is the key a telephone shares with siaga, base32, empty if there is none; `second_step_used`
-- is the last step whose code was taken, so that no code is taken twice. 0 means never.
create table account (
    name text primary key,
    title text not null,
    role text not null,
    unit_id text not null,
    password text not null,
    second_step text not null,
    second_step_used bigint not null,
    oidc_name text not null,
    oidc_issuer text not null,
    oidc_subject text not null,
    disabled_at bigint not null,
    created_at bigint not null,
    check ((role = 'unit_head') = (unit_id <> ''))
);

create unique index account_by_oidc_name on account (oidc_name) where oidc_name <> '';
create unique index account_by_oidc_subject on account (oidc_issuer, oidc_subject) where oidc_subject <> '';

-- For the day the telephone is lost; a row goes when it is used.
create table recovery_code (
    account text not null references account (name),
    hash text not null,
    primary key (account, hash)
);

-- One-time links; one that counts an account.
create table invitation (
    account text primary key references account (name),
    hash text not null unique,
    created_at bigint not null,
    expires_at bigint not null
);

-- Sessions; a row goes when it ends. `enrolling` is the key of a second step before its first code.
create table session (
    id text primary key,
    account text not null references account (name),
    state text not null check (state in ('full', 'second_step', 'enrol')),
    signed_in_at bigint not null,
    seen_at bigint not null,
    rotated_at bigint not null,
    ends_at bigint not null,
    address text not null,
    agent text not null,
    enrolling text not null
);

create index session_by_account on session (account);
create index session_by_end on session (ends_at);

-- Every token a session has had: an old one that turns up late gives a stolen cookie away.
create table session_token (
    hash text primary key,
    session_id text not null references session (id) on delete cascade,
    retired_at bigint not null
);

create index session_token_by_session on session_token (session_id);

create table api_token (
    id text primary key,
    hash text not null unique,
    account text not null references account (name),
    title text not null,
    scopes text not null,
    created_at bigint not null,
    expires_at bigint not null,
    last_used_at bigint not null,
    revoked_at bigint not null
);

create index api_token_by_account on api_token (account);

-- Tries that failed or are under way. `subject` is the SHA-256 of what is limited (account, address), so that a password
-- typed into the wrong field is not kept.
create table attempt (
    id text not null,
    subject text not null,
    at bigint not null,
    primary key (subject, id)
);

create index attempt_by_moment on attempt (at);
create index attempt_by_id on attempt (id);

-- What was sent to the provider and has not come back; a row goes when it does.
create table oidc_start (
    hash text primary key,
    created_at bigint not null
);

-- Whoever counts and then writes locks a row here first: the one way that holds in both databases.
create table gate (
    name text primary key,
    passed bigint not null
);

insert into gate (name, passed) values ('account', 0), ('attempt', 0);
