-- How whoever asked had signed in, and with which application: whether they may still ask is decided once more when somebody agrees, and a policy of the
-- organisation may look at that. Of what waits since before it is not known: there they are taken to have shown a second factor.
alter table policy_override add column asked_with jsonb;

comment on column policy_override.asked_with is 'operational';
