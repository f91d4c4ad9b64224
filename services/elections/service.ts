import { KeyExists, createKeyFiles, signingKey, type KeyFiles } from '@althing/kernel/crypto'
import type { Values } from '@althing/kernel/config'
import { openApi, type Route } from '@althing/kernel/http'
import { ticker } from '@althing/kernel/jobs'
import { createBulkhead, onceByKey } from '@althing/kernel/resilience'
import { defineService, type Kit } from '@althing/kernel/service'
import { openAssets } from '@althing/web-ui/assets.ts'
import { boardOrigin, electionChanged, Status, type ElectionId } from './contract.ts'
import { Config } from './config.ts'
import { isOver, isPublic, type Election } from './record.ts'
import { createBoxes } from './ballots/boxes.ts'
import { openEntry } from './ballots/entry.ts'
import { createForeign } from './ballots/foreign.ts'
import { createPromises } from './ballots/receipt.ts'
import { createRooms } from './ballots/room-store.ts'
import { ballotRoutes } from './ballots/routes.ts'
import { createBallots } from './ballots/rules.ts'
import { createIntakeStore } from './ballots/store.ts'
import { beginBoard, createIntegrator } from './board/integrate.ts'
import { boardRoutes } from './board/routes.ts'
import { createReading } from './board/rules.ts'
import { createBoardStore } from './board/store.ts'
import { createBundles } from './bundle/rules.ts'
import { bundleRoutes } from './bundle/routes.ts'
import { createBundleStore } from './bundle/store.ts'
import { catalogueRoutes } from './catalogue/routes.ts'
import { createCatalogue } from './catalogue/rules.ts'
import { createPublishing } from './lifecycle/publish.ts'
import { lifecycleRoutes } from './lifecycle/routes.ts'
import { createLifecycle } from './lifecycle/rules.ts'
import { pageRoutes } from './pages/routes.ts'
import { createShells } from './pages/pages.ts'
import { checkSealingKey } from './setup/paper.ts'
import { setupRoutes } from './setup/routes.ts'
import { createSetup } from './setup/rules.ts'
import { createElectionStore } from './setup/store.ts'
import { publicResultRoutes, tallyRoutes } from './tally/routes.ts'
import { createTally } from './tally/rules.ts'
import { createTurnout } from './turnout/rules.ts'
import { createTurnoutStore } from './turnout/store.ts'

export type ElectionsKit = Kit<Values<typeof Config>>

/** The ballot box on one screen: what it is made of, and who needs whom. */
export const elections = defineService({
  name: 'elections',
  world: 'ballot',
  config: Config,
  migrations: new URL('./migrations/', import.meta.url),
  assemble(kit) {
    const features = createFeatures(kit)
    return {
      routes: [...setupRoutes(features.setup), ...lifecycleRoutes(features), ...tallyRoutes(features.tally)],
      quiet: { host: kit.config.ballotHost, port: kit.config.ballotPort, routes: quietRoutes(kit, features) },
      tickers: [
        ticker({ name: 'elections.course', everySeconds: 1, run: features.lifecycle.tick }),
        ticker({ name: 'elections.boards', everySeconds: 1, run: features.integrator.tick }),
        ticker({
          name: 'elections.turnout',
          everySeconds: kit.config.turnoutSeconds,
          run: features.turnout.tick,
        }),
        ticker({ name: 'elections.metrics', everySeconds: 30, run: stateMetrics(kit) }),
      ],
    }
  },
})

/** Also for the command line, which has no doors. */
export function createFeatures(kit: ElectionsKit) {
  const { config, atomic, database, chance } = kit
  const base = createBase(kit)
  const { store, turnout, catalogue, integrator } = base
  const present = catalogue.forOfficers
  const setup = createSetup({
    chance,
    language: config.language,
    store,
    present,
    atomically: atomic((db, tx) => ({
      store: createElectionStore(db),
      record: tx.record,
      once: (given, work) => onceByKey(db, given, work),
    })),
  })
  const publishing = createPublishing({
    ...config,
    find: store.find,
    logKey: base.logKey,
    ensureBoxKey: base.ensureBoxKey,
    begun: (id) =>
      integrator.sign(id).catch((error: unknown) => kit.log.error('board not signed yet', error)),
    checkSealingKey,
    atomically: atomic((db, tx) => ({
      elections: createElectionStore(db),
      async begin(id, entry) {
        await createIntakeStore(db).makeRoom(id)
        await beginBoard(createBoardStore(db), id, entry)
        await createTurnoutStore(db).begin(id)
      },
      ...tx,
    })),
  })
  const lifecycle = createLifecycle({
    find: store.find,
    publishing,
    present,
    publishWaitMs: config.publishWaitMs,
    ended: (id) =>
      integrator.finish(id).catch((error: unknown) => kit.log.error('board not finished yet', error)),
    atomically: atomic((db, tx) => ({ elections: createElectionStore(db), ...tx })),
  })
  const tally = createCounting(kit, base)
  const issued = async (id: ElectionId, counts: NonNullable<Election['issued']>) =>
    (await createElectionStore(database).issued(id, counts)) !== null
  return { ...base, setup, publishing, lifecycle, tally, turnout, issued }
}
export type Features = ReturnType<typeof createFeatures>

function createCounting({ atomic }: ElectionsKit, { store, catalogue, integrator, finalEntries }: Base) {
  const changed = ({ id, status, hidden, scheduledStart, scheduledEnd }: Election) => ({
    election: id,
    status,
    hidden,
    opens_at: scheduledStart?.toISOString() ?? null,
    closes_at: scheduledEnd?.toISOString() ?? null,
  })
  return createTally({
    find: store.find,
    present: catalogue.forOfficers,
    finish: integrator.finish,
    finalEntries,
    atomically: atomic((db, tx) => ({
      elections: createElectionStore(db),
      record: tx.record,
      changed: (election: Election) => tx.send(electionChanged, changed(election), { to: ['events'] }),
    })),
  })
}

/** What everything else stands on: the tables, the keys, the board. */
function createBase(kit: ElectionsKit) {
  const { config, atomic, database, chance, clock, derivedKey } = kit
  const store = createElectionStore(database)
  const board = createBoardStore(database)
  const intake = createIntakeStore(database)
  const keys = createKeyFiles(config.keysFolder, chance)
  // One key for each election: a note of one can never pass for a note of another.
  const logKey = (id: ElectionId) => signingKey(derivedKey(`board:${id}`))
  const boxes = createBoxes({
    clock,
    find: store.find,
    readKey: keys.read,
    logKey,
    promises: (id, key) => createPromises(config.ballotUrl, id, key),
  })
  const integrator = createIntegrator({
    board,
    mixBatch: config.mixBatch,
    signer: (id) => ({ name: boardOrigin(new URL(config.ballotUrl).host, id), ...logKey(id) }),
    readKey: keys.read,
    async destroyKey(id) {
      boxes.forget(id)
      await keys.destroy(id)
    },
    dropRoom: createRooms(database).drop,
    open: openEntry,
    isOver: async (id) => isOver((await store.find(id))?.status ?? 'draft'),
    atomically: atomic((db) => ({
      board: createBoardStore(db),
      intake: createIntakeStore(db),
      counted: async (id) => createTurnoutStore(db).settle(id, await createIntakeStore(db).voted(id)),
    })),
  })
  const turnout = createTurnout({
    store: createTurnoutStore(database),
    voted: intake.voted,
    seconds: config.turnoutSeconds,
    ballots: config.turnoutBallots,
  })
  const catalogue = createCatalogue({
    clock,
    find: store.find,
    listPublic: store.listPublic,
    turnout: turnout.of,
  })
  /** Null while the board may still grow, or its head is not signed. */
  async function finalEntries(id: ElectionId): Promise<readonly string[] | null> {
    const head = await board.head(id)
    return head === null || !head.closed || head.signedSize !== head.size
      ? null
      : board.entries(id, 0, head.size)
  }
  return {
    store,
    board,
    intake,
    boxes,
    logKey,
    ensureBoxKey: ensureKey(keys),
    integrator,
    turnout,
    catalogue,
    finalEntries,
  }
}

type Base = ReturnType<typeof createBase>

/** A key that is there already is the one of an attempt that was cut off. */
function ensureKey(keys: KeyFiles) {
  return async (id: ElectionId): Promise<void> => {
    try {
      await keys.create(id)
    } catch (error) {
      if (!(error instanceof KeyExists)) throw error
    }
  }
}

/** The ballot origin: everything that somebody without a name may do. */
function quietRoutes(
  kit: ElectionsKit,
  { store, board, boxes, intake, logKey, catalogue, tally, finalEntries }: Features,
): Route[] {
  const { config, chance, clock, database, log } = kit
  const ballots = createBallots({
    boxes,
    intake,
    chance,
    find: store.find,
    bulkhead: createBulkhead({ limit: config.castBacklog, queue: 0 }),
    commitBatch: config.commitBatch,
    failed: (error) => log.error('a batch of ballots was not stored', error),
    async onBoard(id, leaf) {
      const election = await store.find(id)
      if (election === null || !isPublic(election) || (await board.indexOf(id, leaf)) === null) return null
      return (await createPromises(config.ballotUrl, id, logKey(id)))(leaf)
    },
    isForeign: createForeign({ clock, listPublic: store.listPublic }),
  })
  const reading = createReading({
    board,
    isPublic: async (id) => isPublic((await store.find(id)) ?? { hidden: true, manifest: null }),
  })
  const bundle = createBundles({
    find: store.find,
    entries: finalEntries,
    checkpoint: reading.checkpoint,
    store: createBundleStore(database),
  })
  const assets = openAssets(config.webFolder)
  const routes: Route[] = [
    ...ballotRoutes(ballots),
    ...catalogueRoutes(catalogue),
    ...publicResultRoutes(tally),
    ...bundleRoutes(bundle),
    ...boardRoutes(reading),
    ...pageRoutes({
      shells: createShells(config.webFolder),
      serve: assets.serve,
      description: () =>
        openApi(routes, { title: 'Althing: the ballot origin', version: '0.1.0', server: config.ballotUrl }),
    }),
  ]
  return routes
}

/** How many elections are in each state: the only numbers the ballot world tells. */
function stateMetrics({ metrics, database }: ElectionsKit) {
  const gauge = metrics.gauge({
    name: 'althing_elections',
    help: 'Elections by state.',
    labels: { status: Status.options },
  })
  return async () => {
    const counts = new Map(
      (await createElectionStore(database).countByStatus()).map(({ status, count }) => [status, count]),
    )
    for (const status of Status.options) gauge.set({ status }, counts.get(status) ?? 0)
  }
}
