/** Everything that fixes an election before its first ticket, as one signed text. */
import { canonicalJson, sha256, toBase64url, type SigningKey } from '@althing/kernel/crypto'
import { signNote } from '@althing/kernel/merkle'
import { boardOrigin, Manifest, manifestInput, paddedBytesFor, type Issuance } from '../contract.ts'
import type { Election } from '../record.ts'

export interface ManifestNeeds {
  readonly ballotUrl: string
  readonly organisation: string
  readonly minClass: number
  readonly key: SigningKey
}

type Ready = Extract<Issuance, { kind: 'ready' }>

export async function makeManifest(
  election: Election,
  { roll_root, slots }: Ready,
  { ballotUrl, organisation, minClass, key }: ManifestNeeds,
) {
  const value = Manifest.parse({
    version: 'althing/manifest/v1',
    election: election.id,
    origin: ballotUrl,
    organisation,
    title: election.title,
    slots: slots.map(({ id, classes }) => ({ id, classes, questions: election.questions })),
    opens_at: election.scheduledStart?.toISOString() ?? null,
    closes_at: election.scheduledEnd?.toISOString() ?? null,
    counting_rule: 'plurality/v1',
    revoting: 'highest-sequence-counts',
    sealing_key: election.sealingKey,
    padded_bytes: paddedBytesFor(election.questions),
    roll_root,
    log_key: toBase64url(key.publicKey),
    min_class: minClass,
  })
  const manifest = canonicalJson(value)
  const hash = toBase64url(sha256(manifestInput(manifest)))
  const signer = { name: boardOrigin(new URL(ballotUrl).host, election.id), ...key }
  const note = await signNote(`althing/manifest/v1\n${election.id}\n${hash}\n`, signer)
  const entitled = slots.flatMap(({ classes }) => classes).reduce((sum, one) => sum + one.entitled, 0)
  return { value, manifest, hash, note, entitled }
}

/** The board's first entry. */
export const manifestEntry = (manifest: Manifest): string => canonicalJson({ type: 'manifest', manifest })
