-- The one number that says how new the world of entities is. Every change takes the next one first, so that the order of the numbers is
-- the order in which the changes were committed. Whoever can write here can make nodes believe that nothing has changed.
create table policy_world (
  single   boolean primary key default true check (single),
  revision bigint not null
);
insert into policy_world (revision) values (0);

-- What applications told us of their things and people. Whoever can write here decides what applications are told about anybody.
create table policy_entity (
  type       text not null,
  id         text not null,
  attributes jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (type, id)
);

-- Who or what stands in which relation to what. `in` makes the subject one of the object (a person of a group, a document of a folder);
-- any other relation is an attribute of the object. Whoever can write here can make anybody a member of anything.
create table policy_relation (
  subject_type text not null,
  subject_id   text not null,
  relation     text not null,
  object_type  text not null,
  object_id    text not null,
  added_at     timestamptz not null default now(),
  primary key (object_type, object_id, relation, subject_type, subject_id)
);
create index policy_relation_reverse on policy_relation (subject_type, subject_id, relation);

-- What a node has to read again; kept for an hour, for a node that is further behind reads everything.
create table policy_change (
  revision bigint not null,
  type     text not null,
  id       text not null,
  at       timestamptz not null default now(),
  primary key (revision, type, id)
);
create index policy_change_at on policy_change (at);

-- By the tables themselves, so that nothing that writes them can forget it: a fact from identity, an erasure, a hand at the database.
create function policy_changed() returns trigger language plpgsql as $$
declare
  made bigint;
  any_one boolean;
begin
  -- An upsert is both events, and often neither.
  execute format('select exists (%s)', tg_argv[0]) into any_one;
  if not any_one then
    return null;
  end if;
  update policy_world set revision = revision + 1 returning revision into made;
  execute format(
    'insert into policy_change (revision, type, id) select distinct $1, one.type, one.id from (%s) as one (type, id) on conflict do nothing',
    tg_argv[0]) using made;
  return null;
end $$;

-- Transition tables of one trigger are of one event (PostgreSQL manual, create trigger).
create trigger policy_entity_added after insert on policy_entity
  referencing new table as fresh for each statement execute function policy_changed('select type, id from fresh');
create trigger policy_entity_altered after update on policy_entity
  referencing new table as fresh for each statement execute function policy_changed('select type, id from fresh');
create trigger policy_entity_removed after delete on policy_entity
  referencing old table as gone for each statement execute function policy_changed('select type, id from gone');
-- Of both ends: the one has another attribute or parent, and the other must be known to exist.
create trigger policy_relation_added after insert on policy_relation
  referencing new table as fresh for each statement
  execute function policy_changed('select subject_type, subject_id from fresh union select object_type, object_id from fresh');
create trigger policy_relation_removed after delete on policy_relation
  referencing old table as gone for each statement
  execute function policy_changed('select subject_type, subject_id from gone union select object_type, object_id from gone');
create trigger policy_subject_added after insert on policy_subject
  referencing new table as fresh for each statement execute function policy_changed('select ''Person'', subject from fresh');
create trigger policy_subject_altered after update on policy_subject
  referencing new table as fresh for each statement execute function policy_changed('select ''Person'', subject from fresh');
create trigger policy_subject_removed after delete on policy_subject
  referencing old table as gone for each statement execute function policy_changed('select ''Person'', subject from gone');

comment on column policy_world.single is 'operational';
comment on column policy_world.revision is 'operational';
comment on column policy_entity.type is 'operational';
comment on column policy_entity.id is 'operational';
comment on column policy_entity.attributes is 'operational';
comment on column policy_entity.changed_at is 'operational';
comment on column policy_relation.subject_type is 'operational';
comment on column policy_relation.subject_id is 'operational';
comment on column policy_relation.relation is 'operational';
comment on column policy_relation.object_type is 'operational';
comment on column policy_relation.object_id is 'operational';
comment on column policy_relation.added_at is 'operational';
comment on column policy_change.revision is 'operational';
comment on column policy_change.type is 'operational';
comment on column policy_change.id is 'operational';
comment on column policy_change.at is 'operational';
