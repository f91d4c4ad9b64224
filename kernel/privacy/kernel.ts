import type { PersonTable } from './shape.ts'

/** What the kernel itself keeps about persons, in every service alike. */
export const kernelPersons: readonly PersonTable[] = [
  {
    table: 'audit_entry',
    // What was done with their account. What they did with others' is about the others; who did it is about whoever did.
    of: `on_behalf_of = 'person:' || $1 or (target_type in ('Account', 'Person') and target_id = $1)`,
    gives: ['at', 'action', 'target_type', 'outcome', 'fields'],
    withholds: {
      actor: 'Who did it may be another person, or staff.',
      reason: 'It may speak of others. Whoever wants it asks the office.',
    },
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
