import type { PersonData } from '@althing/kernel/privacy'

export const personData: PersonData = {
  persons: [
    { table: 'policy_subject', of: 'subject = $1', gives: ['roles', 'stamp', 'changed_at'], erasure: 'rows' },
    {
      table: 'policy_entity',
      of: `type = 'Person' and id = $1`,
      gives: ['attributes', 'changed_at'],
      erasure: 'rows',
    },
    {
      table: 'policy_relation',
      of: `(subject_type = 'Person' and subject_id = $1) or (object_type = 'Person' and object_id = $1)`,
      gives: ['subject_type', 'subject_id', 'relation', 'object_type', 'object_id', 'added_at'],
      erasure: 'rows',
    },
    {
      table: 'policy_decision',
      of: `(subject_type = 'Person' and subject_id = $1) or (resource_type = 'Person' and resource_id = $1) or persons @> array[$1]`,
      gives: ['at', 'caller', 'action', 'resource_type', 'resource_id', 'decision', 'determining'],
      withholds: {
        seen: 'It says of others, too; what is known of the person themselves stands in the other tables.',
      },
      // That a decision was made, and which one, stays provable; what was known of whom goes.
      erasure: { empties: ['seen', 'seen_salt'] },
    },
    {
      table: 'policy_difference',
      of: `(subject_type = 'Person' and subject_id = $1) or (resource_type = 'Person' and resource_id = $1)`,
      gives: ['at', 'action', 'resource_type', 'resource_id', 'decision', 'would_be'],
      erasure: 'rows',
    },
    {
      table: 'policy_override',
      of: `subject_type = 'Person' and subject_id = $1`,
      gives: [
        'kind',
        'actions',
        'resource_type',
        'resource_id',
        'role',
        'reason',
        'asked_at',
        'until',
        'state',
        'decided_at',
        'decided_why',
        'ended_at',
        'ended_why',
      ],
      erasure: 'rows',
    },
  ],
  others: {
    policy_bundle:
      'The policies of all, and by their id in an account who wanted them and whom an override was about.',
    policy_draft: 'Policies that somebody would have; by their id in an account who wrote them.',
    policy_shadow: 'Which draft is tried.',
    policy_world: 'A number.',
    policy_state: 'Numbers, for an hour.',
    policy_change: 'What has to be read again, for an hour.',
  },
}
