/** What an officer does with the pages of elections, without the pages. */
import { hpkeDeriveKeyPair, toBase64url } from '@althing/kernel/crypto'
import type { AdminElection } from '@althing/elections/contract'
import { randomBytes } from 'node:crypto'
import type { Person } from './person.ts'

export async function createOfficer(person: Person) {
  const keys = await hpkeDeriveKeyPair(new Uint8Array(randomBytes(32)))

  async function call(method: string, path: string, body?: unknown): Promise<AdminElection> {
    const answer = await person.api(method, `/api/admin/elections${path}`, body)
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return (answer.body as { election: AdminElection }).election
  }

  return {
    async open(more: object = {}): Promise<AdminElection> {
      const question = {
        title: 'Prófun',
        question: 'Hver?',
        answers: ['Ása', 'Björn', 'Cýrus'],
        sealing_key: toBase64url(keys.publicKey),
      }
      const { id } = await call('POST', '', { ...question, ...more })
      return call('POST', `/${id}/open`, {})
    },
    close: (id: string) => call('POST', `/${id}/close`, {}),
    tally: (id: string) => call('POST', `/${id}/tally`, { private_key: toBase64url(keys.privateKey) }),
    show: (id: string) => call('GET', `/${id}`),
    call,
  }
}
