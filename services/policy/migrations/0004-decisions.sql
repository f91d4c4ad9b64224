-- What an organisation says beside Althing's own policies, as its people wrote it.
alter table policy_bundle add column organisation text not null default '';
comment on column policy_bundle.organisation is 'operational';

-- Every decision that was made for somebody else, with what it was made of, so that it can be made again. Written by many at once, in
-- batches whose digest stands in the audit log: what is changed here afterwards does not fit it any more. Whoever can write here can say
-- that somebody asked what nobody asked, until somebody compares.
create table policy_decision (
  id            uuid primary key,
  batch         bigint not null,
  place         integer not null,
  at            timestamptz not null,
  caller        text not null,
  request       text,
  subject_type  text not null,
  subject_id    text not null,
  action        text not null,
  resource_type text not null,
  resource_id   text not null,
  -- The attributes that policies can read, of everything that was looked at, and nothing else.
  seen          jsonb,
  decision      boolean not null,
  determining   text[] not null,
  errors        jsonb not null,
  policies      integer not null,
  world         bigint not null,
  digest        text not null,
  -- Of the row as it was written: the digest of its batch is made of these, so that it still fits when a person was erased from it.
  hash          bytea not null,
  cached        boolean not null,
  microseconds  integer not null,
  unique (batch, place)
);
create index policy_decision_at on policy_decision (at desc, id);
create index policy_decision_subject on policy_decision (subject_type, subject_id, at desc);
create index policy_decision_resource on policy_decision (resource_type, resource_id, at desc);
create sequence policy_decision_batch;
comment on column policy_decision.id is 'operational';
comment on column policy_decision.batch is 'operational';
comment on column policy_decision.place is 'operational';
comment on column policy_decision.at is 'operational';
comment on column policy_decision.caller is 'operational';
comment on column policy_decision.request is 'operational';
comment on column policy_decision.subject_type is 'operational';
comment on column policy_decision.subject_id is 'operational';
comment on column policy_decision.action is 'operational';
comment on column policy_decision.resource_type is 'operational';
comment on column policy_decision.resource_id is 'operational';
comment on column policy_decision.seen is 'contact';
comment on column policy_decision.decision is 'operational';
comment on column policy_decision.determining is 'operational';
comment on column policy_decision.errors is 'operational';
comment on column policy_decision.policies is 'operational';
comment on column policy_decision.world is 'operational';
comment on column policy_decision.digest is 'operational';
comment on column policy_decision.hash is 'operational';
comment on column policy_decision.cached is 'operational';
comment on column policy_decision.microseconds is 'operational';
