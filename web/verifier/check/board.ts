/** The manifest, the board that begins with it, and the signature over both: what was promised and what was put in the box. */
import { canonical, framed, same, sha256, toB64u, type Bytes } from './bytes.ts'
import { leafOf, openNote, readHead, rootOf } from './log.ts'
import { readBallotEntry, type Bundle, type Cast, type Manifest } from './shapes.ts'
import { bytesOf, must, pointOf } from './step.ts'

export interface Ballot {
  /** Its place on the board. */
  readonly at: number
  readonly leaf: string
  readonly cast: Cast
  readonly bytes: { readonly [name in 'otk' | 'prefix' | 'ticket' | 'enc' | 'ct' | 'sig']: Bytes }
  readonly nullifier: Bytes
}

/** Name of the board and of its key. */
export const originOf = ({ origin, election }: Manifest) => `${new URL(origin).host}/board/${election}`

export const logKeyOf = ({ logKey }: Manifest) => bytesOf(logKey, 32, 'the log key')

export async function checkManifest(bundle: Bundle, manifest: Manifest): Promise<readonly [Bytes, string]> {
  const hash = await sha256(framed('althing/manifest/v1', bundle.manifest))
  const text = await openNote(bundle.manifestNote, originOf(manifest), logKeyOf(manifest))
  must(text !== null, 'the manifest is not signed by the key of its log')
  must(
    text === `althing/manifest/v1\n${manifest.election}\n${toB64u(hash)}\n`,
    'the signature is over another manifest',
  )
  return [hash, `hash ${toB64u(hash)}`]
}

export async function checkBoard(
  { entries, manifest: manifestText }: Bundle,
  { election }: Manifest,
): Promise<readonly [{ leaves: Bytes[]; ballots: Ballot[] }, string]> {
  must(entries.length >= 2, 'the board has no end')
  must(entries[0] === `{"manifest":${manifestText},"type":"manifest"}`, 'the first entry is not the manifest')
  const close = canonical({ type: 'close', election, ballots: entries.length - 2 })
  must(entries.at(-1) === close, 'the last entry does not close this board with the right number of ballots')
  const leaves = await Promise.all(entries.map(leafOf))
  const ballots = await Promise.all(
    entries
      .slice(1, -1)
      .map((entry, index) => readBallot(entry, index + 1, toB64u(leaves[index + 1] as Bytes))),
  )
  checkPlaces(ballots)
  return [{ leaves, ballots }, `${ballots.length} ballots between manifest and close`]
}

/** A one-time key has each number once, and one place to vote in. */
function checkPlaces(ballots: readonly Ballot[]): void {
  const seen = new Map<string, string>()
  for (const { cast, at } of ballots) {
    const ballot = `${cast.otk} ${cast.seq}`
    const place = `${cast.slot} ${cast.class}`
    must(!seen.has(ballot), `entry ${at}: a one-time key has two ballots with the same number`)
    must((seen.get(cast.otk) ?? place) === place, `entry ${at}: a one-time key is used in two places`)
    seen.set(ballot, place).set(cast.otk, place)
  }
}

async function readBallot(entry: string, at: number, leaf: string): Promise<Ballot> {
  const cast = readBallotEntry(entry, `entry ${at}`)
  const read = (name: keyof Ballot['bytes'], size: number | null) =>
    bytesOf(cast[name], size, `entry ${at}, ${name}`)
  const bytes = {
    otk: pointOf(cast.otk, `entry ${at}, otk`),
    prefix: read('prefix', 32),
    ticket: read('ticket', 384),
    enc: pointOf(cast.enc, `entry ${at}, enc`),
    ct: read('ct', null),
    sig: read('sig', 64),
  }
  return { at, leaf, cast, bytes, nullifier: await sha256(bytes.otk) }
}

export async function checkCheckpoint(
  { checkpoint }: Bundle,
  manifest: Manifest,
  leaves: readonly Bytes[],
): Promise<readonly [null, string]> {
  const origin = originOf(manifest)
  const text = await openNote(checkpoint, origin, logKeyOf(manifest))
  must(text !== null, 'the checkpoint is not signed by the key of the log')
  const head = readHead(text, origin)
  must(head !== null, 'the checkpoint is of another log')
  must(
    head.size === leaves.length,
    `the checkpoint speaks of ${head.size} entries, the bundle has ${leaves.length}`,
  )
  must(same(head.root, await rootOf(leaves)), 'the entries do not give the root that was signed')
  return [null, `${head.size} entries under the signed root`]
}
