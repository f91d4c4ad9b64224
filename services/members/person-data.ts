import type { PersonData } from '@althing/kernel/privacy'

const own = 'select id from member where person = $1'
const byNumber = `kennitala in (select kennitala from member where person = $1)
               or kennitala in (select national_id from person_claim where person = $1)`

/**
 * What the register holds about a person. Whoever is erased leaves the register too: a row that named them would be found by
 * anybody who looks. The organisation's next import may bring them back, if its own list still does.
 */
export const personData: PersonData = {
  persons: [
    {
      table: 'member_import_problem',
      of: `(import, row) in (select import, row from member_import_row where ${byNumber})`,
      gives: ['field', 'before', 'after'],
      erasure: 'rows',
    },
    { table: 'member_import_row', of: byNumber, gives: ['kennitala', 'words'], erasure: 'rows' },
    {
      table: 'member_change',
      of: `member in (${own})`,
      gives: ['changed_at', 'source', 'fields'],
      erasure: 'rows',
    },
    { table: 'member_period', of: `member in (${own})`, gives: ['from_at', 'until_at'], erasure: 'rows' },
    {
      table: 'member',
      of: 'person = $1',
      gives: [
        'id',
        'kennitala',
        'name',
        'email',
        'phone',
        'date_joined',
        'fees_paid',
        'status',
        'linked_by',
        'left_at',
        'created_at',
        'updated_at',
      ],
      erasure: 'rows',
    },
    { table: 'person_claim', of: 'person = $1', gives: ['national_id', 'email'], erasure: 'rows' },
  ],
  others: { member_import: 'How many rows a file had, and who brought it.' },
}
