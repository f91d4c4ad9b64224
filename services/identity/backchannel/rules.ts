/**
 * An application asks somebody who is not before its screen (OpenID CIBA Core 1.0): they are told by a letter that carries nothing of the
 * question, and answer it on their own page, once. A hint that is nobody's waits like one that nobody answers.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Chance, Ids } from '@althing/kernel/context'
import { fromUtf8, isKeepable, openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import type { Atomically } from '@althing/kernel/service'
import type { Allowed, AskedFor, Proof } from '../asked-elsewhere.ts'
import { fault } from './faults.ts'
import type { Waiting } from './schema.ts'
import type { BackchannelStore } from './store.ts'

export interface Shown extends AskedFor {
  readonly id: string
  readonly client: string
  readonly clientName: string
  readonly network: string
  readonly askedAt: Date
  readonly expiresAt: Date
  readonly servers: readonly Server[]
  /** What of the scopes the person lets applications know, and what they keep. */
  readonly given: readonly string[]
  readonly kept: readonly string[]
  /** What the application says that it needs the kennitala for; when it changes, this request is gone. */
  readonly purpose: Readonly<Record<'is' | 'en', string>> | undefined
}

interface Server {
  readonly name: string
  readonly uri: string
  readonly scopes: readonly string[]
}

interface Person {
  readonly id: string
  readonly email: string | null
  readonly name: string
  readonly locale: 'is' | 'en'
  readonly status: string
}

interface Letter {
  readonly client: string
  readonly request: string
  readonly minutes: number
}

interface Parts {
  readonly store: BackchannelStore
  readonly allow: (requestId: string, answer: Allowed) => Promise<boolean>
  readonly refuse: (requestId: string) => Promise<void>
  /** The scopes that somebody tells to no application. */
  readonly keptBy: (account: string) => Promise<readonly string[]>
  readonly enqueueAsked: (request: string) => Promise<void>
  readonly enqueuePing: (request: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly ids: Ids
  readonly chance: Chance
  readonly sealingKey: Uint8Array
  readonly store: BackchannelStore
  readonly atomically: Atomically<Parts>
  readonly opened: (requestId: string) => Promise<AskedFor | null>
  readonly byIdentifier: (hint: string) => Promise<Person | null>
  readonly byId: (account: string) => Promise<Person | null>
  readonly nameOf: (client: string) => Promise<string | undefined>
  /** Where an application that wants to be told is told; undefined for one that asks. */
  readonly endpointOf: (client: string) => Promise<string | undefined>
  readonly purposeOf: (client: string) => Promise<Shown['purpose']>
  readonly consider: (
    account: string,
    client: string,
    asked: readonly string[],
  ) => Promise<{ readonly given: readonly string[]; readonly refused: readonly string[] }>
  /** Which of these scopes are whose, of these servers. */
  readonly askedAt: (uris: readonly string[], scopes: readonly string[]) => Promise<readonly Server[]>
  readonly reaches: (acr: string, levels: string) => boolean
  readonly sendAsked: (to: Person & { readonly email: string }, letter: Letter) => Promise<void>
  /** @returns the status of the answer */
  readonly post: (endpoint: string, token: string, body: string) => Promise<number>
  readonly onOutcome: (outcome: Outcome) => void
}

/** Undoes the answer; nobody outside hears of it. */
const changed = new Error('what may be told has changed since it was read')

export const outcomes = ['asked', 'allowed', 'refused', 'told', 'not_told'] as const
export type Outcome = (typeof outcomes)[number]

export function createBackchannel(needs: Needs) {
  const { ids, chance, sealingKey, store, atomically, byIdentifier, byId, onOutcome } = needs
  const idOf = ({ id, sealed }: Waiting): string | null => {
    const text = openBox(sealingKey, sealed, utf8(id))
    return text === null ? null : fromUtf8(text)
  }

  /** Undefined when the text is neither an address nor a kennitala; null when it is nobody's who may sign in. */
  async function accountOf(hint: string): Promise<string | null | undefined> {
    if (!isKeepable(hint)) return undefined
    if (!/^\s*(\d{6}[-\s]?\d{4}|[^\s@]{1,64}@[^\s@]{1,190})\s*$/.test(hint)) return undefined
    const person = await byIdentifier(hint)
    return person?.status === 'active' ? person.id : null
  }

  async function begin({ id: requestId, account, client, network, seconds }: Begun): Promise<void> {
    const id = ids.create('bkr')
    const sealed = sealBox(sealingKey, utf8(requestId), utf8(id), chance)
    await atomically(async (parts) => {
      await parts.store.add({ id, requestId, sealed, account, client, network, seconds })
      // For nobody too: the same work, and the same time.
      await parts.enqueueAsked(id)
      await parts.record(entryOf('backchannel.asked', `client:${client}`, client))
    })
    onOutcome('asked')
  }

  /** The letter; a job, so nobody hears by the time that an answer takes whether there was anyone to write to. */
  async function ask(request: string): Promise<void> {
    const found = await store.byId(request)
    if (found?.account == null || found.state !== 'waiting' || found.isOver) return
    const person = await byId(found.account)
    if (person?.email == null || person.status !== 'active') return
    await needs.sendAsked(
      { ...person, email: person.email },
      {
        client: (await needs.nameOf(found.client)) ?? found.client,
        request,
        minutes: Math.ceil((found.expiresAt.getTime() - found.askedAt.getTime()) / 60_000),
      },
    )
  }

  async function shown(waiting: Waiting): Promise<Shown | null> {
    const requestId = idOf(waiting)
    const asked = requestId === null ? null : await needs.opened(requestId)
    if (asked === null || waiting.account === null) return null
    const { given, refused } = await needs.consider(waiting.account, waiting.client, asked.scopes)
    const { id, client, network, askedAt, expiresAt } = waiting
    const clientName = (await needs.nameOf(client)) ?? client
    const purpose = given.includes('national_id') ? await needs.purposeOf(client) : undefined
    const servers = await needs.askedAt(asked.resources, given)
    const about = { id, client, clientName, network, askedAt, expiresAt }
    return { ...asked, ...about, servers, given, kept: refused, purpose }
  }

  async function listFor(account: string): Promise<Shown[]> {
    const all = await Promise.all((await store.waitingFor(account)).map(shown))
    return all.filter((one) => one !== null)
  }

  /** @throws Fault identity.backchannel.gone, for what is another's as for what never was */
  async function lookAt(account: string, request: string): Promise<Shown> {
    const found = await store.byId(request)
    const mine = found?.account === account && found.state === 'waiting' && !found.isOver ? found : null
    const whole = mine === null ? null : await shown(mine)
    if (whole === null) throw fault.gone()
    return whole
  }

  /**
   * What is written is what was read: what stood on the page is compared with what is about to be written, and in its transaction with what
   * the person has decided to keep in the meantime.
   * @param read the scopes that stood on the page
   * @returns false when it is no longer what was read, or the proof is weaker than the application asks for: it is to be read again
   */
  async function allow(account: string, request: string, read: string, proof: Proof): Promise<boolean> {
    const { levels, given, kept, client } = await lookAt(account, request)
    if (given.join(' ') !== read || !needs.reaches(proof.acr, levels ?? '')) return false
    try {
      await answer(account, request, client, 'allowed', async (parts, requestId) => {
        const keptNow = await parts.keptBy(account)
        if (given.some((scope) => keptNow.includes(scope))) throw changed
        return parts.allow(requestId, { ...proof, given, refused: kept })
      })
    } catch (error) {
      if (error === changed) return false
      throw error
    }
    return true
  }

  async function refuse(account: string, request: string): Promise<void> {
    const { client } = await lookAt(account, request)
    await answer(account, request, client, 'refused', async (parts, requestId) => {
      await parts.refuse(requestId)
      return true
    })
  }

  /** What was decided, what the engine reads, and that the application is told: all of it or nothing. */
  async function answer(
    account: string,
    request: string,
    client: string,
    state: 'allowed' | 'refused',
    write: (parts: Parts, requestId: string) => Promise<boolean>,
  ): Promise<void> {
    const isTold = (await needs.endpointOf(client)) !== undefined
    await atomically(async (parts) => {
      const decided = await parts.store.decide(request, account, state)
      const requestId = decided === null ? null : idOf(decided)
      if (requestId === null || !(await write(parts, requestId))) throw fault.gone()
      if (isTold) await parts.enqueuePing(request)
      await parts.record(entryOf(`backchannel.${state}`, `person:${account}`, client))
    })
    onOutcome(state)
  }

  /** Section 10.2. Again and again until it is taken, or the request is over: then there is nothing left to fetch. */
  async function ping(request: string): Promise<void> {
    const found = await store.byId(request)
    const requestId = found === null || found.isOver ? null : idOf(found)
    const endpoint = found === null ? undefined : await needs.endpointOf(found.client)
    const asked = requestId === null ? null : await needs.opened(requestId)
    if (asked?.token == null || endpoint === undefined) return
    const status = await needs.post(endpoint, asked.token, JSON.stringify({ auth_req_id: requestId }))
    onOutcome(status === 200 || status === 204 ? 'told' : 'not_told')
    if (status !== 200 && status !== 204) throw fault.not_told(new Error(`it answered ${status}`))
  }

  const { polledTooSoon, sweep } = store
  return { accountOf, begin, ask, listFor, lookAt, allow, refuse, ping, polledTooSoon, sweep }
}
export type Backchannel = ReturnType<typeof createBackchannel>

interface Begun {
  readonly id: string
  readonly account: string | null
  readonly client: string
  readonly network: string
  readonly seconds: number
}

const entryOf = (action: string, actor: string, client: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Client', id: client },
  outcome: 'done',
})
