-- Whoever may see or do what is others' signs in again sooner: the duties beside the ranks do as well.
create or replace function administers(person text) returns boolean language sql stable as
  $$ select exists (select from account where id = person and roles && array['administrator', 'superadmin', 'developer', 'operator', 'auditor']) $$;
