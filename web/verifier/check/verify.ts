/**
 * Checks a bundle from the first byte to the last, without a server and without believing anybody: manifest, board, log, tickets,
 * key, seals, count. Every step says what it found; the first that fails says where, and the rest is not looked at.
 */
import { toB64u, words, type Bytes } from './bytes.ts'
import { checkBoard, checkCheckpoint, checkManifest, type Ballot } from './board.ts'
import { checkKey, checkResult, type Outcome } from './result.ts'
import { readBundle, readManifest, type Bundle, type Manifest } from './shapes.ts'
import { Failed, Unable, type Progress, type Step, type StepName } from './step.ts'
import { checkIssued, checkTickets } from './tickets.ts'

export const stepNames = [
  'readable',
  'manifest',
  'board',
  'checkpoint',
  'tickets',
  'issued',
  'key',
  'result',
] as const satisfies readonly StepName[]

export interface Verdict {
  /** Every step was taken and none failed. */
  readonly ok: boolean
  readonly steps: readonly Step[]
  /** There when the manifest could be read; proven only when its step holds. */
  readonly manifest: Manifest | null
  readonly manifestHash: string | null
  /** To be compared with the words that were shown before and during the vote: whoever made up everything has others. */
  readonly fingerprint: readonly string[] | null
  /** Our own count; there when everything held. */
  readonly outcome: Outcome | null
  /** Every ballot by its leaf; there when everything held. */
  readonly places: ReadonlyMap<string, Place> | null
}

export interface Place {
  readonly at: number
  readonly state: 'counted' | 'replaced' | 'invalid'
}

interface Found {
  readonly bundle?: Bundle
  readonly manifest?: Manifest
  readonly hash?: Bytes
  readonly ballots?: readonly Ballot[]
  readonly outcome?: Outcome
}

/** @param progress hears how much is done: a large election takes a while */
export async function verifyBundle(file: Uint8Array, progress: Progress = () => {}): Promise<Verdict> {
  const steps: Step[] = []
  const found = await walk(file, progress, steps)
  const { manifest, hash, ballots, outcome } = found
  return {
    ok: outcome !== undefined,
    steps,
    manifest: manifest ?? null,
    manifestHash: hash === undefined ? null : toB64u(hash),
    fingerprint: hash === undefined ? null : words(hash, 6),
    outcome: outcome ?? null,
    places: outcome === undefined || ballots === undefined ? null : placesOf(ballots, outcome),
  }
}

async function walk(file: Uint8Array, progress: Progress, steps: Step[]): Promise<Found> {
  let found: Found = {}
  const step = createStep(steps)
  try {
    const { bundle, manifest } = await step('readable', () => readAll(file))
    found = { bundle, manifest }
    const hash = await step('manifest', () => checkManifest(bundle, manifest))
    found = { ...found, hash }
    const { leaves, ballots } = await step('board', () => checkBoard(bundle, manifest))
    await step('checkpoint', () => checkCheckpoint(bundle, manifest, leaves))
    // Opening a ballot takes about as long as checking its signatures.
    const of = ballots.length * 2
    await step('tickets', () => checkTickets(ballots, manifest, hash, (done) => progress(done, of)))
    await step('issued', () => checkIssued(bundle, manifest, ballots))
    const opener = await step('key', () => checkKey(bundle, manifest, hash))
    const later = (done: number) => progress(ballots.length + done, of)
    const outcome = await step('result', () => checkResult({ bundle, manifest, ballots }, opener, later))
    return { ...found, ballots, outcome }
  } catch (error) {
    if (error instanceof Stopped) return found
    throw error
  }
}

class Stopped extends Error {}

type Said<T> = readonly [value: T, detail: string, outcome?: Step['outcome']]

/** Takes a step and writes down how it went. */
function createStep(steps: Step[]) {
  return async function step<T>(name: StepName, work: () => Said<T> | Promise<Said<T>>): Promise<T> {
    try {
      const [value, detail, outcome = 'holds'] = await work()
      steps.push({ name, outcome, detail })
      return value
    } catch (error) {
      steps.push({ name, outcome: error instanceof Unable ? 'unable' : 'fails', detail: said(error) })
      throw new Stopped()
    }
  }
}

/** What nobody foresaw is no proof either. */
const said = (error: unknown): string =>
  error instanceof Failed || error instanceof Unable
    ? error.message
    : `this could not be checked (${String(error)})`

function readAll(file: Uint8Array): Said<{ bundle: Bundle; manifest: Manifest }> {
  const bundle = readBundle(file)
  const manifest = readManifest(bundle.manifest)
  return [{ bundle, manifest }, `${file.length} bytes, ${bundle.entries.length} entries`]
}

function placesOf(ballots: readonly Ballot[], { invalid }: Outcome): Map<string, Place> {
  const highest = new Map<string, number>()
  for (const { cast } of ballots) highest.set(cast.otk, Math.max(cast.seq, highest.get(cast.otk) ?? 0))
  const notValid = new Set(invalid.map(({ leaf }) => leaf))
  return new Map(
    ballots.map(({ leaf, at, cast }) => {
      const isLast = highest.get(cast.otk) === cast.seq
      return [leaf, { at, state: !isLast ? 'replaced' : notValid.has(leaf) ? 'invalid' : 'counted' }]
    }),
  )
}
