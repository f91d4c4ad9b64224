-- An address that an outside issuer says a person has. Nobody proved it: it is no name to sign in by, reserves nothing, and may
-- be said of several. Without it here, whoever writes another's address into their electronic ID would stand in that one's way.
alter table account add column claimed_email text check (claimed_email = lower(claimed_email));
comment on column account.claimed_email is 'contact';
update account set claimed_email = email, email = null
 where not email_proven and status = 'active'
   and exists (select from external_identity where external_identity.account = account.id)
   and not exists (select from password where password.account = account.id);
