import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
  readonly pid: number

  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${pid}. Stop that one first, or choose another folder by ALTHING_DATA.`,
    )
    this.pid = pid
  }
}

/**
 * One process per data folder. The file names the process and when it was born, so that after a crash a stranger who was
 * given the same number is not taken for it. Answers how to let go.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'althing.lock')
  const mine = `${process.pid} ${born(process.pid)}`
  for (;;) {
    if (create(path, mine)) break
    const holder = read(path)
    if (isAlive(holder)) throw new FolderInUse(folder, Number(holder.split(' ')[0]))
    discard(path, holder)
  }
  return () => {
    if (read(path) === mine) rmSync(path, { force: true })
  }
}

/** Written aside and linked into place: nobody ever reads half a line, and only one link succeeds. */
function create(path: string, mine: string) {
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, mine, { mode: 0o644 })
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** Takes a dead one's file away by renaming it: of several who saw it dead, one gets it. What was alive after all goes back. */
function discard(path: string, holder: string) {
  const taken = `${path}.${process.pid}.old`
  try {
    renameSync(path, taken)
    if (read(taken) !== holder) linkSync(taken, path)
  } catch {
    // Somebody else was faster.
  }
  rmSync(taken, { force: true })
}

function read(path: string) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isAlive(holder: string) {
  const pid = Number(holder.split(' ')[0])
  if (!Number.isInteger(pid) || pid <= 0) return false
  return isRunning(pid) && `${pid} ${born(pid)}` === holder
}

export function isRunning(pid: number) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Start time in ticks since boot, field 22 of /proc/<pid>/stat; where there is no /proc the number alone must do. */
function born(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
