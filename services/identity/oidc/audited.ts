/**
 * Which of what the engine does is written into the audit log: whatever lets an application know, or do, something in somebody's name, and
 * whatever shows that a stranger has a copy. Not a token that an application fetches for itself, and not the next one of a session: they are
 * thousands a second that nobody decided, and are counted (counting.ts).
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { NewRecord } from './store.ts'

const ofPeople = [
  'authorization_code',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:openid:params:grant-type:ciba',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
]

type IsFirstParty = (client: string) => boolean

/** Somebody said yes or no to an application; null when what is written is something else. */
export function decisionIn({ kind, payload }: NewRecord, isFirstParty: IsFirstParty): AuditEntry | null {
  if (kind === 'Grant') {
    const [account, client] = [textOf(payload['accountId']), textOf(payload['clientId'])]
    return account === '' || isFirstParty(client) ? null : entryOf('connections.allowed', client, account)
  }
  const { result, session, params } = payload as Readonly<
    Record<string, Readonly<Record<string, unknown>> | undefined>
  >
  if (kind !== 'Interaction' || result?.['error'] !== 'access_denied') return null
  const account = textOf(session?.['accountId'])
  return account === ''
    ? null
    : entryOf('connections.refused', textOf(params?.['client_id']), account, 'denied')
}

/** An application got tokens of somebody, by what it showed. Our own portal is told of by the sign-in. */
export function givingIn(
  records: readonly NewRecord[],
  grant: unknown,
  isFirstParty: IsFirstParty,
): AuditEntry | null {
  const of = records.find(({ payload }) => textOf(payload['accountId']) !== '')
  if (of === undefined || !ofPeople.includes(textOf(grant))) return null
  const [account, client] = [textOf(of.payload['accountId']), textOf(of.payload['clientId'])]
  return isFirstParty(client)
    ? null
    : { ...entryOf('connections.tokens-given', client, account), fields: [nameOf(grant)] }
}

/** What can be used once was used twice: all that it gave is gone (RFC 9700, section 4.14.2). */
export const secondUse = (kind: string, client: string, account: string): AuditEntry => ({
  ...entryOf('connections.used-twice', client, account, 'denied'),
  fields: [kind],
})

export const givingBack = (kind: string, client: string): AuditEntry => ({
  action: 'connections.token-given-back',
  actor: `client:${client}`,
  target: { type: 'Client', id: client },
  fields: [kind],
  outcome: 'done',
})

/** The last word of a name as long as urn:ietf:params:oauth:grant-type:device_code is enough. */
const nameOf = (grant: unknown): string => textOf(grant).split(':').at(-1) ?? ''

const entryOf = (
  action: string,
  client: string,
  account: string,
  outcome: AuditEntry['outcome'] = 'done',
): AuditEntry => ({
  action,
  actor:
    action === 'connections.allowed' || action === 'connections.refused'
      ? `person:${account}`
      : `client:${client}`,
  onBehalfOf: `person:${account}`,
  target: { type: 'Client', id: client },
  outcome,
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
