import type { Graph, Tree } from '../../tools/source/tree.ts'
import type { Finding } from './finding.ts'

const isTest = (path: string) =>
  /\.test\.tsx?$|^(tests|tools)\/|^kernel\/testing\/|\/conformance\.ts$/.test(path)

/** No default export (a vite configuration must have one), and no index.ts but the door of a part of the kernel. */
export function checkNames(graph: Graph): Finding[] {
  const findings: Finding[] = []
  for (const [path, { exports }] of graph.modules) {
    const isConfiguration = path.endsWith('/vite.config.ts')
    if (exports.some(({ name }) => name === 'default') && !isConfiguration) {
      findings.push({
        at: path,
        message: 'has a default export: give it a name, so that it is called the same everywhere',
      })
    }
    if (/\/index\.tsx?$/.test(path) && !/^kernel\/[^/]+\/index\.ts$/.test(path)) {
      findings.push({ at: path, message: 'is an index.ts outside the kernel: import the file itself' })
    }
  }
  return findings
}

/** Code that loads code by a computed name, another thread or another program cannot be followed: only those who start things may. */
// A password's hash and Cedar's parser have threads of their own: the one would stop everything else, the other can be broken by text.
const starters =
  /^(run|cli|tools|tests|deploy)\/|^kernel\/db\/embedded(\.ts|\/)|^kernel\/testing\/|\.test\.ts$|^services\/(identity\/passwords\/(threads|hash-thread)|policy\/language\/(threads|parser-thread))\.ts$/

export function checkEscapes(graph: Graph): Finding[] {
  const findings: Finding[] = []
  for (const [path, { escapes }] of graph.modules) {
    if (starters.test(path)) continue
    for (const { what, line } of escapes) {
      findings.push({
        at: `${path}:${line}`,
        message: `uses ${what}, by which anything could be reached: only run/, cli/, tools/, the embedded server, the threads that hash and those with Cedar's parser may`,
      })
    }
  }
  return findings
}

/** Time, chance and the environment are given to code, so that tests own them. Who may take them for itself, and why: */
const ambient: { what: string; found: (words: string) => boolean; allowed: RegExp }[] = [
  {
    what: 'the clock (Date.now, new Date())',
    found: (words) =>
      words.includes('Date . now') || words.includes('new Date ( )') || words.includes('new Date ;'),
    // kernel/context is where the clock comes from, and a log line says when it was written, whatever a test's clock shows.
    // A browser has no other clock; run/ stamps what it prints.
    allowed:
      /^(kernel\/(context|telemetry)|web\/ui\/dom|run|cli|deploy)\/|^web\/[^/]+\/([^/]*island[^/]*|main)\.tsx?$/,
  },
  {
    what: 'chance (Math.random, randomUUID, randomBytes, randomInt, getRandomValues)',
    found: (words) =>
      /Math \. random|\b(randomUUID|randomBytes|randomInt|randomFill|randomFillSync|getRandomValues)\b/.test(
        words,
      ),
    // Keys, nonces and blinding must be unpredictable whatever a test wants: so the cryptography takes it itself, as do the
    // passwords of the embedded server, and the browser that makes a ticket.
    allowed:
      /^kernel\/(context|crypto|tickets|db\/embedded)\/|^(run|cli|deploy|examples)\/|^web\/(collect|booth|verifier|admin)\//,
  },
  {
    what: 'the environment (process.env)',
    found: (words) => words.includes('process . env') || words.includes('process ? . env'),
    allowed: /^services\/[^/]+\/(main|cli)\.ts$|^(run|cli|deploy|examples)\/|^web\/[^/]+\/vite\.config\.ts$/,
  },
]

export function checkAmbient(graph: Graph): Finding[] {
  const findings: Finding[] = []
  for (const [path, { tokens }] of graph.modules) {
    if (isTest(path)) continue
    for (const [line, words] of byLine(tokens)) {
      for (const { what, found, allowed } of ambient) {
        if (found(words) && !allowed.test(path))
          findings.push({
            at: `${path}:${line}`,
            message: `takes ${what} for itself: ask for it by name, or say in tests/architecture/habits.ts why not`,
          })
      }
    }
  }
  return findings
}

function byLine(tokens: readonly { kind: string; text: string; line: number }[]) {
  const lines = new Map<number, string>()
  for (const { kind, text, line } of tokens) {
    lines.set(line, `${lines.get(line) ?? ''} ${kind === 'word' || kind === 'mark' ? text : "''"}`)
  }
  return lines
}

/** Where such a word means something else, or has to be said. */
const otherMeaning: { path: RegExp; word: RegExp }[] = [
  // The words of standards: a set and a JSON object have members, and Cedar calls `a.b` the access of a member.
  { path: /^kernel\/(authz\/|cedar\/|crypto\/canonical|http\/json)/, word: /^members?$/i },
  // Names that must never be logged.
  { path: /^kernel\/telemetry\/log\.ts$/, word: /./ },
  // The side of a ticket that its holder computes.
  { path: /^kernel\/tickets\//, word: /^voter$/i },
]

/** The two worlds have names, and each an origin; the kernel keeps them apart and so must say which is which. */
const worldNames = /\bballot[ _]?(url|origin|world)\b/gi

const domainWords = /(?<![a-z])(member|voter|election|ballot|kennitala)s?(?![a-z])/i

/**
 * The kernel has no word of our domain. `'person'` and `'ballot'` alone, as strings, are the names of the two worlds, which it
 * keeps apart. Comments may explain; tests may tell stories.
 */
export function checkKernelWords(graph: Graph, tree: Tree): Finding[] {
  const findings: Finding[] = []
  for (const [path, { tokens }] of graph.modules) {
    if (!path.startsWith('kernel/') || isTest(path)) continue
    for (const { text, kind, line } of tokens) {
      const isWorld = kind === 'string' && /^(person|ballot)$/.test(text)
      const word = isWorld ? undefined : domainWords.exec(apart(text).replaceAll(worldNames, ''))?.[0]
      if (word !== undefined && otherMeaning.some((other) => other.path.test(path) && other.word.test(word)))
        continue
      if (word !== undefined)
        findings.push({
          at: `${path}:${line}`,
          message: `says "${word}": the kernel knows no word of our domain`,
        })
    }
  }
  for (const [path, text] of tree) {
    if (!/^kernel\/.*\.sql$/.test(path)) continue
    const word = domainWords.exec(apart(text.replaceAll(/--.*/g, '')))?.[0]
    if (word !== undefined)
      findings.push({ at: path, message: `says "${word}": the kernel knows no word of our domain` })
  }
  return findings
}

/** `castBallot` and `cast_ballot` hold the word ballot; `remember` holds no member. */
const apart = (text: string) => text.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
