/**
 * Permission decided on the spot with the policy service's bundle. No bundle, a stale one, one with a wrong signature or
 * one that cannot be compiled: deny. Whoever can sign bundles may do everything.
 */
import { verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { faults } from '../errors/index.ts'
import type { Caller, Resource } from '../http/index.ts'
import { bundleDigest, readBundle, type Entity, type SignedBundle } from './cedar.ts'
import { createEvaluator, type Decision, type Evaluator } from './evaluate.ts'

export {
  bundleDigest,
  bundleLimits,
  Entity,
  longestBundle,
  Policy,
  readBundle,
  SignedBundle,
  writeBundle,
  type Bundle,
} from './cedar.ts'
export { DecisionReport, DecisionReports } from './report.ts'
export { createEvaluator, type Decision, type Evaluator, type Question } from './evaluate.ts'

const fault = faults('kernel.authz', {
  unavailable: [503, 'Permissions cannot be checked at the moment. Try again in a minute.'],
  untrusted: [500, 'The policies that arrived are not signed by the policy service.'],
})

export interface Asked {
  readonly caller: Caller
  readonly action: string
  readonly resource: Resource
}

export interface Authz {
  /** @throws Fault kernel.authz.unavailable without a fresh bundle */
  decide(asked: Asked): Decision
  /** Takes a bundle over when its signature is right and its revision not older. @throws Fault kernel.authz.untrusted */
  install(signed: SignedBundle, asked?: Date): void
  /** The service answered that nothing has changed: what we hold was fresh when it was asked. */
  confirm(asked?: Date): void
  revision(): number
  /** SHA-256 of the bundle in hand, in hex: two with one number may differ, where a database was restored. Empty without one. */
  digest(): string
}

interface Options {
  readonly clock: Clock
  /** The policy service's key. */
  readonly key: KeyObject
  /** Without word from the policy service for so long, everything is denied. */
  readonly staleSeconds?: number
}

/** A clock is put right by moments all the time. */
const slackMs = 5_000

export function createAuthz({ clock, key, staleSeconds = 300 }: Options): Authz {
  let held: { readonly revision: number; readonly digest: string; readonly evaluate: Evaluator } | undefined
  let heardAt = 0
  /** A clock that was set back says nothing about how old something is. */
  const isFresh = (now: Date) => {
    const age = now.getTime() - heardAt
    return age >= -slackMs && age <= staleSeconds * 1000
  }
  return {
    decide(asked) {
      const now = clock.now()
      if (held === undefined || !isFresh(now)) throw fault.unavailable(undefined, { retryAfterSeconds: 5 })
      return held.evaluate({
        principal: principalOf(asked.caller),
        action: asked.action,
        resource: entityOf(asked.resource),
        now,
      })
    },
    install({ bundle: text, signature }, asked = clock.now()) {
      if (!verify(null, Buffer.from(`althing/bundle/v1\n${text}`), key, Buffer.from(signature, 'base64url')))
        throw fault.untrusted()
      const bundle = readBundle(text)
      // An older bundle that is validly signed is a replay: it would bring back rights that were taken away.
      if (held !== undefined && bundle.revision < held.revision) throw fault.untrusted()
      held = { revision: bundle.revision, digest: bundleDigest(text), evaluate: createEvaluator(bundle) }
      heardAt = asked.getTime()
    },
    confirm: (asked = clock.now()) => void (heardAt = asked.getTime()),
    revision: () => held?.revision ?? 0,
    digest: () => held?.digest ?? '',
  }
}

/** A caller as a Cedar entity: roles are its parents; how it signed in are attributes, from the token and nowhere else. */
export function principalOf(caller: Caller): Entity {
  return {
    uid: { type: typeOf[caller.kind], id: caller.subject },
    parents: caller.roles.map((id) => ({ type: 'Role', id })),
    attrs: {
      ...(caller.client === undefined ? {} : { client: caller.client }),
      ...(caller.acr === undefined ? {} : { acr: caller.acr }),
      amr: caller.amr ?? [],
      scopes: caller.scopes ?? [],
    },
  }
}

/** A program is neither a person nor a service of ours: what is permitted to these is not permitted to it. */
const typeOf = { person: 'Person', service: 'Service', machine: 'Machine' } as const

function entityOf({ type, id, properties }: Resource): Entity {
  return { uid: { type, id }, parents: [], attrs: { ...properties } }
}

/** What the policy service answers to "is there anything newer than this revision?". */
export const BundleAnswer = z.union([
  z.object({ unchanged: z.literal(true) }),
  z.object({ bundle: z.string(), signature: z.string() }),
])
