import type { PersonData } from '@althing/kernel/privacy'

export const personData: PersonData = {
  persons: [
    {
      table: 'browser_session',
      of: 'subject = $1',
      gives: ['name', 'roles', 'seen_at', 'ends_at'],
      erasure: 'rows',
    },
  ],
  others: { login_attempt: 'Of a browser in which nobody has signed in yet; gone after minutes.' },
}
