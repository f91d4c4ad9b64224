import type { PersonData } from '@althing/kernel/privacy'

/** Who was on which roll and fetched a ticket. What was voted is nowhere: this service has never known it. */
export const personData: PersonData = {
  persons: [
    {
      table: 'issuance',
      of: 'member in (select member from member_account where person = $1)',
      gives: ['election', 'slot', 'class', 'day'],
      withholds: {
        blinded_hash:
          'It proves to the organisation that one ticket was given, and says nothing about anybody.',
      },
      erasure: {
        stays: 'A number in the count of tickets, which everybody can check. Its id names nobody any more.',
      },
    },
    {
      table: 'roll_entry',
      of: 'person = $1',
      gives: ['election', 'class'],
      withholds: { salt: 'It hides who is on the published roll.' },
      erasure: {
        stays:
          'The published root of the roll is over it. Its ids name nobody any more, once every other table forgot them.',
      },
    },
    { table: 'member_account', of: 'person = $1', gives: ['member'], erasure: 'rows' },
  ],
  others: {
    roll: 'Of an election.',
    issuing_key: 'Of an election.',
    issuance_log: 'Hashes under a salt, in no order.',
  },
}
