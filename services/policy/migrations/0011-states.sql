-- A number says how new a state is only while its history goes on: a database that was restored comes by the same number again, with other things
-- behind it. So each state of the world, and each version of the policies, has a mark that no other has. The states of the last hour are kept:
-- a node goes on from its own only when it is one of them, and reads everything otherwise. Whoever can write here can make nodes believe that
-- what they know is all there is.
alter table policy_world add column mark uuid not null default gen_random_uuid();
alter table policy_bundle add column mark uuid not null default gen_random_uuid();
create table policy_state (
  revision bigint primary key,
  mark     uuid not null,
  -- Not of the transaction, which may have waited: later states have later times.
  at       timestamptz not null default clock_timestamp()
);
create index policy_state_at on policy_state (at);
insert into policy_state (revision, mark) select revision, mark from policy_world;

-- By the table itself, as its numbers are. What stood ahead of a number that went back is no history of this one.
create function policy_world_altered() returns trigger language plpgsql as $$
begin
  new.mark := gen_random_uuid();
  delete from policy_state where revision >= new.revision;
  insert into policy_state (revision, mark) values (new.revision, new.mark);
  return new;
end $$;
create trigger policy_world_altered before update on policy_world for each row execute function policy_world_altered();

-- A version that was altered by a hand at the database is another one under its number.
create function policy_bundle_altered() returns trigger language plpgsql as $$
begin
  new.mark := gen_random_uuid();
  return new;
end $$;
create trigger policy_bundle_altered before update on policy_bundle for each row execute function policy_bundle_altered();

create or replace view policy_revisions as
  select w.revision as world, coalesce(b.revision, 0) as policies, w.mark as world_mark, b.mark as policies_mark
    from policy_world w left join lateral (select revision, mark from policy_bundle order by revision desc limit 1) b on true;

-- What no node could read at all.
alter table policy_entity add check (type <> '' and jsonb_typeof(attributes) = 'object');
alter table policy_relation add check (subject_type <> '' and object_type <> '');

-- What only a token proves of somebody, no relation gives them.
delete from policy_relation
 where object_type in ('Person', 'Machine', 'Service')
   and relation in ('acr', 'amr', 'auth_time', 'client', 'kind', 'mfa', 'mfa_verified', 'roles', 'scopes');

comment on column policy_world.mark is 'operational';
comment on column policy_bundle.mark is 'operational';
comment on column policy_state.revision is 'operational';
comment on column policy_state.mark is 'operational';
comment on column policy_state.at is 'operational';
