import type { Graph, Tree } from '../../tools/source/tree.ts'
import type { Finding } from './finding.ts'

export interface Table {
  name: string
  path: string
  columns: string[]
  isNew: boolean
}

const created = /create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"?([a-z_][a-z0-9_]*)"?\s*\(/gi
const altered = /alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?"?([a-z_][a-z0-9_]*)"?([^;]*)/gi

/** Tables and the columns they are made of, later additions included. */
export function readTables(tree: Tree): Table[] {
  const tables: Table[] = []
  for (const [path, text] of tree) {
    if (!path.endsWith('.sql')) continue
    const sql = text.replaceAll(/--.*/g, '').replaceAll(/\/\*[^]*?\*\//g, '')
    for (const match of sql.matchAll(created)) {
      tables.push({
        name: match[1] ?? '',
        path,
        columns: splitColumns(sql.slice(match.index + match[0].length)),
        isNew: true,
      })
    }
    for (const [, name = '', change = ''] of sql.matchAll(altered)) {
      const columns = change
        .split(/add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?|alter\s+(?:column\s+)?/i)
        .slice(1)
      tables.push({ name, path, columns: columns.map((column) => column.trim()), isNew: false })
    }
  }
  return tables
}

/** By commas at the level of the table's own parentheses. */
function splitColumns(text: string) {
  const columns = ['']
  let depth = 0
  for (const char of text) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    if (depth < 0) break
    if (char === ',' && depth === 0) columns.push('')
    else columns[columns.length - 1] += char
  }
  return columns.map((column) => column.trim().replaceAll(/\s+/g, ' ')).filter((column) => column !== '')
}

/** One table has one owner: the store that names it. Who needs its rows asks the owner's feature. */
export function checkOwners(tree: Tree, graph: Graph): Finding[] {
  const tables = readTables(tree)
  const findings: Finding[] = []
  for (const service of new Set(tables.map(({ path }) => ownerFolder(path)))) {
    const names = new Set(tables.filter(({ path }) => ownerFolder(path) === service).map(({ name }) => name))
    const owners = new Map<string, string>()
    for (const [path, { tokens }] of graph.modules) {
      if (!path.startsWith(`${service}/`) || !/(^|[/-])store\.ts$/.test(path)) continue
      for (const name of namedTables(tokens)) {
        if (!names.has(name)) continue
        const owner = owners.get(name) ?? path
        if (owner !== path)
          findings.push({
            at: path,
            message: `names the table ${name}, which ${owner} owns: ask that feature for a function`,
          })
        owners.set(name, owner)
      }
    }
  }
  return [...findings, ...twice(tables)]
}

/** The kernel's tables live in every service's database, so their names are taken there. */
function twice(tables: readonly Table[]): Finding[] {
  const made = tables.filter(({ isNew }) => isNew)
  return made.flatMap(({ name, path }, index) => {
    const sharesDatabase = (other: Table) =>
      other.path.startsWith('kernel/') ||
      path.startsWith('kernel/') ||
      ownerFolder(other.path) === ownerFolder(path)
    const before = made.slice(0, index).find((other) => other.name === name && sharesDatabase(other))
    return before === undefined
      ? []
      : [{ at: path, message: `makes the table ${name}, which ${before.path} makes too` }]
  })
}

const ownerFolder = (path: string) => path.split('/').slice(0, 2).join('/')

function namedTables(tokens: readonly { kind: string; text: string }[]) {
  const named = new Set<string>()
  for (const { kind, text } of tokens) {
    if (kind !== 'string' && kind !== 'template') continue
    for (const [, name = ''] of text.matchAll(
      /\b(?:from|join|into|update|table|truncate)\s+(?:only\s+)?"?([a-z_][a-z0-9_]*)/gi,
    ))
      named.add(name)
  }
  return named
}

const orders =
  /\b(timestamptz?|date|time|interval|serial|bigserial|smallserial|serial[248])\b|generated\s+(always|by default)\s+as\s+identity|nextval|uuidv7|\bnow\s*\(|current_(timestamp|date)|clock_timestamp|txid|xid/i

/** Nothing beside a ballot tells when it came, or after which: no time, no counter, no id that grows. */
export function checkBallotBox(tree: Tree): Finding[] {
  const findings: Finding[] = []
  for (const { name, path, columns } of readTables(tree)) {
    if (!path.startsWith('services/elections/') || !/^(ballot|board)/.test(name)) continue
    for (const column of columns) {
      // `seq` is the voter's own count of re-votes and part of what they signed: it is no order among ballots.
      const [said] = orders.exec(column) ?? []
      if (said !== undefined)
        findings.push({
          at: path,
          message: `${name}.${column.split(' ')[0]} (${said.trim()}) would tell when a ballot came, or after which: nothing beside a ballot may`,
        })
    }
  }
  return findings
}
