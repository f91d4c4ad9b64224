-- A code that is under way stands beside the one before until it is known to have gone out: a carrier that is away must not take a
-- good code from its owner. Whoever can write here can guess on; to make a code that works they need the key as well.
alter table mailed_code add column next_hash bytea;
alter table mailed_code add column next_expires_at timestamptz;
comment on column mailed_code.next_hash is 'secret';
comment on column mailed_code.next_expires_at is 'operational';

-- Who knows the password must not spend the sends of the owner: strangers together are one place, each known device (a keyed hash) is
-- another. Whoever can write here can send on, at our cost.
alter table mailed_code_sent add column place text not null default 'strangers';
alter table mailed_code_sent drop constraint mailed_code_sent_pkey;
alter table mailed_code_sent add primary key (account, channel, place);
comment on column mailed_code_sent.place is 'operational';
