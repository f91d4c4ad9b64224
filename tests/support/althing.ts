/** The whole of Althing as `npm start` runs it, in a folder and on ports of its own: for journeys, faults and benchmarks. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../run/ports.ts'
import { inherited } from './inherited.ts'

export interface Althing {
  readonly url: string
  readonly ballotUrl: string
  readonly managementUrl: string
  readonly eidUrl: string
  readonly folder: string
  readonly process: ChildProcess
  /** Seconds from the start of the process to its word that it is ready. */
  readonly startedInSeconds: number
  /** Everything it has written so far. */
  output(): string
  /** SIGTERM and wait. */
  stop(): Promise<number | null>
  /** SIGKILL: what a power cut is to a process. */
  kill(): Promise<void>
  /** Stops and removes the folder. */
  remove(): Promise<void>
}

interface Options {
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
  /** Keep the ports of an earlier one: addresses are part of what is stored. */
  readonly like?: Pick<Althing, 'url' | 'ballotUrl' | 'managementUrl' | 'eidUrl'>
}

export async function startAlthing({
  folder = mkdtempSync(join(tmpdir(), 'althing-')),
  env = {},
  like,
}: Options = {}): Promise<Althing> {
  const [a, b, c, d] = await freePorts(4)
  const at = like ?? {
    url: `http://localhost:${a}`,
    ballotUrl: `http://localhost:${b}`,
    managementUrl: `http://127.0.0.1:${c}`,
    eidUrl: `http://localhost:${d}`,
  }
  const began = performance.now()
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../../run/all.ts', import.meta.url))],
    {
      env: {
        ...inherited(),
        ALTHING_DATA: folder,
        ALTHING_URL: at.url,
        ALTHING_BALLOT_URL: at.ballotUrl,
        ALTHING_MANAGEMENT_URL: at.managementUrl,
        ALTHING_DEMO_EID_URL: at.eidUrl,
        // Who needs five hundred says so: each costs the start some milliseconds.
        ALTHING_DEMO_MEMBERS: '60',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let written = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      written += chunk.toString('utf8')
      if (written.includes('Althing is ready')) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    void ended.then((code) =>
      reject(new Error(`Althing ended with ${code} before it was ready:\n${written}`)),
    )
    setTimeout(() => reject(new Error(`Althing was not ready in 120 s:\n${written}`)), 120_000).unref()
  })
  await ready
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    return ended
  }
  return {
    ...at,
    folder,
    process: child,
    startedInSeconds: (performance.now() - began) / 1000,
    output: () => written,
    stop,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
