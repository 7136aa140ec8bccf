-- Several processes on one database: who has a job or a message, and until when by the database's clock (milliseconds, 0 for
-- nobody). `turn` counts who had a job; what an earlier one still writes is refused.
alter table job_run add column holder text not null default '';
alter table job_run add column lease_until bigint not null default 0;
alter table job_run add column turn bigint not null default 0;
create index job_run_open on job_run (due_at) where finished_at = 0;

alter table outbox add column holder text not null default '';
alter table outbox add column lease_until bigint not null default 0;
