-- What engines of an organisation's own said when they were asked whether they agree, and by which policies ours had allowed it: by this a
-- replay can tell a decision of ours that came out otherwise from one that somebody outside turned round. Null where nobody was asked. It
-- holds names, outcomes and times, never a word of what an engine answered.
alter table policy_decision add column outside jsonb;
comment on column policy_decision.outside is 'operational';
