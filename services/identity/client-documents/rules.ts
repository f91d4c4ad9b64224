/**
 * An application whose id is an address says there what it is (draft-ietf-oauth-client-id-metadata-document-03). Nobody here has looked at
 * it: it is a stranger, judged as one that registered itself, and named to people by its host. What was read is kept for a while.
 */
import { isKeepable } from '@althing/kernel/crypto'
import { fault } from './faults.ts'
import { Said } from './schema.ts'
import type { ClientDocumentStore } from './store.ts'

interface Incoming {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

interface Needs<Registered> {
  readonly store: ClientDocumentStore
  /** @throws Fault kernel.egress.* */
  readonly fetch: (url: string) => Promise<Incoming>
  /** Whether it may be called at all: https and in the public network, or of a host that an operator has named. */
  readonly mayCall: (url: string) => boolean
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (network: string) => Promise<void>
  /** The judge of everybody’s metadata, for one that nobody here has looked at. */
  readonly consider: (
    id: string,
    name: string,
    said: Said,
  ) => Promise<{
    readonly registered: Registered | null
    readonly refusals: readonly { readonly field: string; readonly why: string }[]
  }>
  readonly onOutcome: (outcome: Outcome) => void
}

export const outcomes = ['fetched', 'refused', 'away'] as const
export type Outcome = (typeof outcomes)[number]

/** Seconds. What a server says of its document is believed between the two; a mistake is looked at again sooner. */
const life = { least: 300, most: 86_400, usual: 3_600, refused: 60 }
/** Section 4.2: five kilobytes are more than anybody needs. */
export const mostBytes = 5_120

type Read =
  | { readonly kind: 'read'; readonly said: Said; readonly seconds: number }
  | { readonly kind: 'refused' | 'away'; readonly why: string }

export function createClientDocuments<Registered>(needs: Needs<Registered>) {
  const { store, mayCall, spend, consider, onOutcome } = needs

  /**
   * Null when the id is no such address. Without a network nothing is fetched: what is known has to do.
   * @throws Fault identity.client-documents.refused, kernel.limits.too_many
   */
  async function find(id: string, network: string | undefined): Promise<Registered | null> {
    if (!isAddress(id) || !mayCall(id)) return null
    const kept = await store.find(id)
    if (kept?.isFresh === true) return kept.said === null ? refuse(kept.refused ?? '') : judged(id, kept.said)
    if (network === undefined) return kept?.said == null ? null : judged(id, kept.said)
    // Whoever names addresses that we do not know yet makes us call there.
    if (kept?.said == null) await spend(network)
    const read = await readAt(id)
    onOutcome(read.kind === 'read' ? 'fetched' : read.kind)
    if (read.kind === 'read') {
      await store.put(id, read.said, null, read.seconds)
      return judged(id, read.said)
    }
    // Who was there yesterday and is away for a moment is still who it was; who says something else now is not.
    if (read.kind === 'away' && kept?.said != null && kept.isUsable) {
      await store.putOff(id, life.refused)
      return judged(id, kept.said)
    }
    await store.put(id, null, read.why, life.refused)
    return refuse(read.why)
  }

  async function judged(id: string, said: Said): Promise<Registered> {
    const { registered, refusals } = await consider(id, nameOf(id, said), said)
    if (registered !== null) return registered
    return refuse(refusals.map(({ field, why }) => `${field} ${why}`).join(' | '))
  }

  /** Sections 4 and 4.1. */
  async function readAt(id: string): Promise<Read> {
    let came: Incoming
    try {
      came = await needs.fetch(id)
    } catch {
      return { kind: 'away', why: 'it does not answer, answers too much, or may not be called' }
    }
    if (came.status >= 500 || came.status === 429) return { kind: 'away', why: `it answers ${came.status}` }
    if (came.status !== 200) return { kind: 'refused', why: `it answers ${came.status}` }
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(headerOf(came, 'content-type')))
      return { kind: 'refused', why: 'it is no JSON' }
    const said = Said.safeParse(parsed(came.text))
    const why = said.success ? wrongIn(said.data, id) : 'it is no JSON object'
    if (!said.success || why !== undefined) return { kind: 'refused', why: why ?? '' }
    return { kind: 'read', said: said.data, seconds: secondsOf(headerOf(came, 'cache-control')) }
  }

  /** As people know it; of one that was never read, its host. */
  async function nameIn(id: string): Promise<string | undefined> {
    if (!isAddress(id)) return undefined
    return nameOf(id, (await store.find(id))?.said ?? {})
  }

  return { find, nameOf: nameIn, sweep: () => store.sweep() }
}

function refuse(why: string): never {
  throw fault.refused(undefined, { fields: [{ pointer: '/client_id', message: why }] })
}

/** Section 3: exactly as it is written, with a path, and nothing that could be written in another way. */
function isAddress(id: string): boolean {
  const url = id.length <= 500 ? URL.parse(id) : null
  if (url === null || url.href !== id || !['https:', 'http:'].includes(url.protocol)) return false
  const { username, password, hash, pathname } = url
  return username === '' && password === '' && hash === '' && !id.includes('#') && pathname.length > 1
}

/** Section 4.1. */
function wrongIn(said: Said, id: string): string | undefined {
  if (said['client_id'] !== id) return 'it speaks of another client_id'
  if ('client_secret' in said || 'client_secret_expires_at' in said) return 'it holds a secret'
  if (String(said['token_endpoint_auth_method'] ?? '').startsWith('client_secret_'))
    return 'it would need a secret'
  if (!isKeepable(said)) return 'it holds a character that no text may hold'
  return undefined
}

function nameOf(id: string, { client_name: name }: Said): string {
  const { host } = new URL(id)
  const isName = typeof name === 'string' && /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,100}$/u.test(name.trim())
  return isName ? name.trim() : host.slice(0, 100)
}

function secondsOf(cacheControl: string): number {
  if (/\bno-(store|cache)\b/i.test(cacheControl)) return life.least
  const said = /\bmax-age=(\d{1,9})\b/i.exec(cacheControl)?.[1]
  return said === undefined ? life.usual : Math.min(life.most, Math.max(life.least, Number(said)))
}

const headerOf = ({ headers }: Incoming, name: string): string => String(headers[name] ?? '')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
