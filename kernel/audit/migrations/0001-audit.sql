-- Who did what. An entry is written in the transaction of the change it describes; a single integrator gives it a place in a
-- Merkle tree afterwards. Whoever can write here can add entries; whoever can change or remove them is found out by verifyAudit,
-- and by everybody who kept a checkpoint.
create table audit_entry (
  id                uuid primary key,
  at                timestamptz(3) not null,
  action            text not null,
  actor             text not null,
  on_behalf_of      text,
  target_type       text,
  target_id         text,
  reason            text,
  outcome           text not null,
  -- Names of what was changed, never the values.
  fields            text[] not null default '{}',
  correlation       text,
  -- Values about a person, sealed under that person's key before they are hashed: erasing the key leaves every proof valid.
  personal_subject  text,
  personal          bytea
);

create index audit_entry_at on audit_entry (at, id);
create index audit_entry_actor on audit_entry (actor, at);
create index audit_entry_target on audit_entry (target_type, target_id, at);

-- Entries without a place yet. A queue: the only table here whose rows go away.
create table audit_pending (
  entry  uuid primary key references audit_entry (id)
);

create table audit_leaf (
  index  bigint primary key,
  entry  uuid not null unique references audit_entry (id),
  hash   bytea not null
);

-- c2sp.org/tlog-tiles: up to 256 hashes each; only the last tile of a level still grows.
create table audit_tile (
  level   smallint not null,
  index   bigint not null,
  hashes  bytea not null,
  primary key (level, index)
);

create table audit_checkpoint (
  size  bigint primary key,
  note  text not null
);

-- Wrapped data keys, one per person. Null is a key that was destroyed: it stays null.
create table person_key (
  subject  text primary key,
  wrapped  bytea
);

-- Against our own mistakes; the owner of the tables could switch these off, and would still be found out.
create function audit_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log only grows: % on % is refused.', tg_op, tg_table_name;
end $$;

create trigger audit_entry_grows before update or delete or truncate on audit_entry
  for each statement execute function audit_refuse();
create trigger audit_leaf_grows before update or delete or truncate on audit_leaf
  for each statement execute function audit_refuse();
create trigger audit_checkpoint_grows before update or delete or truncate on audit_checkpoint
  for each statement execute function audit_refuse();
create trigger audit_tile_stays before delete or truncate on audit_tile
  for each statement execute function audit_refuse();

create function audit_tile_only_grows() returns trigger language plpgsql as $$
begin
  if substring(new.hashes for length(old.hashes)) is distinct from old.hashes
     or (new.level, new.index) is distinct from (old.level, old.index) then
    raise exception 'The audit log only grows: a hash in a tile may not change.';
  end if;
  return new;
end $$;

create trigger audit_tile_grows before update on audit_tile
  for each row execute function audit_tile_only_grows();

create function person_key_stays_destroyed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.wrapped is null or new.subject <> old.subject then
    raise exception 'A destroyed key is remembered and does not come back.';
  end if;
  return new;
end $$;

create trigger person_key_guard before update or delete on person_key
  for each row execute function person_key_stays_destroyed();
