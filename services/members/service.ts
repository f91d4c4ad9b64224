import { personIdentified, PersonIdentified } from '@althing/identity/contract'
import type { Db } from '@althing/kernel/db'
import { ticker } from '@althing/kernel/jobs'
import { defineService, receive, type Kit, type Tx } from '@althing/kernel/service'
import { Config } from './config.ts'
import { personData } from './person-data.ts'
import { memberJoined, memberLeft, memberLinked } from './contract.ts'
import { createDirectory, createListing } from './directory/rules.ts'
import { directoryRoutes } from './directory/routes.ts'
import { createDirectoryStore } from './directory/store.ts'
import { createImports } from './imports/rules.ts'
import { importRoutes } from './imports/routes.ts'
import { createImportStore } from './imports/store.ts'
import { createLinking } from './membership/linking.ts'
import { createMembership } from './membership/rules.ts'
import { membershipRoutes } from './membership/routes.ts'
import { createClaimStore } from './membership/store.ts'

type Parts = Pick<Kit<unknown>, 'atomic' | 'clock' | 'ids' | 'database'>

/** Imports for the service and for its command line. */
export function assembleImports({ atomic, clock, ids, database }: Parts) {
  return createImports({
    clock,
    ids,
    store: createImportStore(database),
    knownMembers: createDirectoryStore(database).byKennitalas,
    atomically: atomic((db, tx) => {
      const directory = createDirectory({ store: createDirectoryStore(db), clock, ids })
      return {
        store: createImportStore(db),
        alone: directory.alone,
        apply: directory.apply,
        announce: linkingIn(db, tx, { clock }).changed,
        record: ({ actor, id, counts }) =>
          tx.record({
            action: 'members.imported',
            actor,
            target: { type: 'MemberImport', id },
            reason: `${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.skipped} left out`,
            outcome: 'done',
          }),
      }
    }),
  })
}

function linkingIn(db: Db, tx: Tx, { clock }: Pick<Parts, 'clock'>) {
  const entry = (member: string, person: string) => ({
    actor: 'service:members',
    onBehalfOf: `person:${person}`,
    target: { type: 'Member', id: member },
  })
  return createLinking({
    clock,
    claims: createClaimStore(db),
    directory: createDirectoryStore(db),
    tell: {
      joined: (person, member) => tx.send(memberJoined, { person, member }, { to: ['identity'] }),
      left: (person, member) => tx.send(memberLeft, { person, member }, { to: ['identity'] }),
      linked: (person, member) => tx.send(memberLinked, { person, member }, { to: ['events'] }),
    },
    record: {
      linked: (member, person, by) =>
        tx.record({
          ...entry(member, person),
          action: 'members.linked',
          reason: `by ${by}`,
          fields: ['person'],
          outcome: 'done',
        }),
      conflict: (member, person, why) =>
        tx.record({
          ...entry(member, person),
          action: 'members.link-conflict',
          reason: why,
          outcome: 'denied',
        }),
    },
  })
}

/** The members service on one screen: what it is made of, and who needs whom. */
export const members = defineService({
  name: 'members',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  limits: ['members-import'],
  assemble(kit) {
    const { database, clock, config } = kit
    const directory = createDirectoryStore(database)
    const membership = createMembership({
      memberOf: directory.byPerson,
      claimOf: createClaimStore(database).get,
    })
    const keptMilliseconds = config.importKeepHours * 3_600_000
    return {
      routes: [
        ...membershipRoutes(membership),
        ...importRoutes(assembleImports(kit)),
        ...directoryRoutes(createListing({ store: directory })),
      ],
      personData,
      receives: [
        receive(personIdentified, { from: ['identity'], payload: PersonIdentified }, (facts, db, tx) =>
          linkingIn(db, tx, kit).identified(facts),
        ),
      ],
      tickers: [
        ticker({
          name: 'members.imports',
          everySeconds: 600,
          run: () =>
            createImportStore(database).dropOlderThan(new Date(clock.now().getTime() - keptMilliseconds)),
        }),
      ],
    }
  },
})
