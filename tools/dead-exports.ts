import { fileURLToPath } from 'node:url'
import { readGraph, readTree, type Graph } from './source/tree.ts'

/**
 * Names that are exported and that nobody imports. Types are not looked at: they are often there for the reader of a signature.
 * Doors are not either: what others than these sources call by file name, and what a part of the kernel offers to all.
 */
const doors = [
  /^(tests|tools|run|deploy)\//,
  /^kernel\/[^/]+\/index\.ts$/,
  /^services\/[^/]+\/(main|service|contract|cli|config)\.ts$/,
  /^web\/[^/]+\/(main|[^/]*island[^/]*)\.tsx?$/,
  /^web\/ui\//,
  /^cli\//,
  /\.(test|config)\.ts$/,
  /\/conformance\.ts$/,
]

export function deadExports(graph: Graph): string[] {
  const used = new Map<string, Set<string>>()
  for (const edges of graph.edges.values()) {
    for (const { to, names } of edges)
      for (const name of names) used.set(to, (used.get(to) ?? new Set()).add(name))
  }
  const dead: string[] = []
  for (const [path, { exports }] of graph.modules) {
    const names = used.get(path)
    if (doors.some((door) => door.test(path)) || names?.has('*') === true) continue
    for (const { name, line, isType } of exports) {
      if (!isType && name !== '*' && names?.has(name) !== true)
        dead.push(`${path}:${line} exports ${name}, which nobody imports`)
    }
  }
  return dead
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dead = deadExports(readGraph(readTree(fileURLToPath(new URL('..', import.meta.url)))))
  for (const line of dead) console.log(`${line}. Remove the word export, or what it exports.`)
  process.exitCode = dead.length === 0 ? 0 : 1
}
