import type { PersonTable } from './shape.ts'

/** What the kernel itself keeps about persons, in every service alike. */
export const kernelPersons: readonly PersonTable[] = [
  {
    table: 'audit_entry',
    of: `actor = 'person:' || $1 or on_behalf_of = 'person:' || $1
         or (target_type in ('Account', 'Person') and target_id = $1)`,
    gives: ['at', 'action', 'actor', 'target_type', 'target_id', 'outcome', 'reason', 'fields'],
    erasure: {
      stays:
        'What was done must stay provable. Values are sealed under the key of the person, which is destroyed; the ids name nobody.',
    },
  },
]

/** The tables that the kernel makes in every service, so that a service need not speak of them. */
export const kernelTables: readonly string[] = [
  'audit_checkpoint',
  'audit_entry',
  'audit_leaf',
  'audit_pending',
  'audit_tile',
  'idempotency_key',
  'inbox_message',
  'limit_counter',
  'outbox_message',
  'person_key',
  'schema_migration',
  'service_nonce',
]
