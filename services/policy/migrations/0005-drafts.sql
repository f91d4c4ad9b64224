-- How each version came: with a release, by two people from a draft, or back from an older one; and what of it is the organisation's own, as
-- it was written and as it was compiled.
alter table policy_bundle
  add column kind text not null default 'release' check (kind in ('release', 'activation', 'rollback')),
  add column organisation_schema text not null default '',
  add column organisation_links text not null default '',
  add column organisation_tests text not null default '',
  add column organisation_compiled text not null default '{}',
  add column title text,
  add column reason text,
  add column draft text,
  add column proposed_by text,
  add column is_alone boolean not null default false,
  add column restores integer references policy_bundle,
  -- Why the organisation's policies do not fit this release any more; they are in force as they were.
  add column misfit jsonb;

-- Every node hears of a version in the moment it is there.
create function policy_bundle_added() returns trigger language plpgsql as $$
begin
  perform pg_notify('policy_bundle', new.revision::text);
  return null;
end $$;
create trigger policy_bundle_added after insert on policy_bundle for each row execute function policy_bundle_added();

-- What somebody would have in force instead. `compiled` is what was made of the text by Cedar's own parser, and `compiled_from` a seal of both.
-- Whoever can write here can put another text under a draft that somebody is reading.
create table policy_draft (
  id            text primary key,
  title         text not null,
  note          text not null,
  policies      text not null,
  schema        text not null,
  links         text not null,
  tests         text not null,
  version       integer not null default 1,
  based_on      integer not null references policy_bundle,
  state         text not null default 'open' check (state in ('open', 'activated', 'withdrawn')),
  made_by       text not null,
  made_at       timestamptz not null,
  changed_by    text not null,
  changed_at    timestamptz not null,
  proposed_by   text,
  proposed_at   timestamptz,
  revision      integer references policy_bundle,
  compiled      text,
  compiled_from text
);
create index policy_draft_open on policy_draft (changed_at desc) where state = 'open';

comment on column policy_bundle.kind is 'operational';
comment on column policy_bundle.organisation_schema is 'operational';
comment on column policy_bundle.organisation_links is 'operational';
comment on column policy_bundle.organisation_tests is 'operational';
comment on column policy_bundle.organisation_compiled is 'operational';
comment on column policy_bundle.title is 'operational';
comment on column policy_bundle.reason is 'operational';
comment on column policy_bundle.draft is 'operational';
comment on column policy_bundle.proposed_by is 'operational';
comment on column policy_bundle.is_alone is 'operational';
comment on column policy_bundle.restores is 'operational';
comment on column policy_bundle.misfit is 'operational';
comment on column policy_draft.id is 'operational';
comment on column policy_draft.title is 'operational';
comment on column policy_draft.note is 'operational';
comment on column policy_draft.policies is 'operational';
comment on column policy_draft.schema is 'operational';
comment on column policy_draft.links is 'operational';
comment on column policy_draft.tests is 'operational';
comment on column policy_draft.version is 'operational';
comment on column policy_draft.based_on is 'operational';
comment on column policy_draft.state is 'operational';
comment on column policy_draft.made_by is 'operational';
comment on column policy_draft.made_at is 'operational';
comment on column policy_draft.changed_by is 'operational';
comment on column policy_draft.changed_at is 'operational';
comment on column policy_draft.proposed_by is 'operational';
comment on column policy_draft.proposed_at is 'operational';
comment on column policy_draft.revision is 'operational';
comment on column policy_draft.compiled is 'operational';
comment on column policy_draft.compiled_from is 'operational';

-- How new the world and the policies are, in one look: asked with every question.
create view policy_revisions as
  select w.revision as world, (select coalesce(max(revision), 0) from policy_bundle) as policies from policy_world w;
