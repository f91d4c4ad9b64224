import { posix } from 'node:path'
import { circles, type Edge, type Graph } from '../../tools/source/tree.ts'
import type { Finding } from './finding.ts'
import { worldOf } from './worlds.ts'

/** Who may import whom: section 2 of the house rules. A test file may import what its story needs, except another world. */
export function checkLayers(graph: Graph): Finding[] {
  const findings: Finding[] = []
  for (const [path, edges] of graph.edges) {
    for (const edge of edges) {
      const broken = firstBroken(path, edge)
      if (broken !== undefined)
        findings.push({ at: `${path}:${edge.line}`, message: `imports ${edge.to}: ${broken}` })
    }
  }
  for (const circle of circles(graph)) {
    findings.push({
      at: circle[0] ?? '',
      message: `goes round in a circle: ${circle.join(' → ')}. Move what both need into a third file.`,
    })
  }
  return findings
}

const isTest = (path: string) => /\.test\.tsx?$|(^|\/)conformance\.ts$/.test(path)
const isStore = (path: string) => /(^|[/-])store\.ts$/.test(path)

function firstBroken(from: string, { to, how, specifier }: Edge): string | undefined {
  if (to.startsWith('?')) return `${specifier} is not there, or not opened by its package's exports`
  if (/^(tests|tools)\//.test(from)) return undefined
  // What several services' tests are set up with; it is no test itself.
  if (isTest(from) && to.startsWith('tests/support/')) return undefined
  if (/^(tests|tools|examples)\//.test(to) && !from.startsWith('examples/'))
    return 'nothing imports tests, tools or examples'
  if (to.startsWith('kernel/testing/') && !isTest(from) && !from.startsWith('kernel/testing/')) {
    return 'the testing part of the kernel is for tests'
  }
  if (isTest(from)) return undefined
  const place = rules.find(({ of }) => of.test(from))
  return place?.check({ from, to, how, service: serviceOf(from), feature: featureOf(from) })
}

interface Step {
  from: string
  to: string
  how: Edge['how']
  service: string
  feature: string
}

/** The first row whose pattern fits checks the file. */
const rules: { of: RegExp; check: (step: Step) => string | undefined }[] = [
  {
    of: /^kernel\//,
    check: ({ to }) =>
      isOurs(to) && !to.startsWith('kernel/') ? 'the kernel imports the kernel only' : undefined,
  },
  { of: /^(run|cli|deploy)\//, check: fileNamesOnly },
  { of: /^examples\//, check: stranger },
  { of: /^web\//, check: webStep },
  {
    of: /^services\/[^/]+\/contract\.ts$/,
    check: ({ to }) => (to === 'npm:zod' ? undefined : 'a contract imports the schema library only'),
  },
  { of: /^services\/[^/]+\/(main|service|cli)\.ts$/, check: foreignService },
  { of: /(^|\/)schema\.ts$/, check: schemaStep },
  { of: /(^|[/-])store\.ts$/, check: storeStep },
  { of: /(^|\/)rules\.ts$/, check: rulesStep },
  { of: /(^|[/-])(routes|pages|jobs)\.tsx?$/, check: routesStep },
  { of: /^services\//, check: featureStep },
]

const isOurs = (path: string) => /^(kernel|services|web|cli|run|deploy)\//.test(path)
const serviceOf = (path: string) => /^services\/[^/]+/.exec(path)?.[0] ?? ''
/** The feature's folder, or the service's own when the file lies directly in it. */
const featureOf = (path: string) => /^services\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0] ?? serviceOf(path)

/** `run` starts services by their file names, so that each world has a module graph of its own. */
function fileNamesOnly({ from, to, how }: Step) {
  if (how === 'url') return undefined
  const own = from.split('/')[0] ?? ''
  if (isOurs(to) && !to.startsWith(`${own}/`) && !to.startsWith('kernel/'))
    return 'here services are started by file name, not imported'
  return undefined
}

/** An example is what somebody else could have written: it has nothing of ours but the wire. */
function stranger({ from, to }: Step) {
  const own = posix.join(...from.split('/').slice(0, 2))
  const isForeign = /^(npm|node):/.test(to) && !to.startsWith('npm:@althing')
  if (isForeign || to.startsWith(`${own}/`)) return undefined
  return 'an example imports its own files and packages of others only'
}

function webStep({ from, to }: Step) {
  const own = posix.join(...from.split('/').slice(0, 2))
  if (!isOurs(to) || to.startsWith(`${own}/`) || to.startsWith('web/ui/')) return undefined
  if (to.startsWith('kernel/')) return to.startsWith('kernel/db/') ? 'pages know no database' : undefined
  if (/^services\/[^/]+\/contract\.ts$/.test(to)) return undefined // In its world, which the test of the worlds sees to.
  return 'pages import contracts, the kernel and web/ui'
}

function foreignService({ to, service, from }: Step) {
  if (!to.startsWith('services/') || to.startsWith(`${service}/`)) return undefined
  if (!/^services\/[^/]+\/contract\.ts$/.test(to)) return 'of another service only the contract'
  return worldOf(to) === worldOf(from) || worldOf(to) === 'neutral'
    ? undefined
    : 'the contract belongs to the other world'
}

function schemaStep(step: Step) {
  const { to, service } = step
  return to === 'npm:zod' || to === `${service}/contract.ts`
    ? undefined
    : (foreignService(step) ?? 'a schema imports its own contract and the schema library')
}

/** Hashing what must not lie in a table as it is (tokens, codes) is the store's work: so the kernel's cryptography too. */
function storeStep({ from, to, service }: Step) {
  const folder = posix.dirname(from)
  const allowed = ['npm:zod', `${service}/contract.ts`, `${folder}/schema.ts`]
  if (allowed.includes(to) || /^kernel\/(db|crypto)\//.test(to) || to === 'node:crypto') return undefined
  return 'a store imports kernel/db, kernel/crypto and its own schema'
}

function rulesStep(step: Step) {
  const { to, how, feature } = step
  if (/^kernel\/(db|http)\//.test(to)) return 'rules know no HTTP and no SQL'
  if (/[/-](routes|pages|jobs)\.tsx?$/.test(to)) return 'rules do not know who calls them'
  if (to.startsWith(`${feature}/`) && isStore(to) && how !== 'type')
    return 'rules are given their store: import its type only'
  return featureStep(step)
}

function routesStep(step: Step) {
  const { to, from } = step
  if (isStore(to)) return 'a route calls rules, not a store'
  // Server-rendered forms: the functions that make the page live in web/, so that all pages look alike. Of the own world only.
  if (to.startsWith('web/'))
    return worldOf(to) === worldOf(from) || worldOf(to) === 'neutral'
      ? undefined
      : 'that page belongs to the other world'
  return featureStep(step)
}

/** Files of a feature that have no row of their own. What a sibling can do arrives as a function, wired in service.ts. */
function featureStep(step: Step) {
  const { to, from, service, feature } = step
  if (to.startsWith('kernel/db/') && !isStore(from)) return 'only stores import kernel/db'
  if (to.startsWith('web/')) return 'only routes import pages'
  if (!to.startsWith(`${service}/`)) return foreignService(step)
  if (/\/(service|main|cli)\.ts$/.test(to)) return 'a feature does not know its service'
  const isOwn = to.startsWith(`${feature}/`) || featureOf(to) === service
  return isOwn ? undefined : 'a feature imports no sibling: ask for a function, and let service.ts lend it'
}
