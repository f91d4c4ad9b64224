-- Who holds, or once held, a role above member: only of them the elections service hears when they sign out. The second is
-- needed because the entry that ends an officer's tokens is written when the role is gone already.
alter table account add column held_office boolean not null default false;
comment on column account.held_office is 'operational';
-- Entries from before this column are told to everybody, as they were.
alter table revocation add column officer boolean not null default true;
comment on column revocation.officer is 'operational';

-- What the sessions ask of the accounts, in the statement in which they ask.
create function holds_or_held_office(person text) returns boolean language sql stable as
  $$ select exists (select from account where id = person and (held_office or not roles <@ array['member'])) $$;
create function administers(person text) returns boolean language sql stable as
  $$ select exists (select from account where id = person and roles && array['administrator', 'superadmin']) $$;
