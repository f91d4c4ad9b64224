-- Every published set of policies, kept for ever. Whoever can write here can, at the next start, give anybody anything.
create table policy_bundle (
  revision     integer primary key,
  source       text not null,
  source_hash  bytea not null,
  bundle       text not null,
  signature    text not null,
  published_by text not null,
  published_at timestamptz not null default now()
);

-- The roles of people as identity last told them; used when an application asks for a decision about somebody.
create table policy_subject (
  subject    text primary key,
  roles      text[] not null,
  stamp      integer not null,
  changed_at timestamptz not null default now()
);
