-- What somebody in particular may or may not do until a moment, whatever the policies say; and what a role may do, lent in an emergency. Whoever can
-- write here gives anybody anything with the next version of the policies.
create table policy_override (
  id            text primary key,
  kind          text not null check (kind in ('deny', 'allow', 'emergency')),
  subject_type  text not null,
  subject_id    text not null,
  actions       text[] not null,
  resource_type text,
  resource_id   text,
  role          text,
  reason        text not null,
  asked_by      text not null,
  asked_at      timestamptz not null,
  lasts_seconds integer,
  until         timestamptz,
  decide_by     timestamptz not null,
  state         text not null check (state in ('asked', 'in-force', 'refused', 'ended', 'expired', 'lapsed')),
  decided_by    text,
  decided_at    timestamptz,
  decided_why   text,
  is_alone      boolean not null default false,
  ended_by      text,
  ended_at      timestamptz,
  ended_why     text,
  check ((kind = 'emergency') = (role is not null and lasts_seconds is not null)),
  check (state <> 'in-force' or (until is not null and decided_by is not null)),
  check ((resource_type is null) = (resource_id is null))
);
create index policy_override_open on policy_override (until) where state in ('asked', 'in-force');
create index policy_override_subject on policy_override (subject_id, id desc);
-- Of two who ask for the same role at once, one does.
create unique index policy_override_emergency on policy_override (subject_id, role)
  where kind = 'emergency' and state in ('asked', 'in-force');

-- A version that differs from the one before it in nothing but its overrides; and which overrides are in each.
alter table policy_bundle
  drop constraint policy_bundle_kind_check,
  add constraint policy_bundle_kind_check check (kind in ('release', 'activation', 'rollback', 'override')),
  add column overrides text[] not null default '{}';
create index policy_bundle_written on policy_bundle (revision desc) where kind <> 'override';

comment on column policy_override.id is 'operational';
comment on column policy_override.kind is 'operational';
comment on column policy_override.subject_type is 'operational';
comment on column policy_override.subject_id is 'operational';
comment on column policy_override.actions is 'operational';
comment on column policy_override.resource_type is 'operational';
comment on column policy_override.resource_id is 'operational';
comment on column policy_override.role is 'operational';
comment on column policy_override.reason is 'contact';
comment on column policy_override.asked_by is 'operational';
comment on column policy_override.asked_at is 'operational';
comment on column policy_override.lasts_seconds is 'operational';
comment on column policy_override.until is 'operational';
comment on column policy_override.decide_by is 'operational';
comment on column policy_override.state is 'operational';
comment on column policy_override.decided_by is 'operational';
comment on column policy_override.decided_at is 'operational';
comment on column policy_override.decided_why is 'contact';
comment on column policy_override.is_alone is 'operational';
comment on column policy_override.ended_by is 'operational';
comment on column policy_override.ended_at is 'operational';
comment on column policy_override.ended_why is 'contact';
comment on column policy_bundle.overrides is 'operational';
