import { readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { readModule, type Import, type Module } from './module.ts'

/** The text of every file that matters, by its path from the root. Read from disk, or made up by a test. */
export type Tree = ReadonlyMap<string, string>

const skipped = new Set(['node_modules', 'dist', 'data', '.git', 'vectors', 'results'])
const folders = ['kernel', 'services', 'web', 'cli', 'run', 'deploy', 'tests', 'tools', 'examples']

export function readTree(root: string): Tree {
  const tree = new Map<string, string>()
  for (const folder of folders) collect(root, folder, tree)
  return tree
}

function collect(root: string, folder: string, tree: Map<string, string>) {
  let entries
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch {
    return
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory() && !skipped.has(entry.name)) collect(root, path, tree)
    else if (entry.isFile() && /\.(ts|tsx|mjs|js|sql)$|^package\.json$/.test(entry.name)) {
      tree.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
}

export interface Edge extends Import {
  /** A path of the tree, `npm:name`, `node:name`, or `?specifier` when nothing is there. */
  to: string
}

export interface Graph {
  modules: ReadonlyMap<string, Module>
  edges: ReadonlyMap<string, readonly Edge[]>
}

export function readGraph(tree: Tree): Graph {
  const packages = readPackages(tree)
  const modules = new Map<string, Module>()
  const edges = new Map<string, Edge[]>()
  for (const [path, text] of tree) {
    if (!/\.(ts|tsx|mjs|js)$/.test(path)) continue
    const module = readModule(text)
    modules.set(path, module)
    edges.set(
      path,
      module.imports.map((one) => ({ ...one, to: resolve(path, one.specifier, tree, packages) })),
    )
  }
  return { modules, edges }
}

interface Package {
  folder: string
  exports: Record<string, string>
}

function readPackages(tree: Tree) {
  const packages = new Map<string, Package>()
  for (const [path, text] of tree) {
    if (!path.endsWith('/package.json')) continue
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, string> }
    packages.set(name, { folder: posix.dirname(path), exports })
  }
  return packages
}

function resolve(from: string, specifier: string, tree: Tree, packages: ReadonlyMap<string, Package>) {
  if (specifier.startsWith('.')) return onDisk(posix.join(posix.dirname(from), specifier), specifier, tree)
  if (specifier.startsWith('node:')) return specifier
  // Files by address, and a package's private names: nobody here needs them.
  if (/^(#|\/|\w+:)/.test(specifier)) return `?${specifier}`
  const [name, rest] = splitName(specifier)
  const found = packages.get(name)
  if (found === undefined) return `npm:${name}`
  const target = exported(found, rest === '' ? '.' : `./${rest}`)
  return target === undefined ? `?${specifier}` : onDisk(posix.join(found.folder, target), specifier, tree)
}

/** `a.js` may stand for `a.ts` elsewhere; here paths are written as they are, and only files of code are followed. */
function onDisk(path: string, specifier: string, tree: Tree) {
  if (tree.has(path)) return path
  return /\.(ts|tsx|mjs|js)$/.test(path) || !/\.\w+$/.test(path) ? `?${specifier}` : `asset:${path}`
}

function splitName(specifier: string): [string, string] {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')]
}

function exported({ exports }: Package, wanted: string) {
  for (const [pattern, target] of Object.entries(exports)) {
    const [before = '', after] = pattern.split('*')
    if (after === undefined) {
      if (pattern === wanted) return target
    } else if (
      wanted.startsWith(before) &&
      wanted.endsWith(after) &&
      wanted.length > before.length + after.length
    ) {
      return target.replace('*', wanted.slice(before.length, wanted.length - after.length))
    }
  }
  return undefined
}

/** The shortest way from a file to one that `isGoal`, the file itself included. */
export function shortestPath(
  graph: Graph,
  from: string,
  isGoal: (path: string) => boolean,
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  for (const path of cameFrom.keys()) {
    if (isGoal(path)) return walkBack(cameFrom, path)
    for (const { to } of graph.edges.get(path) ?? []) if (!cameFrom.has(to)) cameFrom.set(to, path)
  }
  return undefined
}

function walkBack(cameFrom: ReadonlyMap<string, string | undefined>, goal: string) {
  const path: string[] = []
  for (let at: string | undefined = goal; at !== undefined; at = cameFrom.get(at)) path.unshift(at)
  return path
}

/** Every circle of imports once, as the way around it. */
export function circles(graph: Graph): string[][] {
  const found = new Map<string, string[]>()
  for (const [path, edges] of graph.edges) {
    for (const { to } of edges) {
      if (!graph.edges.has(to)) continue
      const back = shortestPath(graph, to, (at) => at === path)
      if (back !== undefined)
        found.set([...back].sort().join(' '), to === path ? [path, path] : [path, ...back])
    }
  }
  return [...found.values()]
}
