-- The one draft that is tried beside what is in force, on which part of the decisions.
create table policy_shadow (
  single     boolean primary key default true check (single),
  draft      text not null references policy_draft,
  version    integer not null,
  share      real not null check (share > 0 and share <= 1),
  started_by text not null,
  started_at timestamptz not null,
  compared   bigint not null default 0,
  differed   bigint not null default 0
);

create function policy_shadow_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('policy_shadow', '');
  return null;
end $$;
create trigger policy_shadow_changed after insert or delete on policy_shadow
  for each statement execute function policy_shadow_changed();

-- What was changed, came into force or was withdrawn is not what was tried.
create function policy_draft_altered() returns trigger language plpgsql as $$
begin
  delete from policy_shadow where draft = new.id;
  return null;
end $$;
create trigger policy_draft_altered after update on policy_draft for each row
  when (old.version <> new.version or old.state <> new.state) execute function policy_draft_altered();

-- The newest thousand decisions that the draft would have made otherwise.
create table policy_difference (
  id            bigint generated always as identity primary key,
  at            timestamptz not null,
  draft         text not null references policy_draft,
  version       integer not null,
  subject_type  text not null,
  subject_id    text not null,
  action        text not null,
  resource_type text not null,
  resource_id   text not null,
  decision      boolean not null,
  determining   text[] not null,
  would_be      boolean not null,
  would_by      text[] not null,
  errors        text[] not null
);

comment on column policy_shadow.single is 'operational';
comment on column policy_shadow.draft is 'operational';
comment on column policy_shadow.version is 'operational';
comment on column policy_shadow.share is 'operational';
comment on column policy_shadow.started_by is 'operational';
comment on column policy_shadow.started_at is 'operational';
comment on column policy_shadow.compared is 'operational';
comment on column policy_shadow.differed is 'operational';
comment on column policy_difference.id is 'operational';
comment on column policy_difference.at is 'operational';
comment on column policy_difference.draft is 'operational';
comment on column policy_difference.version is 'operational';
comment on column policy_difference.subject_type is 'operational';
comment on column policy_difference.subject_id is 'operational';
comment on column policy_difference.action is 'operational';
comment on column policy_difference.resource_type is 'operational';
comment on column policy_difference.resource_id is 'operational';
comment on column policy_difference.decision is 'operational';
comment on column policy_difference.determining is 'operational';
comment on column policy_difference.would_be is 'operational';
comment on column policy_difference.would_by is 'operational';
comment on column policy_difference.errors is 'operational';
