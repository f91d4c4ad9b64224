import { shortestPath, type Graph } from '../../tools/source/tree.ts'
import type { Finding } from './finding.ts'

export type World = 'person' | 'ballot' | 'neutral'

/** The longest prefix that fits decides. A folder that is in no row does not exist: a new one has to say where it belongs. */
const worlds: [prefix: string, world: World][] = [
  ['services/portal/', 'person'],
  ['services/identity/', 'person'],
  ['services/policy/', 'person'],
  ['services/members/', 'person'],
  ['services/events/', 'person'],
  ['web/signin/', 'person'],
  ['web/account/', 'person'],
  ['web/admin/', 'person'],
  ['web/collect/', 'person'],
  ['services/elections/', 'ballot'],
  ['web/booth/', 'ballot'],
  ['web/verifier/', 'ballot'],
  ['kernel/', 'neutral'],
  // It knows no person; but what it takes in could tell one client from another, and a ballot is asked for nothing but a ticket.
  ['kernel/attestation/', 'person'],
  ['cli/', 'neutral'],
  ['run/', 'neutral'],
  ['deploy/', 'neutral'],
  ['examples/', 'neutral'],
  ['web/ui/', 'neutral'],
  // These two make an administration console possible: one speaks of questions, dates and results and never of a ballot, the
  // other of opaque subject, action, resource.
  ['services/policy/contract.ts', 'neutral'],
  ['services/elections/contract.ts', 'neutral'],
]

/** Tests and tools look at everything, and nothing imports them (that is a rule of its own). */
const isOutside = (path: string) => /^(tests|tools)\//.test(path)

export function worldOf(path: string): World | undefined {
  const rows = worlds.filter(([prefix]) => path.startsWith(prefix))
  return rows.sort(([a], [b]) => b.length - a.length)[0]?.[1]
}

/**
 * No file reaches a person and a ballot, by whatever way: types, re-exports, dynamic imports, workers included. Types too,
 * because a type is where the next line of code comes from.
 */
export function checkWorlds(everything: Graph): Finding[] {
  const graph = withoutStarts(everything)
  const findings: Finding[] = []
  for (const path of graph.modules.keys()) {
    if (isOutside(path)) continue
    if (worldOf(path) === undefined)
      findings.push({ at: path, message: 'is in no world: add its folder to tests/architecture/worlds.ts' })
    const toPerson = shortestPath(graph, path, (at) => worldOf(at) === 'person')
    const toBallot = shortestPath(graph, path, (at) => worldOf(at) === 'ballot')
    if (toPerson !== undefined && toBallot !== undefined) findings.push(bothWorlds(path, toPerson, toBallot))
  }
  // The shortest ways first: there the mistake is; the others only pass it on.
  return findings.sort((a, b) => a.message.length - b.message.length)
}

/**
 * `run` and `cli` start threads and programs by file name (`new URL('…')`): those have a module graph and an environment of
 * their own, which is what keeps two worlds apart in one machine. An import there is followed like everywhere.
 */
function withoutStarts({ modules, edges }: Graph): Graph {
  const isStart = (path: string) => /^(run|cli)\//.test(path)
  const kept = [...edges].map(
    ([path, all]) => [path, isStart(path) ? all.filter(({ how }) => how !== 'url') : all] as const,
  )
  return { modules, edges: new Map(kept) }
}

function bothWorlds(at: string, toPerson: string[], toBallot: string[]): Finding {
  return {
    at,
    message:
      `to a person:  ${toPerson.join(' → ')}\nto a ballot:  ${toBallot.join(' → ')}\n` +
      'No file may reach both. What one world must know of the other goes through a neutral contract, or not at all.',
  }
}
