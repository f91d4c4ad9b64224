-- What was known when a decision was made is under the hash of its row by a salted hash of its own. So a person can be erased from it, and
-- all the rest of the row can still be compared with what was written: an emptied row is no place to change anything. The salt goes with
-- what it hides, for a short text could be found again by its hash. Rows of before have neither, and are told as altered.
alter table policy_decision add column seen_salt bytea;
alter table policy_decision add column seen_hash bytea;
-- Every person of whom something stands in `seen`, not only the two who were asked about: erasure finds them by it.
alter table policy_decision add column persons text[] not null default '{}';
create index policy_decision_persons on policy_decision using gin (persons);
create index policy_decision_determining on policy_decision using gin (determining);
create index policy_decision_action on policy_decision (action, at desc, id desc);
create index policy_decision_caller on policy_decision (caller, at desc, id desc);
comment on column policy_decision.seen_salt is 'operational';
comment on column policy_decision.seen_hash is 'operational';
comment on column policy_decision.persons is 'operational';
