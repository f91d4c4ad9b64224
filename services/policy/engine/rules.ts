/**
 * Decides from memory, with the policies and the world as they are committed at the moment of the question: each question waits for one look at
 * the database that began after it came, and for what that look finds to be new. A database that does not answer means that nobody
 * can know, and so that nobody may.
 */
import {
  attributesRead,
  authorize,
  overlay,
  readsOfContext,
  uidOf,
  type Attributes,
  type CedarRecord,
  type Entities,
  type Entity,
  type EntityData,
  type EntityUid,
  type PolicySet,
} from '@althing/kernel/cedar'
import type { Clock } from '@althing/kernel/context'
import { atMoment } from '../moment.ts'
import { seenIn } from './seen.ts'
import { coalesced } from './fresh.ts'
import { createHolding, type Holding } from './holding.ts'
import { fault } from './faults.ts'
import type { Policies } from './policies.ts'
import type { Engine, Question, Ruling, Snapshot, Thing } from '../deciding.ts'
import type { Known, Ref, Revisions } from '../known.ts'
import { createWorld, type World } from './world.ts'

interface Needs {
  readonly clock: Clock
  readonly revisions: () => Promise<Revisions>
  readonly everything: () => Promise<readonly Known[]>
  /** Null when it is too long ago to know. */
  readonly changedSince: (world: number) => Promise<readonly Ref[] | null>
  readonly some: (refs: readonly Ref[]) => Promise<readonly Known[]>
  readonly policies: (revision: number) => Promise<Policies>
  /** The number below which nothing that was told of a person counts any more. */
  readonly leastStamp: (person: string) => number
}

export function createEngine(needs: Needs): Engine {
  let world: World | undefined
  let policies: Policies | undefined
  let known: Revisions = { world: -1, policies: -1 }
  const { hold, free } = createHolding()

  async function catchUp(): Promise<Snapshot> {
    const now = await needs.revisions()
    if (policies === undefined || now.policies !== known.policies) {
      policies = await needs.policies(now.policies)
      await free()
      world?.fix(policies.fixed)
    }
    if (world === undefined || now.world !== known.world) world = await caughtUp(world, now.world, policies)
    known = now
    return snapshotOf({ world, leastStamp: needs.leastStamp, now: needs.clock.now(), hold }, policies, known)
  }

  /** From one moment to the next; from the beginning when it cannot be said what has changed, or when the numbers went back (a restored database). */
  async function caughtUp(before: World | undefined, to: number, { fixed }: Policies): Promise<World> {
    const changed = before === undefined || to < known.world ? null : await needs.changedSince(known.world)
    if (before === undefined || changed === null) {
      const anew = createWorld()
      for (const one of await needs.everything()) anew.put(one)
      anew.fix(fixed)
      return anew
    }
    const found = await needs.some(changed)
    await free()
    // Nothing is waited for from here on: a question sees all of a change or nothing of it.
    for (const ref of changed) before.remove(ref)
    for (const one of found) before.put(one)
    return before
  }

  const look = coalesced(catchUp)
  return {
    fresh: () =>
      look().catch((error: unknown) => {
        throw fault.unavailable(error, { retryAfterSeconds: 5 })
      }),
  }
}

/** What a decision is made in. */
export interface Ground {
  readonly world: World
  readonly leastStamp: Needs['leastStamp']
  /** The moment of the look: it belongs to what is seen in it. */
  readonly now: Date
}

function snapshotOf(
  { hold, ...ground }: Ground & Pick<Holding, 'hold'>,
  policies: Policies,
  revisions: Revisions,
): Snapshot {
  const { world } = ground
  return {
    revisions,
    digest: policies.digest,
    decide: (question, instead) => decide(question, ground, instead ?? policies.set),
    knows: (type, id) => world.entities.find(uidOf(type, id)) !== undefined,
    idsOf: world.idsOf,
    actions: () => policies.actions,
    reads: attributesRead(policies.set),
    readsClock: policies.readsClock,
    leastStamp: ground.leastStamp,
    hold,
    ground: (question) => ({
      ...laid(question, ground, policies.set),
      set: policies.set,
      policies: policies.json,
    }),
  }
}

/** Stricter than Cedar in one thing: a policy that could not be evaluated denies, because it might have been a forbid (decision 0001). */
export function decide(question: Question, ground: Ground, set: PolicySet): Ruling {
  const { request: asked, own, others: base } = laid(question, ground, set)
  const others: EntityUid[] = []
  const entities = overlay(own, watched(base, others))
  const { decision, reasons, errors } = authorize(set, asked, entities)
  return {
    decision: decision === 'allow' && errors.length === 0,
    determining: reasons,
    errors,
    seen: (known) => seenIn({ ...asked, others: [...others] }, entities, set, known),
  }
}

function laid({ principal, action, resource, context, now }: Question, ground: Ground, set: PolicySet) {
  return {
    request: {
      principal: uidOf(principal.type, principal.id),
      action: uidOf('Action', action),
      resource: uidOf(resource.type, resource.id),
      context: atMoment(context, readsOfContext(set, 'now') ? (now ?? ground.now) : undefined),
    },
    own: ownOf(principal, resource).map((thing) => dataOf(thing, ground)),
    others: ground.world.entities,
  }
}

/** One thing of whom both is said: what its being the principal proves, no word about it as a resource can change. */
function ownOf(principal: Thing, resource: Thing): Thing[] {
  if (principal.type !== resource.type || principal.id !== resource.id) return [principal, resource]
  return [{ ...principal, attributes: new Map([...resource.attributes, ...principal.attributes]) }]
}

/** Whoever is looked at beside those that are asked about. */
function watched(base: Entities, found: EntityUid[]): Entities {
  return {
    find(uid) {
      found.push(uid)
      return base.find(uid)
    },
  }
}

/** What is known of it, and what was said beside that. */
function dataOf({ type, id, attributes }: Thing, ground: Ground): EntityData {
  const uid = uidOf(type, id)
  const known = ground.world.entities.find(uid)
  return {
    uid,
    parents: known === undefined ? [] : parentsOf(known, ground),
    attributes: known === undefined ? attributes : merged(known.attributes, attributes),
    tags: known?.tags ?? new Map(),
  }
}

/** Of a person whose rights were taken away since we were told of their roles, none: what they are now is on its way. */
function parentsOf({ uid, ancestors }: Entity, { world, leastStamp }: Ground): EntityUid[] {
  const isBehind = uid.type === 'Person' && world.stampOf(uid.id) < leastStamp(uid.id)
  return isBehind ? [...ancestors].filter(({ type }) => type !== 'Role') : [...ancestors]
}

function merged(known: Attributes, said: CedarRecord): Attributes {
  if (said.size === 0) return known
  return {
    has: (name) => said.has(name) || known.has(name),
    get: (name) => said.get(name) ?? known.get(name),
  }
}
