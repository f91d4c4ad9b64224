-- Everybody who has written in a draft: whoever brings it into force reads whose words they are, and not only whose were the last.
alter table policy_draft add column authors text[];
update policy_draft set authors = case when changed_by = made_by then array[made_by] else array[made_by, changed_by] end;
alter table policy_draft alter column authors set not null;

comment on column policy_draft.authors is 'operational';
