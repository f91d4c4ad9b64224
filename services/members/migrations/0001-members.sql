-- The register. Whoever can write here decides who is a member, and through the rolls made from it who may vote.
create table member (
  id          text primary key,
  kennitala   text not null unique check (kennitala ~ '^[0-9]{10}$'),
  name        text collate "is-x-icu" not null,
  email       text check (email = lower(email)),
  phone       text,
  date_joined date,
  fees_paid   boolean not null,
  status      text not null check (status in ('active', 'inactive')),
  person      text unique,
  linked_by   text check (linked_by in ('kennitala', 'email')),
  left_at     timestamptz,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  check ((person is null) = (linked_by is null))
);
create index member_name on member (name, id);
create index member_email on member (email);
comment on column member.id is 'operational';
comment on column member.kennitala is 'contact';
comment on column member.name is 'contact';
comment on column member.email is 'contact';
comment on column member.phone is 'contact';
comment on column member.date_joined is 'contact';
comment on column member.fees_paid is 'contact';
comment on column member.status is 'contact';
comment on column member.person is 'operational';
comment on column member.linked_by is 'proof';
comment on column member.left_at is 'contact';
comment on column member.created_at is 'operational';
comment on column member.updated_at is 'operational';

-- When somebody was a member: the roll of an election asks about one moment, perhaps long after.
create table member_period (
  member   text not null references member,
  from_at  timestamptz not null,
  until_at timestamptz check (until_at > from_at),
  primary key (member, from_at)
);
create unique index member_period_open on member_period (member) where until_at is null;
comment on column member_period.member is 'operational';
comment on column member_period.from_at is 'contact';
comment on column member_period.until_at is 'contact';

-- Which fields of whom were changed, when, by whom and by which import. No values: those stand in the register itself.
create table member_change (
  member     text not null references member,
  changed_at timestamptz not null,
  actor      text not null,
  source     text not null,
  fields     text[] not null,
  primary key (member, changed_at, source)
);
comment on column member_change.member is 'operational';
comment on column member_change.changed_at is 'operational';
comment on column member_change.actor is 'operational';
comment on column member_change.source is 'operational';
comment on column member_change.fields is 'operational';

-- An uploaded file while it is looked at; its rows go when it is committed, or after a day.
create table member_import (
  id           text primary key,
  actor        text not null,
  state        text not null check (state in ('reading', 'checked', 'committed')),
  columns      text[] not null default '{}',
  ignored      text[] not null default '{}',
  total        integer not null default 0,
  new          integer not null default 0,
  changed      integer not null default 0,
  unchanged    integer not null default 0,
  wrong        integer not null default 0,
  skipped      integer not null default 0,
  created_at   timestamptz not null,
  committed_at timestamptz
);
comment on column member_import.id is 'operational';
comment on column member_import.actor is 'operational';
comment on column member_import.state is 'operational';
comment on column member_import.columns is 'operational';
comment on column member_import.ignored is 'operational';
comment on column member_import.total is 'operational';
comment on column member_import.new is 'operational';
comment on column member_import.changed is 'operational';
comment on column member_import.unchanged is 'operational';
comment on column member_import.wrong is 'operational';
comment on column member_import.skipped is 'operational';
comment on column member_import.created_at is 'operational';
comment on column member_import.committed_at is 'operational';

create table member_import_row (
  import    text not null references member_import on delete cascade,
  row       integer not null,
  kennitala text,
  words     jsonb not null,
  outcome   text not null check (outcome in ('new', 'changed', 'unchanged', 'wrong', 'skipped')),
  fields    text[] not null default '{}',
  primary key (import, row)
);
create index member_import_row_kennitala on member_import_row (import, kennitala);
comment on column member_import_row.import is 'operational';
comment on column member_import_row.row is 'operational';
comment on column member_import_row.kennitala is 'contact';
comment on column member_import_row.words is 'contact';
comment on column member_import_row.outcome is 'operational';
comment on column member_import_row.fields is 'operational';

create table member_import_problem (
  import     text not null references member_import on delete cascade,
  row        integer not null,
  field      text not null,
  code       text not null,
  is_error   boolean not null,
  before     text,
  after      text,
  other_rows integer[],
  primary key (import, row, field, code)
);
comment on column member_import_problem.import is 'operational';
comment on column member_import_problem.row is 'operational';
comment on column member_import_problem.field is 'operational';
comment on column member_import_problem.code is 'operational';
comment on column member_import_problem.is_error is 'operational';
comment on column member_import_problem.before is 'contact';
comment on column member_import_problem.after is 'contact';
comment on column member_import_problem.other_rows is 'operational';

-- Accounts that proved something about themselves and match no member yet: an import may bring their row later.
create table person_claim (
  person      text primary key,
  national_id text,
  email       text,
  conflict    text,
  updated_at  timestamptz not null
);
create index person_claim_national_id on person_claim (national_id);
create index person_claim_email on person_claim (email);
comment on column person_claim.person is 'operational';
comment on column person_claim.national_id is 'contact';
comment on column person_claim.email is 'contact';
comment on column person_claim.conflict is 'operational';
comment on column person_claim.updated_at is 'operational';
