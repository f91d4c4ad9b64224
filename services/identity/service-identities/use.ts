/**
 * What a key is worth when it is shown. At a door it becomes a token of ours for a few minutes, which the door checks as every other one,
 * with the key's bounds in it. At the token endpoint it becomes one for a purpose that is said, for one server, and is written down.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import { isFault } from '@althing/kernel/errors'
import { outOf, readApiKey } from '@althing/kernel/http'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { KeyHashing } from './hashing.ts'
import type { Server } from './judge.ts'
import type { Outcome } from './metrics.ts'
import { boundsOf, kinds, Purpose, sessionOf, type ShownKey } from './schema.ts'
import type { Granted } from './signer.ts'
import type { ServiceIdentityStore } from './store.ts'

interface Owner {
  readonly id: string
  readonly status: string
  readonly stamp: number
}

interface Needs {
  readonly clock: Clock
  readonly hashing: KeyHashing
  readonly store: ServiceIdentityStore
  readonly ownerById: (id: string) => Promise<Owner | null>
  readonly servers: () => Promise<readonly Server[]>
  /** What tokens for our own doors are for. */
  readonly ownAudience: string
  readonly sign: (granted: Granted) => Promise<string>
  readonly atomically: Atomically<{ readonly record: (entry: AuditEntry) => Promise<void> }>
  readonly counted: (outcome: Outcome) => void
  /** Each token that is written down is a line for ever. @throws Fault kernel.limits.too_many */
  readonly spend: (key: string) => Promise<void>
}

/** What somebody asks for with a key in hand. */
export interface Wanted {
  readonly key: string
  readonly address: string
  readonly purpose: string
  /** A server (RFC 8707); our own doors when nothing is said. */
  readonly audience: string | undefined
  readonly scope: readonly string[] | undefined
  readonly seconds: number | undefined
  /** The thumbprint of a key of which a proof came along (RFC 9449, section 6.1). */
  readonly boundTo?: string | undefined
}

export interface Given {
  readonly token: string
  readonly expiresIn: number
  readonly scope: string
  /** Our own doors take no proofs: a token for them is bound to networks and hours, and to nothing else (RFC 9449, section 5). */
  readonly isBound: boolean
}

/** A door asks again before it is over. */
const doorSeconds = 300
/** The feed of revocations remembers twenty minutes: what opens our own doors must be over before. */
const ownSecondsAtMost = 900

interface Recognised extends ShownKey {
  readonly owner: Owner | null
}

export function createKeyUse(needs: Needs) {
  const { clock, hashing, store, ownerById, servers, ownAudience, sign, atomically, counted, spend } = needs

  /** @returns a token for our own doors. @throws Fault key_refused, not_at_doors */
  const atDoor = (text: string): Promise<string> =>
    counting('door', async () => {
      const known = await recognise(text)
      if (!kinds[known.identity.kind].atDoors) throw fault.not_at_doors()
      return (await give(known, ownAudience, known.key.scopes, doorSeconds)).token
    })

  /** @throws Fault key_refused, elsewhere, off_hours, no_purpose, unknown_server, scope_too_wide, lives_too_long, kernel.limits.too_many */
  const justInTime = (wanted: Wanted): Promise<Given> =>
    counting('token', async () => {
      // 1. Whose it is, before anything is said about what it may do.
      const known = await recognise(wanted.key)
      const out = outOf(boundsOf(known.key), { address: wanted.address, at: clock.now() })
      if (out !== null) throw fault[out]()
      // 2. What for, at which server, to do what there, and for how long.
      const purpose = Purpose.safeParse(wanted.purpose)
      if (!purpose.success) throw fault.no_purpose()
      const audience = wanted.audience ?? ownAudience
      const scopes = within(wanted.scope, await scopesAt(known, audience))
      const seconds = secondsOf(wanted.seconds, known, audience)
      // 3. No token without its line, and so many lines of one key and no more.
      await spend(known.key.id)
      await atomically(({ record }) => record(lineOf(known, purpose.data, scopes)))
      return give(known, audience, scopes, seconds, wanted.boundTo)
    })

  async function counting<T>(outcome: 'door' | 'token', work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      counted(outcome)
      return result
    } catch (error) {
      counted(outcomeOf(error))
      throw error
    }
  }

  /** One refusal for all that may be wrong with it: whoever tries keys learns nothing by trying. */
  async function recognise(text: string): Promise<Recognised> {
    const shown = readApiKey(text)
    const found = shown === null ? null : await store.shown(shown.id, clock.now())
    if (shown === null || found === null || !hashing.isSame(found.hash, shown)) throw fault.key_refused()
    const { ownerKind, owner: id } = found.identity
    const owner = id === null ? null : await ownerById(id)
    if (ownerKind === 'person' && owner?.status !== 'active') throw fault.key_refused()
    return { ...found, owner }
  }

  async function scopesAt({ key }: Recognised, audience: string): Promise<readonly string[]> {
    if (audience === ownAudience && key.scopes.length > 0) return key.scopes
    const words = key.resources[audience]
    const server = (await servers()).find(({ uri }) => uri === audience)
    if (words === undefined || server === undefined) throw fault.unknown_server()
    return words.split(' ').filter((word) => server.scopes.includes(word))
  }

  function secondsOf(asked: number | undefined, { identity }: Recognised, audience: string): number {
    const most = Math.min(
      kinds[identity.kind].tokenMinutes * 60,
      audience === ownAudience ? ownSecondsAtMost : Number.POSITIVE_INFINITY,
    )
    if (asked !== undefined && asked > most) throw fault.lives_too_long()
    return asked ?? Math.min(most, ownSecondsAtMost)
  }

  async function give(
    known: Recognised,
    audience: string,
    scopes: readonly string[],
    seconds: number,
    boundTo?: string,
  ): Promise<Given> {
    const { key, identity, owner } = known
    const now = clock.now()
    await store.touch(key.id, now)
    const endsAt = new Date(Math.min(now.getTime() + seconds * 1000, key.endsAt.getTime()))
    const isBound = boundTo !== undefined && audience !== ownAudience
    const token = await sign({
      identity: identity.id,
      audience,
      scope: scopes.join(' '),
      endsAt,
      ...(isBound && { cnf: { jkt: boundTo } }),
      // Other servers follow no feed, and need not know whose it is.
      ...(audience === ownAudience && {
        own: {
          session: sessionOf(key.id),
          stamp: identity.stamp,
          bounds: boundsOf(key),
          owner: owner === null ? undefined : { sub: owner.id, stamp: owner.stamp },
        },
      }),
    })
    return {
      token,
      expiresIn: Math.floor((endsAt.getTime() - now.getTime()) / 1000),
      scope: scopes.join(' '),
      isBound,
    }
  }

  return { atDoor, justInTime }
}
export type KeyUse = ReturnType<typeof createKeyUse>

/** @throws Fault scope_too_wide */
function within(asked: readonly string[] | undefined, allowed: readonly string[]): readonly string[] {
  if (asked === undefined) return allowed
  if (asked.length === 0 || asked.some((word) => !allowed.includes(word))) throw fault.scope_too_wide()
  return [...new Set(asked)]
}

const lineOf = ({ identity, key }: Recognised, reason: string, scopes: readonly string[]): AuditEntry => ({
  action: 'service-identities.token-given',
  actor: `machine:${identity.id}`,
  target: { type: 'ServiceIdentity', id: identity.id },
  outcome: 'done',
  reason,
  fields: [key.id, ...scopes],
})

function outcomeOf(error: unknown): Outcome {
  const is = (...codes: readonly string[]) =>
    codes.some((code) => isFault(error, `identity.service-identities.${code}`))
  if (is('elsewhere', 'off_hours')) return 'out-of-bounds'
  return is('key_refused', 'not_at_doors') ? 'refused' : 'too-much'
}
