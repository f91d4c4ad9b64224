-- What somebody was lent may let them ask for more: then the wish falls with it. And nobody's waits for months.
alter table policy_override add column asked_under text;
create index policy_override_under on policy_override (asked_under) where state = 'asked';
update policy_override set decide_by = least(decide_by, now() + interval '14 days') where state = 'asked' and kind = 'allow';

comment on column policy_override.asked_under is 'operational';
