/**
 * A token of another issuer is changed for one of ours that speaks for whom it is linked to: by the office, by its owner, or by the
 * kennitala that the organisation itself has written into it; never by an address. What it is changed for is short, weak, and a
 * member's at most. Whatever ends somebody's sessions here ends what was signed in there before.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock, Ids } from '@althing/kernel/context'
import { isFault } from '@althing/kernel/errors'
import type { Atomically } from '@althing/kernel/service'
import type { By, Changed } from '../proofs.ts'
import { fault } from './faults.ts'
import { outsideAcr, sessionOf, type OutsideIdentity, type Proven } from './schema.ts'
import type { OutsideStore } from './store.ts'

interface Account {
  readonly id: string
  readonly status: string
  readonly nationalId: string | null
  readonly roles: readonly string[]
  readonly stamp: number
}

interface People {
  byId(id: string): Promise<Account | null>
  byNationalId(nationalId: string): Promise<Account | null>
}

interface Parts {
  readonly store: OutsideStore
  readonly people: People
  /** Whose identity it is because its owner has linked it as a way to sign in. */
  readonly ownerOf: (issuer: string, subject: string) => Promise<string | null>
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly changed: Changed<'identity-linked' | 'identity-unlinked'>
  readonly revoke: (account: string, session: string) => Promise<void>
}

/** What is signed: everything that the doors read of an access token. */
export interface Granted {
  readonly subject: string
  readonly client: string
  readonly roles: readonly string[]
  readonly stamp: number
  readonly session: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly endsAt: Date
}

export const outcomes = ['given', 'refused', 'ended', 'unlinked', 'closed', 'unavailable'] as const
export type Outcome = (typeof outcomes)[number]

interface Needs {
  readonly clock: Clock
  readonly ids: Ids
  readonly issuers: readonly string[]
  readonly verify: (token: string) => Promise<Proven>
  readonly sign: (granted: Granted) => Promise<string>
  readonly atomically: Atomically<Parts>
  /** A line among the tries of its person. */
  readonly note: (account: string, by: string, from: From) => Promise<void>
  readonly counted: (outcome: Outcome) => void
}

export interface From {
  readonly network: string
  readonly agent: string
}

/** As long as our own access tokens at most; no longer than the token that it was given for. */
const minutes = 15

export function createOutsideTokens({ clock, ids, issuers, verify, sign, atomically, note, counted }: Needs) {
  /** @throws Fault refused, ended, unlinked, closed, unavailable */
  async function exchange(token: string, from: From): Promise<string> {
    try {
      const given = await changedFor(token, from)
      counted('given')
      return given
    } catch (error) {
      const outcome = outcomes.find((one) => isFault(error, `identity.outside-tokens.${one}`))
      if (outcome !== undefined) counted(outcome)
      throw error
    }
  }

  async function changedFor(token: string, from: From): Promise<string> {
    const proven = await verify(token)
    const { account, link, isNew } = await atomically((parts) => recognise(parts, proven))
    if (isNew) await note(account.id, proven.by, from)
    const latest = clock.now().getTime() + minutes * 60_000
    return sign({
      subject: account.id,
      client: `outside:${proven.by}`,
      // Whatever else they may do here, they show who they are for it here.
      roles: account.roles.filter((role) => role === 'member'),
      stamp: account.stamp,
      session: sessionOf(link),
      acr: outsideAcr,
      amr: ['outside'],
      endsAt: new Date(Math.min(latest, proven.endsAt.getTime())),
    })
  }

  async function recognise(parts: Parts, proven: Proven) {
    const { issuer, subject, kennitala, signedInAt } = proven
    const link = (await parts.store.find(issuer, subject)) ?? (await linked(parts, proven))
    if (link === null || link.removedAt !== null) throw fault.unlinked()
    if (link.linkedBy === 'owner' && (await parts.ownerOf(issuer, subject)) !== link.account)
      throw fault.unlinked()
    const account = await parts.people.byId(link.account)
    if (account?.status !== 'active') throw fault.closed()
    // One identity, two kennitölur: whichever is true, it must not look as the other person.
    if (kennitala !== null && account.nationalId !== null && account.nationalId !== kennitala)
      throw fault.refused(new Error('The kennitala is not that of the account linked before.'))
    if (link.notBefore !== null && signedInAt < link.notBefore) throw fault.ended()
    const isNew = await parts.store.signedIn(link.id, signedInAt)
    if (isNew) await parts.record(entry('sign-in.outside', `person:${account.id}`, account.id, proven.by))
    return { account, link, isNew }
  }

  /** Somebody who comes for the first time. Of two that come at once the second finds what the first has made. */
  async function linked(parts: Parts, { issuer, subject, kennitala, by }: Proven) {
    const owner = await parts.ownerOf(issuer, subject)
    const registered =
      owner !== null || kennitala === null ? null : await parts.people.byNationalId(kennitala)
    const account = owner ?? registered?.id
    if (account === undefined) return null
    // Who is not let in here yet, or not any more, is not linked by coming from elsewhere.
    if ((await parts.people.byId(account))?.status !== 'active') throw fault.closed()
    const linkedBy = owner === null ? 'claim' : 'owner'
    const made = { id: ids.create('oid'), issuer, subject, account, linkedBy } as const
    const link = await parts.store.add(made, clock.now())
    if (link === null) return parts.store.find(issuer, subject)
    await parts.record(entry('outside-tokens.linked', `person:${account}`, account, by))
    await parts.changed(account, 'identity-linked', { actor: `person:${account}`, session: null })
    return link
  }

  /** By the office: who has the identity in its old list. @throws Fault unknown_issuer, taken */
  async function link(account: string, issuer: string, subject: string, by: By): Promise<void> {
    if (!issuers.includes(issuer)) throw fault.unknown_issuer()
    await atomically(async (parts) => {
      const made = { id: ids.create('oid'), issuer, subject, account, linkedBy: 'operator' } as const
      const link =
        (await parts.store.add(made, clock.now())) ?? (await parts.store.restore(made, clock.now()))
      if (link === null) throw fault.taken()
      await parts.record(entry('outside-tokens.linked', by.actor, account))
      await parts.changed(account, 'identity-linked', by)
    })
  }

  /** Its tokens are refused from the next request on, and no claim brings it back. @throws Fault not_linked */
  async function unlink(account: string, id: string, by: By): Promise<void> {
    await atomically(async (parts) => {
      const link = await parts.store.remove(id, account, clock.now())
      if (link === null) throw fault.not_linked()
      await parts.record(entry('outside-tokens.unlinked', by.actor, account))
      await parts.changed(account, 'identity-unlinked', by)
      await parts.revoke(account, sessionOf(link))
    })
  }

  return { exchange, link, unlink, issuers }
}
export type OutsideTokens = ReturnType<typeof createOutsideTokens>

const entry = (action: string, actor: string, id: string, reason?: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Account', id },
  outcome: 'done',
  ...(reason === undefined ? {} : { reason }),
})

/** Lent to whatever ends sessions in a transaction of its own. */
export async function endOutside(
  { store, revoke }: { readonly store: OutsideStore; readonly revoke: (session: string) => Promise<void> },
  account: string,
): Promise<void> {
  for (const link of await store.endAll(account)) await revoke(sessionOf(link))
}

/** What the console and its person see of it. */
export type SeenIdentity = Pick<
  OutsideIdentity,
  'id' | 'issuer' | 'subject' | 'linkedBy' | 'linkedAt' | 'signedInAt'
>
