/** What a person may take along, and how they are forgotten: by this service, and through it by every other. */
import { fromUtf8, openBox, sealBox, utf8 } from '@althing/kernel/crypto'
import { receive, erasureConfirmed, ErasureConfirmed, type Receives } from '@althing/kernel/service'
import { forgetPerson, personDataOf, personErased, type Tx } from '@althing/kernel/service'
import { collect } from '@althing/kernel/privacy'
import { createAccountStore } from './accounts/store.ts'
import type { AccountParts } from './accounts/rules.ts'
import type { Db, IdentityKit } from './kit.ts'
import { toPerson, type Post } from './letters.ts'
import { personData } from './person-data.ts'
import { createErasures } from './privacy/erasure.ts'
import { createExports } from './privacy/exports.ts'
import { privacyJobs } from './privacy/jobs.ts'
import { createErasureStore } from './privacy/erasure-store.ts'
import { createExportStore } from './privacy/export-store.ts'
import { erasedMail, erasureAskedMail, erasureCancelledMail, readyMail } from './privacy/texts.ts'

/** Every other service that holds anything about persons. None of the ballot world does. */
const others = ['members', 'events', 'policy', 'portal'] as const

type PartsOf = (db: Db, tx: Tx) => AccountParts

export function composePrivacy(kit: IdentityKit, mail: Post, partsOf: PartsOf) {
  const jobs = privacyJobs({
    make: (id) => exports.make(id),
    giveUp: (id) => exports.giveUp(id),
    tell: (person, what) => (what === 'ready' ? exports.tellReady(person) : erasures.tell(person, what)),
  })
  const exports = composeExports(
    kit,
    mail,
    (db, id) => jobs.making.enqueue(db, { id }),
    (db, person) => jobs.telling.enqueue(db, { person, what: 'ready' }),
  )
  const erasures = composeErasures(kit, mail, partsOf, (db, person, what) =>
    jobs.telling.enqueue(db, { person, what }),
  )
  return {
    exports,
    erasures,
    privacyJobs: [jobs.making, jobs.telling],
    erasureReceives: others.map((service): Receives =>
      receive(erasureConfirmed, { from: [service], payload: ErasureConfirmed }, ({ person }, db) =>
        createErasureStore(db).confirm(person, service, kit.clock.now()),
      ),
    ),
  }
}

type Enqueue = (db: Db, id: string) => Promise<void>

function composeExports(kit: IdentityKit, mail: Post, enqueue: Enqueue, enqueueReady: Enqueue) {
  const { config, clock, chance, ids, database, peers, atomic } = kit
  const { organisation, url } = config
  const key = kit.derivedKey('exports')
  return createExports({
    clock,
    chance,
    newId: () => ids.create('exp'),
    store: createExportStore(database),
    organisation,
    days: config.exportDays,
    seal: (text, id) => sealBox(key, utf8(text), utf8(id), chance),
    open(sealed, id) {
      const opened = openBox(key, sealed, utf8(id))
      return opened === null ? null : fromUtf8(opened)
    },
    sources: [
      {
        service: 'identity',
        // As it would come over the wire.
        collect: async (person) =>
          JSON.parse(JSON.stringify(await collect(database, personData, person))) as Awaited<
            ReturnType<typeof collect>
          >,
      },
      ...others.map((service) => ({
        service,
        collect: async (person: string) =>
          (await peers.peer(service).call({ ...personDataOf(person), timeoutMs: 20_000 })).sections,
      })),
    ],
    find: createAccountStore(database).byId,
    sendReady: (to, until) =>
      mail.send({
        ...toPerson(to, 'asked'),
        ...readyMail(to.locale, { name: to.name, organisation, link: `${url}/account/privacy`, until }),
      }),
    atomically: atomic((db, tx) => ({
      store: createExportStore(db),
      enqueue: (id) => enqueue(db, id),
      enqueueReady: (account) => enqueueReady(db, account),
      record: (entry) => tx.record(entry),
    })),
  })
}

function composeErasures(
  kit: IdentityKit,
  mail: Post,
  partsOf: PartsOf,
  enqueueTelling: (db: Db, person: string, what: 'asked' | 'cancelled') => Promise<void>,
) {
  const { config, clock, ids, database, audit, log, atomic } = kit
  const { organisation, url } = config
  return createErasures({
    clock,
    newId: () => ids.create('era'),
    store: createErasureStore(database),
    find: createAccountStore(database).byId,
    services: others,
    graceDays: config.erasureDays,
    report: (problem, facts) => log.warn(problem, facts),
    send: {
      asked: (to, due) =>
        mail.send({
          ...toPerson(to, 'safety'),
          ...erasureAskedMail(to.locale, {
            name: to.name,
            organisation,
            link: `${url}/account/privacy`,
            due,
          }),
        }),
      cancelled: (to) =>
        mail.send({
          ...toPerson(to, 'safety'),
          ...erasureCancelledMail(to.locale, { name: to.name, organisation }),
        }),
      erased: (to) =>
        mail.send({ ...toPerson(to, 'safety'), ...erasedMail(to.locale, { name: to.name, organisation }) }),
    },
    atomically: atomic((db, tx) => ({
      store: createErasureStore(db),
      isLastSuperadmin: createAccountStore(db).isLastSuperadmin,
      enqueueTelling: (person, what) => enqueueTelling(db, person, what),
      async forget(person) {
        const { store, endSessions, revoke } = partsOf(db, tx)
        const account = await store.bump(person)
        await endSessions(person)
        await forgetPerson(db, tx, { service: 'identity', personData, audit }, person)
        if (account !== null) await revoke(person, account.stamp)
      },
      tellServices: (person, services) => tx.send(personErased, { person }, { to: services }),
      record: (entry) => tx.record(entry),
    })),
  })
}
