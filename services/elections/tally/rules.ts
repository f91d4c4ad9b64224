/** Nothing is opened before voting is over and the officer releases the key; then everything is, once, from the board. */
import { createECDH } from 'node:crypto'
import { fromBase64url, toBase64url } from '@althing/kernel/crypto'
import type { Atomically, Tx } from '@althing/kernel/service'
import type { z } from 'zod'
import { Manifest, type AdminElection, type ElectionId, type Result } from '../contract.ts'
import { isPublic, type Election } from '../record.ts'
import { countBoard } from './count.ts'
import { fault } from './faults.ts'
import { seedShape } from './seed.ts'

type Counted = z.output<typeof Result>

interface Elections {
  tallied(id: ElectionId, privateKey: string, result: Counted): Promise<Election | null>
}

export interface TallyParts {
  readonly elections: Elections
  readonly record: Tx['record']
  readonly changed: (election: Election) => Promise<void>
}

interface Needs {
  readonly atomically: Atomically<TallyParts>
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly present: (election: Election) => Promise<AdminElection>
  /** Puts the last ballots on the board. */
  readonly finish: (id: ElectionId) => Promise<void>
  /** All entries of a board that is closed and signed, or null. */
  readonly finalEntries: (id: ElectionId) => Promise<readonly string[] | null>
}

export function createTally({ atomically, find, present, finish, finalEntries }: Needs) {
  async function tally(id: ElectionId, privateKey: string, actor: string): Promise<AdminElection> {
    const election = await found(id)
    // A wrong key is refused before anything else happens; a right one that was released already changes nothing.
    if (!belongs(privateKey, election.sealingKey))
      throw fault.wrong_key(undefined, {
        fields: [{ pointer: '/private_key', message: 'Does not belong to the sealing key.' }],
      })
    if (['tallied', 'archived'].includes(election.status)) return present(election)
    if (election.status !== 'closed' || election.manifest === null) throw fault.not_countable()
    await finish(id)
    const entries = await finalEntries(id)
    if (entries === null) throw fault.board_not_ready(undefined, { retryAfterSeconds: 2 })
    const manifest = Manifest.parse(JSON.parse(election.manifest))
    const result = await countBoard(manifest, election.manifest, entries, fromBase64url(privateKey))
    return present(await settle(id, privateKey, result, actor))
  }

  async function settle(
    id: ElectionId,
    privateKey: string,
    result: Counted,
    actor: string,
  ): Promise<Election> {
    return atomically(async ({ elections, record, changed }) => {
      const after = await elections.tallied(id, privateKey, result)
      if (after === null) return found(id) // Somebody released the same key at the same moment.
      await record({ action: 'elections.tallied', actor, target: { type: 'Election', id }, outcome: 'done' })
      await changed(after)
      return after
    })
  }

  async function found(id: ElectionId): Promise<Election> {
    const election = await find(id)
    if (election === null) throw fault.not_found()
    return election
  }

  const officerResults = async (id: ElectionId) => {
    const election = await found(id)
    return seedShape(election, resultOf(election))
  }

  async function publicResults(id: ElectionId): Promise<Counted> {
    const election = await find(id)
    if (election === null || !isPublic(election)) throw fault.not_found()
    return resultOf(election)
  }

  return { tally, officerResults, publicResults }
}
export type Tally = ReturnType<typeof createTally>

function resultOf({ status, result }: Election): Counted {
  if (result !== null) return result
  throw status === 'closed' ? fault.key_not_released() : fault.not_closed()
}

/** Whether the scalar's point is the key in the manifest; on OpenSSL, whose arithmetic tells nothing by its time. */
function belongs(privateKey: string, sealingKey: string | null): boolean {
  const pair = createECDH('prime256v1')
  try {
    pair.setPrivateKey(fromBase64url(privateKey))
    return toBase64url(new Uint8Array(pair.getPublicKey())) === sealingKey
  } catch {
    return false
  }
}
