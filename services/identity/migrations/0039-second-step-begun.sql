-- A secret that waits to be confirmed belongs to the session that began it. Rows of before, and of the version before, which may still
-- run and names no session, belong to none: whoever goes on with them is shown a new one.
alter table totp add column session text;
comment on column totp.session is 'operational';
