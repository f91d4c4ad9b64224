import type { PersonData } from '@althing/kernel/privacy'

export const personData: PersonData = {
  persons: [
    { table: 'policy_subject', of: 'subject = $1', gives: ['roles', 'stamp', 'changed_at'], erasure: 'rows' },
  ],
  others: { policy_bundle: 'The policies of all.' },
}
