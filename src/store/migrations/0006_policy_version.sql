-- Every version of a policy that was ever used for a recommendation, as it was then: a version that has been in force is never
-- edited, and any past recommendation can be explained by the rules it was made under.
create table policy_version (
    policy text not null,
    version text not null,
    -- SHA-256 of what the file says, comments and spacing left out.
    fingerprint text not null,
    -- The file as it was.
    body text not null,
    first_used_at bigint not null,
    primary key (policy, version)
);
