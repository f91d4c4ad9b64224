import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testIdentity } from '../../tests/support/identity.ts'

const classes = ['contact', 'proof', 'secret', 'operational']

test('every column of ours says what kind of data it holds', async () => {
  const { kit } = await testIdentity()
  const columns = await kit.database.query<{ column: string; said: string | null }>(
    `select c.relname || '.' || a.attname as column, col_description(c.oid, a.attnum) as said
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        and c.relname in ('account', 'password', 'password_failure', 'session', 'revocation_head', 'revocation', 'signing_key',
                          'oauth_client', 'oidc_record', 'external_identity', 'federation_state', 'mailed_link',
                          'risk_mark', 'security_alert', 'security_alert_delivery')`,
  )
  assert.ok(columns.length > 50)
  const unsaid = columns
    .filter(({ said }) => said === null || !classes.includes(said))
    .map(({ column }) => column)
  assert.deepEqual(
    unsaid,
    [],
    `Say it in the migration: comment on column … is one of ${classes.join(', ')}.`,
  )
})
