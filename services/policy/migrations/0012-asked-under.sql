-- What somebody was lent may let them ask for more, or deny: then that falls with it. And nobody's wish waits for months. What was asked for before
-- hangs on nothing, and needs not to: whoever asked is looked at again when somebody decides.
alter table policy_override add column asked_under text;
create index policy_override_under on policy_override (asked_under) where state in ('asked', 'in-force');
update policy_override set decide_by = least(decide_by, now() + interval '14 days') where state = 'asked' and kind = 'allow';

comment on column policy_override.asked_under is 'operational';
