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

/**
 * Somebody said yes or no to an application; null when what is written is something else. It is the answer to a question that is looked at,
 * and not the grant: that is made for who is not asked, too.
 */
export function decisionIn({ kind, payload }: NewRecord): AuditEntry | null {
  if (kind !== 'Interaction') return null
  const { result, session, params } = payload as Readonly<Record<string, Members | undefined>>
  const isNo = result?.['error'] === 'access_denied'
  const isYes = (result?.['consent'] as Members | undefined)?.['wasAsked'] === true
  const [account, client] = [textOf(session?.['accountId']), textOf(params?.['client_id'])]
  if (account === '' || !(isNo || isYes)) return null
  const entry = isNo
    ? entryOf('connections.refused', client, account, 'denied')
    : entryOf('connections.allowed', client, account)
  return { ...entry, actor: `person:${account}` }
}

type Members = Readonly<Record<string, unknown>>

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

/**
 * What an application fetched in its own name stands nowhere: neither does that it gives it back, or it could fill the log by itself. Giving
 * back any token of a person ends all that came of the same consent, so it happens once for each.
 */
export const isUnsaid = (kind: string): boolean => kind === 'ClientCredentials'

export const givingBack = (kind: string, client: string): AuditEntry => ({
  action: 'connections.token-given-back',
  actor: `client:${client}`,
  target: { type: 'Client', id: client },
  fields: [kind],
  outcome: 'done',
})

/** The last word of a name as long as urn:ietf:params:oauth:grant-type:device_code is enough. */
const nameOf = (grant: unknown): string => textOf(grant).split(':').at(-1) ?? ''

/** Done by the application, in somebody's name. */
const entryOf = (
  action: string,
  client: string,
  account: string,
  outcome: AuditEntry['outcome'] = 'done',
): AuditEntry => ({
  action,
  actor: `client:${client}`,
  onBehalfOf: `person:${account}`,
  target: { type: 'Client', id: client },
  outcome,
})

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
