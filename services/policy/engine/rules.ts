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
import type { Known, Ref, State } from '../known.ts'
import { createWorld, type World } from './world.ts'

/** What a node reads when something is new. */
export interface Reading {
  readonly revisions: () => Promise<State>
  readonly everything: () => Promise<readonly Known[]>
  /** Null when nobody knows a way from there to here: it is too long ago, or was in a database that is no more (a restored one). */
  readonly changedSince: (known: State) => Promise<readonly Ref[] | null>
  readonly some: (refs: readonly Ref[]) => Promise<readonly Known[]>
  readonly policies: (revision: number) => Promise<Policies>
}

interface Needs {
  readonly clock: Clock
  readonly revisions: Reading['revisions']
  /** All that is read in it is of one moment: what is committed meanwhile is for the next look. */
  readonly atOneMoment: <T>(read: (from: Reading) => Promise<T>) => Promise<T>
  /** The number below which nothing that was told of a person counts any more. */
  readonly leastStamp: (person: string) => number
  /** Told the type of a thing that cannot be read as it was kept: it fails whoever looks at it. */
  readonly onUnreadable: (type: string) => void
}

/** All that a node knows, as it was in one moment. */
interface Held {
  readonly state: State
  readonly policies: Policies
  readonly world: World
  readonly generation: number
}

interface News extends Pick<Held, 'state' | 'policies'> {
  /** Null when all of the world is read anew. */
  readonly changed: readonly Ref[] | null
  readonly found: readonly Known[]
}

export function createEngine(needs: Needs): Engine {
  let held: Held | undefined
  let generation = 0
  const { hold, free } = createHolding()

  async function catchUp(): Promise<Snapshot> {
    const before = held
    const state = await needs.revisions()
    if (before !== undefined && isSame(before.state, state)) return snapshotOf(before, needs, hold)
    const news = await needs.atOneMoment((from) => newsSince(before, from))
    await free()
    // If it ends halfway there is neither the one world nor the other, and the next look begins with nothing.
    held = undefined
    generation += 1
    held = { ...taken(news, before, needs.onUnreadable), generation }
    return snapshotOf(held, needs, hold)
  }

  const look = coalesced(catchUp)
  return {
    fresh: () =>
      look().catch((error: unknown) => {
        throw fault.unavailable(error, { retryAfterSeconds: 5 })
      }),
  }
}

const isSame = (one: State, other: State) =>
  one.worldMark === other.worldMark && one.policiesMark === other.policiesMark

async function newsSince(held: Held | undefined, from: Reading): Promise<News> {
  const state = await from.revisions()
  const isKnown = held !== undefined && held.state.policiesMark === state.policiesMark
  const policies = isKnown ? held.policies : await from.policies(state.policies)
  const changed = held === undefined ? null : await from.changedSince(held.state)
  return {
    state,
    policies,
    changed,
    found: await (changed === null ? from.everything() : from.some(changed)),
  }
}

/** Nothing is waited for in here: a question sees all of a change or nothing of it. */
function taken(
  { state, policies, changed, found }: News,
  before: Held | undefined,
  told: Needs['onUnreadable'],
): Omit<Held, 'generation'> {
  const isAnew = before === undefined || changed === null
  const world = isAnew ? createWorld(told) : before.world
  world.change(changed ?? [], found)
  if (isAnew || policies !== before.policies) world.fix(policies.fixed)
  return { state, policies, world }
}

/** What a decision is made in. */
export interface Ground {
  readonly world: Pick<World, 'stampOf'> & { readonly entities: Entities }
  readonly leastStamp: Needs['leastStamp']
  /** The moment of the look: it belongs to what is seen in it. */
  readonly now: Date
}

function snapshotOf(
  { state, policies, world, generation }: Held,
  { clock, leastStamp }: Needs,
  hold: Holding['hold'],
): Snapshot {
  const ground = { world, leastStamp, now: clock.now() }
  return {
    revisions: { world: state.world, policies: state.policies },
    generation,
    digest: policies.digest,
    decide: (question, instead) => decide(question, ground, instead ?? policies.set),
    knows: (type, id) => world.entities.find(uidOf(type, id)) !== undefined,
    idsOf: world.idsOf,
    kinds: () => [...new Set([...world.kinds(), ...policies.kinds])].sort(),
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
    parents: [],
    ancestors: known === undefined ? nowhere : ancestorsOf(known, ground),
    attributes: known === undefined ? attributes : merged(known.attributes, attributes),
    tags: known?.tags ?? new Map(),
  }
}

const nowhere: ReadonlySet<EntityUid> = new Set()

/** Of a person whose rights were taken away since we were told of their roles, none: what they are now is on its way. */
function ancestorsOf({ uid, ancestors }: Entity, { world, leastStamp }: Ground): ReadonlySet<EntityUid> {
  const isBehind = uid.type === 'Person' && world.stampOf(uid.id) < leastStamp(uid.id)
  return isBehind ? new Set([...ancestors].filter(({ type }) => type !== 'Role')) : ancestors
}

function merged(known: Attributes, said: CedarRecord): Attributes {
  if (said.size === 0) return known
  return {
    has: (name) => said.has(name) || known.has(name),
    get: (name) => said.get(name) ?? known.get(name),
  }
}
