/** How much memory the whole of it takes when nobody does anything: the one process, and PostgreSQL with its children. */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { startAlthing } from '../support/althing.ts'

const settleSeconds = 20

export async function idle() {
  const first = await startAlthing({ env: { ALTHING_DEMO_MEMBERS: '500' } })
  await first.stop()
  // The second start: no seeding, warm compile cache, as on any later day.
  const althing = await startAlthing({
    folder: first.folder,
    like: first,
    env: { ALTHING_DEMO_MEMBERS: '500' },
  })
  try {
    await pause(settleSeconds * 1000)
    const node = proportionalKb(althing.process.pid ?? 0)
    const database = descendants(althing.process.pid ?? 0).map(proportionalKb)
    const databaseKb = database.reduce((sum, one) => sum + one, 0)
    return {
      nodeMb: mb(node),
      postgresMb: mb(databaseKb),
      postgresProcesses: database.length,
      allMb: mb(node + databaseKb),
      limitNodeMb: 260,
      limitAllMb: 400,
      firstStartSeconds: round(first.startedInSeconds),
      laterStartSeconds: round(althing.startedInSeconds),
    }
  } finally {
    await althing.remove()
  }
}

/** Proportional set size: shared pages are counted once over all processes, so that the sum is what the machine gives. */
function proportionalKb(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0)
}

function descendants(pid: number): number[] {
  const parents = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? [[Number(name), parentOf(name)] as const] : [],
  )
  const below = (one: number): number[] =>
    parents.flatMap(([child, parent]) => (parent === one ? [child, ...below(child)] : []))
  return below(pid)
}

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0 // It ended while we looked.
  }
}

const mb = (kb: number) => Math.round(kb / 1024)
const round = (seconds: number) => Math.round(seconds * 10) / 10
