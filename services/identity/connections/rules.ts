/**
 * Which applications somebody signs in to with this account, and what these are told. A scope that is kept to oneself is told to
 * nobody from then on, by a token of before neither; one that is allowed is not asked about again by an application that was allowed before.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { shareable, type Choices, type Shareable, type WishedChoices } from './schema.ts'
import type { SharingStore } from './store.ts'

export interface Grant {
  readonly client: string
  readonly scopes: readonly string[]
  readonly since: Date
}

export interface Connection extends Grant {
  readonly name: string
  /** What it may do in the person's name, and where. */
  readonly servers: readonly AskedServer[]
}

interface AskedServer {
  readonly name: string
  readonly uri: string
  readonly scopes: readonly string[]
}

interface Parts {
  readonly store: SharingStore
  /** Codes, refresh tokens and consents of one application; the number of them. */
  readonly removeClient: (account: string, client: string) => Promise<number>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly store: SharingStore
  readonly atomically: Atomically<Parts>
  readonly grantsOf: (account: string) => Promise<readonly Grant[]>
  readonly nameOf: (client: string) => Promise<string | undefined>
  /** Of these words those that are of servers which it may have tokens for. */
  readonly serversOf: (client: string, scopes: readonly string[]) => Promise<readonly AskedServer[]>
  /** Ours are no connections: whoever is signed in is signed in there. */
  readonly isFirstParty: (client: string) => boolean
  /** When an application of others has people asked: in each session, once until it wants more, or never. */
  readonly consentOf: (client: string) => Promise<'session' | 'remember' | 'skip'>
  /** Of these scopes those that it can be told at all. */
  readonly tellable: (client: string, scopes: readonly string[]) => Promise<readonly string[]>
}

export function createConnections(needs: Needs) {
  const { store, atomically, grantsOf, nameOf, serversOf, isFirstParty, consentOf, tellable } = needs

  async function list(account: string): Promise<Connection[]> {
    const latest = new Map<string, Grant>()
    for (const grant of await grantsOf(account)) {
      const before = latest.get(grant.client)
      const scopes = [...new Set([...(before?.scopes ?? []), ...grant.scopes])]
      latest.set(grant.client, { ...(before ?? grant), scopes })
    }
    const others = [...latest.values()].filter(({ client }) => !isFirstParty(client))
    return Promise.all(
      others.map(async (grant) => {
        const [name, servers] = await Promise.all([
          nameOf(grant.client),
          serversOf(grant.client, grant.scopes),
        ])
        const scopes = [...new Set(grant.scopes.map((scope) => scope.replace(/^told:/, '')))]
        return { ...grant, scopes, name: name ?? grant.client, servers }
      }),
    )
  }

  /** @returns false when there was nothing */
  const disconnect = (account: string, client: string): Promise<boolean> =>
    atomically(async (parts) => {
      if ((await parts.removeClient(account, client)) === 0) return false
      await parts.record({
        action: 'connections.ended',
        actor: `person:${account}`,
        target: { type: 'Client', id: client },
        outcome: 'done',
      })
      return true
    })

  async function choicesOf(account: string): Promise<Choices> {
    const asked = Object.fromEntries(shareable.map((scope) => [scope, 'ask'])) as Choices
    const said = (await store.of(account)).map(({ scope, choice }) => [scope, choice])
    return { ...asked, ...(Object.fromEntries(said) as Partial<Choices>) }
  }

  async function choose(account: string, wished: WishedChoices): Promise<void> {
    const before = await choicesOf(account)
    const after = {
      ...before,
      ...Object.fromEntries(Object.entries(wished).filter(([, said]) => said !== undefined)),
    }
    const fields = shareable.filter((scope) => before[scope] !== after[scope])
    if (fields.length === 0) return
    await atomically(async (parts) => {
      for (const scope of fields) await parts.store.put(account, scope, after[scope])
      await parts.record({
        action: 'connections.sharing-changed',
        actor: `person:${account}`,
        target: { type: 'Account', id: account },
        outcome: 'done',
        fields,
      })
    })
  }

  const keptBy = async (account: string): Promise<readonly string[]> =>
    (await store.of(account)).flatMap(({ scope, choice }) => (choice === 'deny' ? [scope] : []))

  /** What of all that an application asks for is to be told, and whether that needs a question. */
  async function consider(account: string, client: string, wished: readonly string[]) {
    // What it will not be told it is not asked about.
    const asked = await tellable(client, wished)
    const choices = await choicesOf(account)
    const choiceOf = (scope: string) => choices[scope as Shareable] as Choices[Shareable] | undefined
    const refused = asked.filter((scope) => choiceOf(scope) === 'deny')
    const given = asked.filter((scope) => !refused.includes(scope))
    const how = await consentOf(client)
    const isAllowed =
      how !== 'session' || given.every((scope) => scope === 'openid' || choiceOf(scope) === 'allow')
    const known = (await grantsOf(account)).filter((grant) => grant.client === client)
    const isKnown = given.every((scope) => known.some(({ scopes }) => scopes.includes(scope)))
    return { given, refused, needsQuestion: how !== 'skip' && !(isAllowed && isKnown) }
  }

  return { list, disconnect, choicesOf, choose, keptBy, consider }
}
export type Connections = ReturnType<typeof createConnections>
