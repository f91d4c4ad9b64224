/**
 * `npm run bench -- policy`: decisions for each second of processor time, engines in turns in one process so that a busy machine
 * is as busy for all. Every engine is first asked all questions and has to give the answers that were written by hand.
 */
import type { EntityStore } from '@althing/kernel/cedar'
import {
  byHand,
  casbin,
  casl,
  caslReusing,
  cedarWasm,
  ours,
  policySet,
  storeOf,
  type Engine,
} from './policy-engines.ts'
import { allowed, createWorld, type Asked } from './policy-world.ts'

type Result = Readonly<Record<string, unknown>>

const rounds = 31
const slotMs = 80
const many = 100_000

export async function policy(): Promise<Result> {
  const world = createWorld()
  const store = storeOf(world)
  const engines: Readonly<Record<string, Engine>> = {
    'by hand': byHand,
    'ours, index': ours(policySet(), store),
    'ours, no index': ours(policySet({ index: false }), store),
    'cedar-wasm, stateful': cedarWasm(world),
    'casl, cached': casl(world, true),
    'casl, cached, one object for each document': caslReusing(world),
    'casl, rebuilt': casl(world, false),
    casbin: await casbin(),
  }
  for (const [name, engine] of Object.entries(engines)) check(name, engine, world.asked)
  const measured = inTurns(engines, world.asked)
  const of = (name: string) => measured[name]?.median ?? 0
  return {
    policies: 20,
    questions: world.asked.length,
    allowed: world.asked.filter(allowed).length,
    decisionsPerCpuSecond: measured,
    timesCedarWasm: ratio(of('ours, index'), of('cedar-wasm, stateful')),
    timesCaslCached: ratio(of('ours, index'), of('casl, cached')),
    timesCasbin: ratio(of('ours, index'), of('casbin')),
    ...flatness(store, world.asked),
    notMeasured:
      'opa-wasm: it runs a policy that the OPA compiler made, and no compiled one is to be had from npm or Debian',
  }
}

function check(name: string, engine: Engine, asked: readonly Asked[]): void {
  const wrong = asked.findIndex((one) => engine(one) !== allowed(one))
  if (wrong >= 0)
    throw new Error(`${name} answers question ${wrong} differently: ${JSON.stringify(asked[wrong])}`)
}

interface Measured {
  readonly median: number
  readonly best: number
  readonly microseconds: number
}

function inTurns(
  engines: Readonly<Record<string, Engine>>,
  asked: readonly Asked[],
): Readonly<Record<string, Measured>> {
  const slots = Object.fromEntries(Object.keys(engines).map((name) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, engine] of Object.entries(engines)) slots[name]?.push(slot(engine, asked))
  }
  return Object.fromEntries(
    Object.entries(slots).map(([name, each]) => {
      const sorted = each.toSorted((left, right) => left - right)
      const median = Math.round(sorted[sorted.length >> 1] ?? 0)
      return [
        name,
        { median, best: Math.round(sorted.at(-1) ?? 0), microseconds: Math.round(1e8 / median) / 100 },
      ]
    }),
  )
}

/** Decisions for each second of processor time, in one slot. */
function slot(engine: Engine, asked: readonly Asked[]): number {
  const end = performance.now() + slotMs
  const before = process.cpuUsage()
  let done = 0
  let allows = 0
  while (performance.now() < end) {
    for (let left = 64; left > 0; left -= 1) {
      const one = asked[done & 1023]
      if (one !== undefined && engine(one)) allows += 1
      done += 1
    }
  }
  const { user, system } = process.cpuUsage(before)
  if (allows < 0) throw new Error('Nothing was decided.')
  return done / ((user + system) / 1e6)
}

/** The same questions with 20 policies, and with a hundred thousand more that speak of others. */
function flatness(store: EntityStore, asked: readonly Asked[]): Result {
  const begun = performance.now()
  const more = Object.fromEntries(
    Array.from({ length: many - 20 }, (_, index) => [`more${index}`, another(index)]),
  )
  const large = policySet({ index: true }, more)
  const compiledMs = Math.round(performance.now() - begun)
  const engines = { few: ours(policySet(), store), many: ours(large, store) }
  check('many', engines.many, asked)
  const measured = inTurns(engines, asked)
  return {
    flat: {
      policies: large.rules.length,
      compiledMs,
      decisionsPerCpuSecond: measured,
      timesSlower: ratio(measured['few']?.median ?? 0, measured['many']?.median ?? 0),
    },
  }
}

/** For a user, a group, a document or a type that is not asked about; half of them for one action. */
function another(index: number): unknown {
  const entity = (type: string) => ({ type, id: `other-${index}` })
  const heads = [
    { principal: { op: '==', entity: entity('User') }, resource: { op: 'All' } },
    { principal: { op: 'in', entity: entity('Group') }, resource: { op: 'All' } },
    { principal: { op: 'All' }, resource: { op: '==', entity: entity('Doc') } },
    { principal: { op: 'in', entity: entity('Group') }, resource: { op: 'in', entity: entity('Folder') } },
  ]
  return {
    effect: index % 5 === 0 ? 'forbid' : 'permit',
    ...heads[index % heads.length],
    action: index % 2 === 0 ? { op: 'All' } : { op: '==', entity: { type: 'Action', id: 'read' } },
    conditions: [
      {
        kind: 'when',
        body: { '==': { left: { '.': { left: { Var: 'context' }, attr: 'hour' } }, right: { Value: 3 } } },
      },
    ],
  }
}

const ratio = (one: number, other: number) => Math.round((one / other) * 100) / 100
