-- The roll of an election: who may vote, frozen at one moment. Whoever can write here decides who may vote.
create table roll (
  election           uuid primary key,
  title              jsonb not null,
  eligibility        text not null,
  slots              text[] not null,
  cut_off            timestamptz not null,
  small_group_reason text,
  refusal            text,
  size               integer,
  root               bytea check (length(root) = 32),
  -- What is still to be done for this election, and when it is tried next.
  due                text check (due in ('roll', 'issuance', 'counts')),
  attempts           integer not null default 0,
  next_at            timestamptz not null,
  -- What elections told us.
  status             text check (status in ('published', 'open', 'paused', 'closed', 'tallied', 'archived', 'cancelled')),
  hidden             boolean not null default false,
  opens_at           timestamptz,
  closes_at          timestamptz,
  manifest           text,
  manifest_hash      bytea check (length(manifest_hash) = 32),
  -- Root over the issuance log, once nothing is issued any more.
  log_root           bytea check (length(log_root) = 32)
);
create index roll_due on roll (next_at) where due is not null;
comment on column roll.election is 'operational';
comment on column roll.title is 'operational';
comment on column roll.eligibility is 'operational';
comment on column roll.slots is 'operational';
comment on column roll.cut_off is 'operational';
comment on column roll.small_group_reason is 'operational';
comment on column roll.refusal is 'operational';
comment on column roll.size is 'operational';
comment on column roll.root is 'proof';
comment on column roll.due is 'operational';
comment on column roll.attempts is 'operational';
comment on column roll.next_at is 'operational';
comment on column roll.status is 'operational';
comment on column roll.hidden is 'operational';
comment on column roll.opens_at is 'operational';
comment on column roll.closes_at is 'operational';
comment on column roll.manifest is 'operational';
comment on column roll.manifest_hash is 'proof';
comment on column roll.log_root is 'proof';

create table roll_entry (
  election uuid not null references roll,
  member   text not null,
  person   text,
  class    text not null,
  salt     bytea not null check (length(salt) = 16),
  primary key (election, member)
);
create unique index roll_entry_person on roll_entry (person, election);
create index roll_entry_member on roll_entry (member) where person is null;
comment on column roll_entry.election is 'operational';
comment on column roll_entry.member is 'operational';
comment on column roll_entry.person is 'operational';
comment on column roll_entry.class is 'operational';
comment on column roll_entry.salt is 'proof';

-- Accounts of members as the directory told us, so that a roll frozen while the word was on its way finds them.
create table member_account (
  member text primary key,
  person text not null
);
comment on column member_account.member is 'operational';
comment on column member_account.person is 'operational';

-- Whoever can read a private part and has the service's key can make tickets for abstainers; emptied when the election ends.
create table issuing_key (
  election uuid not null references roll,
  slot     text not null,
  class    text not null,
  n        text not null,
  sealed   bytea,
  primary key (election, slot, class)
);
comment on column issuing_key.election is 'operational';
comment on column issuing_key.slot is 'operational';
comment on column issuing_key.class is 'operational';
comment on column issuing_key.n is 'operational';
comment on column issuing_key.sealed is 'secret';

-- That somebody fetched a ticket: one for each entitlement. The day and nothing finer, and no order.
create table issuance (
  election     uuid not null,
  slot         text not null,
  class        text not null,
  member       text not null,
  blinded_hash bytea not null check (length(blinded_hash) = 32),
  day          date not null,
  primary key (election, member, slot, class)
);
comment on column issuance.election is 'operational';
comment on column issuance.slot is 'operational';
comment on column issuance.class is 'operational';
comment on column issuance.member is 'operational';
comment on column issuance.blinded_hash is 'proof';
comment on column issuance.day is 'operational';

-- One leaf for each ticket issued; the root over them, sorted, is fixed when the election ends.
create table issuance_log (
  election uuid not null,
  leaf     bytea not null check (length(leaf) = 32),
  primary key (election, leaf)
);
comment on column issuance_log.election is 'operational';
comment on column issuance_log.leaf is 'proof';
