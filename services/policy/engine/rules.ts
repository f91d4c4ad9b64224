/**
 * Decides from memory, with the policies and the world as they are committed at the moment of the question: each question waits for one look at
 * the database that began after it came, and for what that look finds to be new. A database that does not answer means that nobody
 * can know, and so that nobody may.
 */
import { authorize, overlay, readRecord, uidOf, type Entity, type EntityData } from '@althing/kernel/cedar'
import { coalesced } from './fresh.ts'
import { fault } from './faults.ts'
import type { Policies } from './policies.ts'
import type { Engine, Question, Ruling, Snapshot, Thing } from '../deciding.ts'
import type { Known, Ref, Revisions } from '../known.ts'
import { createWorld, type World } from './world.ts'

interface Needs {
  readonly revisions: () => Promise<Revisions>
  readonly everything: () => Promise<readonly Known[]>
  /** Null when it is too long ago to know. */
  readonly changedSince: (world: number) => Promise<readonly Ref[] | null>
  readonly some: (refs: readonly Ref[]) => Promise<readonly Known[]>
  readonly policies: (revision: number) => Promise<Policies>
}

export function createEngine(needs: Needs): Engine {
  let world: World | undefined
  let policies: Policies | undefined
  let known: Revisions = { world: -1, policies: -1 }

  async function catchUp(): Promise<Snapshot> {
    const now = await needs.revisions()
    if (policies === undefined || now.policies !== known.policies) {
      policies = await needs.policies(now.policies)
      world?.fix(policies.fixed)
    }
    if (world === undefined || now.world !== known.world) world = await caughtUp(world, now.world, policies)
    known = now
    return snapshotOf(world, policies, known)
  }

  /** From one moment to the next; from the beginning when it cannot be said what has changed, or when the numbers went back (a restored database). */
  async function caughtUp(before: World | undefined, to: number, { fixed }: Policies): Promise<World> {
    const changed =
      before === undefined || to < known.world ? null : await needs.changedSince(known.world)
    if (before === undefined || changed === null) {
      const anew = createWorld()
      for (const one of await needs.everything()) anew.put(one)
      anew.fix(fixed)
      return anew
    }
    const found = await needs.some(changed)
    // Nothing is waited for from here on: a question sees all of a change or nothing of it.
    for (const ref of changed) before.remove(ref)
    for (const one of found) before.put(one)
    before.fix(fixed)
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

function snapshotOf(world: World, policies: Policies, revisions: Revisions): Snapshot {
  return {
    revisions,
    digest: policies.digest,
    decide: (question) => decide(question, world, policies),
    knows: (type, id) => world.entities.find(uidOf(type, id)) !== undefined,
    idsOf: world.idsOf,
    actions: () => policies.actions,
  }
}

/** Stricter than Cedar in one thing: a policy that could not be evaluated denies, because it might have been a forbid (decision 0001). */
function decide({ principal, action, resource, context }: Question, world: World, { set }: Policies): Ruling {
  const isSelf = principal.type === resource.type && principal.id === resource.id
  const own = isSelf
    ? [dataOf({ ...principal, attributes: { ...resource.attributes, ...principal.attributes } }, world)]
    : [dataOf(principal, world), dataOf(resource, world)]
  const asked = {
    principal: uidOf(principal.type, principal.id),
    action: uidOf('Action', action),
    resource: uidOf(resource.type, resource.id),
    context: readRecord(context),
  }
  const { decision, reasons, errors } = authorize(set, asked, overlay(own, world.entities))
  return { decision: decision === 'allow' && errors.length === 0, determining: reasons, errors }
}

/** What is known of it, and what was said beside that. */
function dataOf({ type, id, attributes }: Thing, { entities }: World): EntityData {
  const uid = uidOf(type, id)
  const known: Entity | undefined = entities.find(uid)
  const said = readRecord(attributes)
  return {
    uid,
    parents: known === undefined ? [] : [...known.ancestors],
    attributes: known === undefined ? said : new Map([...known.attributes, ...said]),
    tags: known?.tags ?? new Map(),
  }
}
