-- Applications that are to hear that a session has ended (OpenID Connect Back-Channel Logout). Written by the end itself, in its
-- transaction, however it comes about: a sign-out, an administrator, another sign-in, time, or the end of the account. Whoever can
-- write here can sign people out of applications.
create table logout_notice (
  id         bigint generated always as identity primary key,
  account    text not null,
  client     text not null,
  sid        text,
  tries      integer not null default 0,
  due_at     timestamptz not null default now(),
  ends_at    timestamptz not null default now() + interval '1 day'
);
create index logout_notice_due on logout_notice (due_at);
comment on column logout_notice.id is 'operational';
comment on column logout_notice.account is 'operational';
comment on column logout_notice.client is 'operational';
comment on column logout_notice.sid is 'operational';
comment on column logout_notice.tries is 'operational';
comment on column logout_notice.due_at is 'operational';
comment on column logout_notice.ends_at is 'operational';

create function tell_applications() returns trigger language plpgsql as $$
begin
  insert into logout_notice (account, client, sid)
  select old.account, one.key, one.value ->> 'sid'
    from jsonb_each(coalesce(old.engine -> 'authorizations', '{}'::jsonb)) as one
   where one.key <> 'portal';
  if found then
    perform pg_notify('identity_logout', '');
  end if;
  return null;
end $$;
create trigger session_ended after delete on session
  for each row when (old.engine ? 'authorizations') execute function tell_applications();
