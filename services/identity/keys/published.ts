/**
 * The keys as this node has them: what it signs with, and what it publishes. The public parts come from the table, so a node that cannot open
 * a key publishes it all the same; the private ones are opened once and stay in memory, so that a key service that is away stops no node that
 * runs.
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Clock } from '@althing/kernel/context'
import { algorithms, PublicKey, type Algorithm, type PastKey, type SigningKey } from './schema.ts'
import { statusOf, type Keys, type KeyStatus } from './rules.ts'
import type { Sealing } from './sealing.ts'

/** A key as the engine uses it; without its private part it is only verified against. */
export interface OpenKey {
  readonly kid: string
  readonly alg: Algorithm
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject | null
  /** On no list any more: only what is shown as a hint is verified against it. */
  readonly isPast?: boolean
}

interface Needs {
  readonly clock: Clock
  readonly keys: Pick<Keys, 'ready' | 'past'>
  readonly sealing: Pick<Sealing, 'open'>
  readonly onLoaded: (statuses: readonly KeyStatus[], unopened: number) => void
  readonly onUnopened: (kid: string, error: unknown) => void
}

export interface Published {
  readonly body: string
  readonly etag: string
}

export function createPublished({ clock, keys, sealing, onLoaded, onUnopened }: Needs) {
  const opened = new Map<string, KeyObject>()
  let published: Published = publishedOf([])
  let isWhole = true
  let inUse: readonly OpenKey[] = []

  /** Those that sign and those that will: so that a rotation needs nobody. The first time every key that signs must open. */
  async function open(key: SigningKey, mustOpen: boolean): Promise<void> {
    if (opened.has(key.kid)) return
    try {
      opened.set(key.kid, await sealing.open(key))
    } catch (error) {
      if (mustOpen) throw error
      isWhole = false
      onUnopened(key.kid, error)
    }
  }

  async function load(): Promise<readonly OpenKey[]> {
    const isFirst = opened.size === 0
    const all = (await keys.ready()).filter(({ state }) => state !== 'revoked')
    isWhole = true
    await Promise.all(
      all
        .filter(({ state }) => state !== 'retiring')
        .map((key) => open(key, isFirst && key.state === 'active')),
    )
    for (const kid of opened.keys()) if (!all.some((key) => key.kid === kid)) opened.delete(kid)
    published = publishedOf(all)
    const unopened = all.filter(({ kid, state }) => state !== 'retiring' && !opened.has(kid)).length
    onLoaded(
      algorithms.map((alg) => statusOf(all, alg, clock.now())),
      unopened,
    )
    inUse = [...usable(all), ...(await keys.past()).map((key) => openKeyOf(key, null, true))]
    return inUse
  }

  /**
   * In the order in which the engine looks for one that signs. A key that is next signs nothing; where the active one could not be opened the
   * retiring one, which is still published, goes on.
   */
  function usable(all: readonly SigningKey[]): OpenKey[] {
    const ofUse = all.filter(({ state }) => state !== 'next').toSorted((a, b) => rank(a) - rank(b))
    return ofUse.map((key) => openKeyOf(key, opened.get(key.kid) ?? null, false))
  }

  const rank = ({ kid, state }: SigningKey) => (opened.has(kid) ? 0 : 2) + (state === 'active' ? 0 : 1)

  /** Null when nothing of that algorithm signs here. */
  const signing = (alg: Algorithm): OpenKey | null =>
    inUse.find((key) => key.alg === alg && key.privateKey !== null) ?? null

  return { load, signing, published: () => published, isWhole: () => isWhole }
}
export type PublishedKeys = ReturnType<typeof createPublished>

const openKeyOf = (
  { kid, alg, public: jwk }: PastKey,
  privateKey: KeyObject | null,
  isPast: boolean,
): OpenKey => ({
  kid,
  alg,
  publicKey: createPublicKey({ key: PublicKey.parse(jwk) as JsonWebKey, format: 'jwk' }),
  privateKey,
  isPast,
})

/** RFC 7517, section 5. The same keys are the same bytes on every node, and so the same tag. */
function publishedOf(all: readonly SigningKey[]): Published {
  const keys = all
    .toSorted((a, b) => (a.kid < b.kid ? -1 : 1))
    .map(({ kid, alg, public: jwk }) => ({ ...PublicKey.parse(jwk), kid, alg, use: 'sig' }))
  const body = JSON.stringify({ keys })
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}
