/** Overrides: how they become policies of the bundle, and what they are lent of the other features. */
import type { RolesChanged } from '@althing/identity/contract'
import type { Clock } from '@althing/kernel/context'
import { isAboutErased, type Tx } from '@althing/kernel/service'
import { near } from '@althing/kernel/service/near.ts'
import type { z } from 'zod'
import { saidOf } from './action-words.ts'
import { actions as ownActions, neededFor } from './actions.ts'
import type { PoliciesJson } from './authored.ts'
import type { Caller } from './caller.ts'
import type { PolicyKit } from './compose-access.ts'
import { actionsIn } from './engine/policies.ts'
import { createEntityStore } from './entities/store.ts'
import type { Known, Ref } from './known.ts'
import { overrideOf, policiesFor } from './overrides/becoming.ts'
import { createChanging } from './overrides/changing.ts'
import { createEmergency } from './overrides/emergency.ts'
import { createAskers, fallWithRoles, type Opens } from './overrides/askers.ts'
import { endWithOffice } from './overrides/leaving.ts'
import { createOverrides } from './overrides/rules.ts'
import type { Override } from './overrides/schema.ts'
import { createShowing } from './overrides/showing.ts'
import { createSweeping } from './overrides/sweeping.ts'
import { createOverrideStore } from './overrides/store.ts'
import { factOf } from './overrides/telling.ts'
import { readCompiled } from './publish/bundle.ts'
import type { Current, Numbered } from './publish/current.ts'
import type { Publishing } from './publish/rules.ts'
import { createBundleStore } from './publish/store.ts'

type Db = Parameters<typeof createOverrideStore>[0]

/** What stands now, as policies beside those that are given. */
export const standingAt = (db: Db, clock: Clock) => async (inForce: PoliciesJson) => {
  const standing = await createOverrideStore(db).standing(clock.now())
  return { ids: standing.map(({ id }) => id), policies: policiesFor(standing, inForce) }
}

interface Published {
  readonly publishing: Pick<Publishing, 'renew'>
  readonly current: Pick<Current, 'look' | 'set'>
}

export function composeOverrides(kit: PolicyKit, { publishing, current }: Published) {
  const { clock, ids, config, database } = kit
  const store = createOverrideStore(database)
  const partsOf = (db: Db, tx: Tx) => ({
    store: createOverrideStore(db),
    record: tx.record,
    async tell(override: Override, by: string) {
      const fact = factOf(override, { by, at: clock.now() })
      if (fact !== null) await tx.send(fact.topic, fact.payload, { to: ['identity'] })
    },
    publish: (by: string): Promise<Numbered | null> =>
      publishing.renew({ store: createBundleStore(db), standing: standingAt(db, clock) }, by),
  })
  const atomically = kit.atomic(partsOf)
  const changing = createChanging({ atomically, announce: current.set })
  const showing = createShowing({ store, now: clock.now })
  const actions = () => known(kit)
  const opens = opensAt(kit, current)
  const lent = { atomically, changing, showing, clock, ids, rolesOf: rolesOf(database) }
  const stillMay = createAskers({
    clock,
    heardOf: heardOf(database),
    wasErased: (person) => isAboutErased(database, { person }),
    opens,
  })
  const overrides = createOverrides({
    ...lent,
    async unknownActions(names) {
      const others = names.filter((name) => !Object.hasOwn(ownActions, name))
      // What is Althing's own is known without a look at all that is in force.
      const known = others.length === 0 ? [] : (await actions()).map(({ name }) => name)
      const unknown = others.filter((name) => !known.includes(name))
      return new Map(unknown.map((name) => [name, near(name, known)]))
    },
    asksBy: store.asksBy,
    stillMay,
    opens,
    mostDays: config.overrideDays,
  })
  return {
    overrides,
    actions,
    mostDays: config.overrideDays,
    emergency: createEmergency({ ...lent, overrides, mostHours: config.emergencyHours }),
    sweep: createSweeping({
      clock,
      atomically,
      changing,
      store,
      stillMay,
      rolesOf: lent.rolesOf,
      inBundle: createBundleStore(database).overrides,
    }),
    /** In the transaction in which identity’s word of it is remembered. */
    async rolesTold({ person, roles, stamp }: z.output<typeof RolesChanged>, db: Db, tx: Tx): Promise<void> {
      await createEntityStore(db).putRoles(person, roles, stamp)
      // What is older than what is known changes nothing.
      const now = (await heardOf(db)(person)) ?? { roles: [], stamp }
      const told = { person, ...now, opensHere: openHere(kit) }
      const [parts, done] = [partsOf(db, tx), { by: 'service:identity', why: null, at: clock.now() }]
      await fallWithRoles(parts, told, done)
      await endWithOffice(parts, told, done)
    },
  }
}

/** Of ids of policies those that are overrides, with what nobody else is told of them. */
export function overridesNamed({ database, clock }: PolicyKit) {
  return async (policies: readonly string[]) => {
    const named = policies.flatMap((policy) => {
      const id = overrideOf(policy)
      return id === null ? [] : [{ policy, id }]
    })
    if (named.length === 0) return new Map()
    const ids = [...new Set(named.map(({ id }) => id))]
    const found = await createOverrideStore(database).some(ids, clock.now())
    const byId = new Map(found.map((one) => [one.id, one]))
    return new Map(
      named.flatMap(({ policy, id }) => {
        const one = byId.get(id)
        if (one === undefined) return []
        const { kind, reason, until } = one
        return [[policy, { id, kind, reason, until: until?.toISOString() ?? null }] as const]
      }),
    )
  }
}

/** Althing's own, and whatever else a policy names. */
async function known({ database }: PolicyKit) {
  const latest = await createBundleStore(database).latest()
  const named = latest === null ? [] : actionsIn(Object.values(readCompiled(latest.bundle).policies))
  const names = [...new Set([...Object.keys(ownActions), ...named])].sort()
  return names.map((name) => ({
    name,
    isOwn: Object.hasOwn(ownActions, name),
    needs: neededFor(name),
    said: saidOf(name),
  }))
}

const opensAt = (kit: PolicyKit, { look }: Pick<Current, 'look'>): Opens => {
  const opens = openHere(kit)
  return async (caller, action) => {
    await look()
    return opens(caller, action)
  }
}

/** As a door of this service decides (kernel/service). */
const openHere =
  ({ authz }: PolicyKit) =>
  (caller: Caller, action: string): boolean => {
    const resource = { type: 'Service', id: action.split('.')[0] ?? action }
    return authz.decide({ caller, action, resource }).decision
  }

/** Of their own, as identity last told them; null of whoever nobody told of. */
export function rolesOf(db: Db) {
  return async (subject: Ref) => {
    const [one] = await createEntityStore(db).some([subject])
    return one === undefined ? null : rolesAmong(one)
  }
}

/** And how new that is. */
const heardOf = (db: Db) => async (id: string) => {
  const [one] = await createEntityStore(db).some([{ type: 'Person', id }])
  return one === undefined ? null : { roles: rolesAmong(one), stamp: one.stamp }
}

const rolesAmong = ({ parents }: Known): string[] =>
  parents.filter(({ type }) => type === 'Role').map(({ id }) => id)
