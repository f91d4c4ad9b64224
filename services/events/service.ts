import {
  ElectionChanged,
  electionChanged,
  ElectionId,
  ElectionPublished,
  electionPublished,
  putIssuance,
  putIssuedCounts,
  RollRequested,
  rollRequested,
} from '@althing/elections/contract'
import { attestationFrom } from '@althing/kernel/attestation'
import type { Db } from '@althing/kernel/db'
import { ticker } from '@althing/kernel/jobs'
import { createBulkhead } from '@althing/kernel/resilience'
import { defineService, receive, type Kit, type Tx } from '@althing/kernel/service'
import { MemberLinked, memberLinked, rollAt, type MemberId, type RollPage } from '@althing/members/contract'
import type { z } from 'zod'
import { Config } from './config.ts'
import { personData } from './person-data.ts'
import { entitledBy, isDecidable, isTooSmall } from './eligibility/rules.ts'
import { rollLeaf } from './rolls/commitment.ts'
import { createCourse, hasEnded } from './rolls/course.ts'
import { createKeys } from './rolls/keys.ts'
import { createRolls } from './rolls/rules.ts'
import { createRollStore, workChannel } from './rolls/store.ts'
import { createTickets } from './tickets/rules.ts'
import { ticketRoutes } from './tickets/routes.ts'
import { createTicketStore } from './tickets/store.ts'

const fromElections = ['elections']

/** The events service on one screen: what it is made of, and who needs whom. */
export const events = defineService({
  name: 'events',
  world: 'person',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  assemble(kit) {
    const { atomic, chance, config, database, log, peers } = kit
    const store = createRollStore(database)
    const issued = createTicketStore(database)
    const keys = createKeys({ key: kit.derivedKey('issuing-keys'), chance, stored: store.keys })
    const rolls = createRolls({
      store,
      atomically: atomic((db, tx) => ({ store: createRollStore(db), record: tx.record })),
      chance,
      keys,
      smallestClass: config.smallestClass,
      entitledBy,
      isDecidable,
      isTooSmall,
      membersAt: (cutOff) => membersAt(kit, cutOff),
      countsOf: issued.counts,
      tell: {
        issuance: (id, said) =>
          peers.peer('elections').call({ ...putIssuance(ElectionId.parse(id), said), unguarded: true }),
        counts: (id, said) =>
          peers.peer('elections').call({ ...putIssuedCounts(ElectionId.parse(id), said), unguarded: true }),
      },
      report: (error, due) => log.warn('not done yet', { due, cause: String(error) }),
    })
    const tickets = createTickets({
      store: issued,
      atomically: atomic((db) => ({
        store: createTicketStore(db),
        async mayIssue(election) {
          const status = await createRollStore(db).statusToIssue(election)
          return status !== null && !hasEnded(status)
        },
      })),
      async voteOf(election) {
        const roll = await store.find(election)
        return roll === null ? null : { ...roll, hasEnded: hasEnded(roll.status) }
      },
      async placeOf(election, person) {
        const place = await store.placeOf(election, person)
        return place === null ? null : { ...place, leaf: rollLeaf(place) }
      },
      rightsOf: store.rightsOf,
      issuingKeys: store.keys,
      signer: keys.signer,
      bulkhead: createBulkhead({ limit: 4, queue: 2_000 }),
      counted: countIssued(kit),
    })
    const attestation = attestationFrom({ ...kit, service: 'events', kinds: config.attestation })
    let unlisten: (() => Promise<void>) | undefined
    return {
      routes: ticketRoutes(tickets, attestation),
      personData,
      receives: receives(log),
      tickers: [ticker({ name: 'events.rolls', everySeconds: config.workSeconds, run: rolls.work })],
      async start() {
        unlisten = await database.listen(workChannel, () => {
          keys.forget()
          void rolls.work().catch((error: unknown) => log.error('work failed', error))
        })
      },
      async stop() {
        await unlisten?.()
        await rolls.rest()
      },
    }
  },
})

function receives(log: Kit<unknown>['log']) {
  const course = (db: Db, tx: Tx) =>
    createCourse({
      store: createRollStore(db),
      record: tx.record,
      issuedLeaves: createTicketStore(db).leaves,
    })
  return [
    receive(rollRequested, { from: fromElections, payload: RollRequested }, (said, db, tx) =>
      course(db, tx).requested(said),
    ),
    receive(electionPublished, { from: fromElections, payload: ElectionPublished }, async (said, db, tx) => {
      const problem = await course(db, tx).published(said)
      if (problem !== null)
        log.error('a manifest is not ours', undefined, { election: said.election, problem })
    }),
    receive(electionChanged, { from: fromElections, payload: ElectionChanged }, (said, db, tx) =>
      course(db, tx).changed(said),
    ),
    receive(memberLinked, { from: ['members'], payload: MemberLinked }, ({ member, person }, db, tx) =>
      course(db, tx).linked(member, person),
    ),
  ]
}

/** Everybody who was a member at that moment, asked for page by page. */
async function membersAt({ peers }: Pick<Kit<unknown>, 'peers'>, cutOff: Date) {
  const found: z.output<typeof RollPage>['entries'] = []
  for (let after: MemberId | null = null; ;) {
    const page: z.output<typeof RollPage> = await peers
      .peer('members')
      .call({ ...rollAt(cutOff.toISOString(), after), unguarded: true })
    found.push(...page.entries)
    if (page.next === null) return found
    after = page.next
  }
}

/** A total, and no finer: neither the election nor the slot is a label. */
function countIssued({ metrics }: Pick<Kit<unknown>, 'metrics'>) {
  const counter = metrics.counter({
    name: 'id_election_credentials_issued_total',
    help: 'Blind signatures given, repeated ones included.',
    labels: {},
  })
  return (issued: number) => counter.add({}, issued)
}
