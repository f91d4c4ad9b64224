/**
 * Other providers, over one port. Whoever comes from one is whom that very identity (issuer and subject) was linked to, by its owner,
 * who was signed in and had just proven it. Nobody is made by coming, and no address of theirs is looked at: an address can be
 * written by whoever has an account there.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { By, Changed } from '../proofs.ts'
import { fault } from './faults.ts'
import type { Rounds, Returned } from './rounds.ts'
import type { Callback, Carried } from './schema.ts'
import type { FederationStore, Linked } from './store.ts'
import type { Proofs } from './upstream.ts'

/** What every provider can be asked. */
export interface Connector {
  /** As it stands in addresses: `google`. */
  readonly id: string
  readonly name: string
  /** With the subject it is the identity; it never changes, whatever the settings call the provider. */
  readonly issuer: string
  /** Where its pages are. */
  readonly origin: string
  authorizationUrl(proofs: Proofs): Promise<string>
  /** RFC 9207, section 2.4. @throws Fault identity.federation.refused */
  checkIssuer(iss: string | undefined): Promise<void>
  redeem(returned: Returned): Promise<{ readonly subject: string }>
}

interface Parts {
  readonly store: FederationStore
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly changed: Changed<'identity-linked' | 'identity-unlinked'>
  readonly lockWays: (account: string) => Promise<void>
  readonly hasWay: (account: string) => Promise<boolean>
}

interface Needs {
  readonly connectors: readonly Connector[]
  readonly rounds: Rounds
  readonly store: FederationStore
  readonly atomically: Atomically<Parts>
  /** Whose word lets somebody in: one that the settings do not name any more is no way in, and can always be taken away. */
  readonly issuers: readonly string[]
}

export type Came =
  | { readonly kind: 'sign-in'; readonly account: string; readonly carried: Carried }
  | { readonly kind: 'link'; readonly issuer: string; readonly subject: string; readonly account: string }
  | { readonly kind: 'nobody'; readonly name: string }

export function createConnectors({ connectors, rounds, store, atomically, issuers }: Needs) {
  const byId = (id: string): Connector => {
    const found = connectors.find((one) => one.id === id)
    if (found === undefined) throw fault.unknown()
    return found
  }

  const begin = (id: string, browser: string | undefined, carried: Carried) => {
    const connector = byId(id)
    return rounds.begin(browser, { ...carried, connector: id }, connector.authorizationUrl)
  }

  /** What was begun for one provider is not finished by another (RFC 9700, section 4.4). @throws Fault identity.federation.* */
  async function finish(id: string, answer: Callback, browser: string | undefined): Promise<Came> {
    const connector = byId(id)
    const returned = await rounds.back(answer, browser, connector.checkIssuer)
    const { connector: begun, link, ...place } = returned.carried
    if (begun !== id) throw fault.state()
    const { subject } = await connector.redeem(returned)
    const { issuer } = connector
    if (link !== undefined) return { kind: 'link', issuer, subject, account: link }
    const account = await store.accountOf(issuer, subject)
    return account === null
      ? { kind: 'nobody', name: connector.name }
      : { kind: 'sign-in', account, carried: place }
  }

  /** @throws Fault conflict when it is somebody else's */
  async function link(account: string, issuer: string, subject: string, by: By): Promise<void> {
    await atomically(async (parts) => {
      if (await parts.store.link(issuer, subject, account)) {
        await parts.record(entry('federation.linked', by.actor, account))
        return parts.changed(account, 'identity-linked', by)
      }
      if ((await parts.store.accountOf(issuer, subject)) !== account) throw fault.conflict()
    })
  }

  /** Nobody locks themselves out: what is left is looked at when it is gone, and it comes back when it was the last. @throws Fault last */
  async function unlink(account: string, issuer: string, subject: string, by: By): Promise<boolean> {
    return atomically(async (parts) => {
      await parts.lockWays(account)
      if (!(await parts.store.unlink(issuer, subject, account))) return false
      if (issuers.includes(issuer) && !(await parts.hasWay(account))) throw fault.last()
      await parts.record(entry('federation.unlinked', by.actor, account))
      await parts.changed(account, 'identity-unlinked', by)
      return true
    })
  }

  const nameOf = ({ issuer }: Linked) => connectors.find((one) => one.issuer === issuer)?.name ?? null

  return {
    begin,
    finish,
    link,
    unlink,
    letsIn: (issuer: string) => issuers.includes(issuer),
    offered: connectors.map(({ id, name, origin }) => ({ id, name, origin })),
    linkedTo: async (account: string) =>
      (await store.linkedTo(account)).map((linked) => ({ ...linked, name: nameOf(linked) })),
  }
}
export type Connectors = ReturnType<typeof createConnectors>

const entry = (action: string, actor: string, id: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Account', id },
  outcome: 'done',
})
