-- What officers decide: texts, questions, schedule, and where an election stands. Whoever can write here can change what is
-- asked before the manifest is published, and can close early or hide; what the manifest says is signed and on the board.
create table election (
  id                  uuid primary key,
  title               jsonb not null,
  description         jsonb,
  questions           jsonb not null,
  eligibility         text not null check (eligibility in ('members', 'admins', 'all')),
  status              text not null default 'draft'
    check (status in ('draft', 'published', 'open', 'paused', 'closed', 'tallied', 'archived', 'cancelled')),
  hidden              boolean not null default false,
  publication         text not null default 'none' check (publication in ('none', 'pending', 'done', 'refused')),
  publication_problem text,
  small_group_reason  text,
  sealing_key         text,
  scheduled_start     timestamptz,
  scheduled_end       timestamptz,
  manifest            text,
  manifest_hash       text,
  manifest_note       text,
  entitled            integer,
  issued              jsonb,
  private_key         text,
  result              jsonb,
  published_at        timestamptz,
  opened_at           timestamptz,
  closed_at           timestamptz,
  created_at          timestamptz not null default date_trunc('milliseconds', now()),
  version             integer not null default 1,
  check (scheduled_end > scheduled_start),
  check (status in ('draft', 'cancelled') or manifest is not null)
);
create index election_created on election (created_at desc, id desc);

-- May this election take a ballot at this very moment, by the clock of this database? The row stays locked until the ballot
-- is committed: who closes the election waits for the ballots in hand, and every later one finds it closed.
create function election_accepts(wanted uuid) returns boolean language plpgsql volatile as $$
begin
  perform from election
    where id = wanted and status in ('published', 'open') and not hidden and manifest is not null
      and (scheduled_start is null or scheduled_start <= clock_timestamp())
      and (scheduled_end is null or clock_timestamp() < scheduled_end)
    for share;
  return found;
end $$;

-- Nothing below has a time, a serial or an id that speaks. One partition for each election, dropped when its board is whole.

-- One row for each one-time key that cast a ballot, and the one place (slot and class) it may cast in. `burn` and `place`
-- are keyed hashes; the key lies outside this database. A row is written once: a later ballot of the same key leaves no mark
-- on it. Whoever can write here can stop a voter, but make no ballot.
create table ballot_burn (
  election uuid not null,
  burn     bytea not null,
  place    bytea not null,
  primary key (election, burn)
) partition by list (election);

-- Sealed ballots on their way to the board; `sealed` is null once a ballot stands there. `row` is a keyed hash of key and
-- number together: no two ballots of one voter have anything in common, here or with ballot_burn (decisions/0009).
-- Whoever can delete here can lose ballots whose receipts are out: the receipts prove it.
create table ballot_intake (
  election uuid not null,
  row      bytea not null,
  digest   bytea not null,
  sealed   bytea,
  primary key (election, row)
) partition by list (election);
alter table ballot_intake alter column sealed set storage external;

-- The head of each board. The tree grows first (size, frontier, root); its head is signed after that is durable.
create table board (
  election    uuid primary key,
  size        integer not null,
  frontier    bytea[] not null,
  root        bytea not null,
  signed_size integer not null default 0,
  signed_root bytea,
  checkpoint  text,
  closed      boolean not null default false,
  finished    boolean not null default false
);

-- Every leaf for ever. Whoever changes one is found by the next signed head and by everybody who kept an earlier one.
create table board_leaf (
  election uuid not null,
  index    integer not null,
  leaf     bytea not null,
  entry    text not null,
  primary key (election, index),
  unique (election, leaf)
);

-- The proof for auditors as it is sent, made once when nothing in it can change any more. It can be made again from the rest;
-- whoever changes it here is found by the verifier of everybody who fetches it.
create table board_bundle (
  election uuid primary key,
  text     text not null,
  etag     text not null
);

-- The turnout as shown: it grows in steps, and `step` is the number of the step since 1970, no finer.
create table turnout (
  election uuid primary key,
  shown    integer not null default 0,
  step     integer not null default 0,
  exact    boolean not null default false
);
