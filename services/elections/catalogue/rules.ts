/** How an election looks: to everybody once its manifest is published, to officers always. Drafts and hidden ones exist for officers only. */
import type { Clock } from '@althing/kernel/context'
import { fromBase64url } from '@althing/kernel/crypto'
import type { z } from 'zod'
import {
  Manifest,
  words,
  type AdminElection,
  type ElectionId,
  type PublicElection,
  type SignedManifest,
  type Turnout,
} from '../contract.ts'
import { briefly } from '../brief.ts'
import { isPublic, type Election } from '../record.ts'
import { fault } from './faults.ts'

interface Needs {
  readonly clock: Clock
  readonly find: (id: ElectionId) => Promise<Election | null>
  readonly listPublic: (limit: number) => Promise<Election[]>
  readonly turnout: (id: ElectionId, entitled: number | null) => Promise<z.output<typeof Turnout>>
}

const longestList = 200
/** Everybody looks at the list, often at once. Whether one may vote is never read from it. */
const listKeptMs = 2_000

export function createCatalogue({ clock, find, listPublic, turnout }: Needs) {
  const forOfficers = async (election: Election): Promise<AdminElection> => ({
    id: election.id,
    title: election.title,
    description: election.description,
    questions: election.questions,
    eligibility: election.eligibility,
    status: election.status,
    hidden: election.hidden,
    publication: election.publication,
    publication_problem: election.publicationProblem,
    sealing_key: election.sealingKey,
    scheduled_start: instant(election.scheduledStart),
    scheduled_end: instant(election.scheduledEnd),
    published_at: instant(election.publishedAt),
    opened_at: instant(election.openedAt),
    closed_at: instant(election.closedAt),
    created_at: election.createdAt.toISOString(),
    fingerprint: election.manifestHash === null ? null : words(fromBase64url(election.manifestHash), 6),
    turnout: await turnout(election.id, election.entitled),
  })

  const forEverybody = async (election: Election): Promise<z.output<typeof PublicElection>> => ({
    id: election.id,
    title: election.title,
    description: election.description,
    status: election.status,
    scheduled_start: instant(election.scheduledStart),
    scheduled_end: instant(election.scheduledEnd),
    server_time: election.now.toISOString(),
    turnout: await turnout(election.id, election.entitled),
  })

  async function known(id: ElectionId): Promise<Election> {
    const election = await find(id)
    if (election === null || !isPublic(election)) throw fault.unknown()
    return election
  }

  async function manifest(id: ElectionId): Promise<z.output<typeof SignedManifest>> {
    const { manifest: text, manifestHash, manifestNote } = await known(id)
    if (text === null || manifestHash === null || manifestNote === null) throw fault.unknown()
    return { manifest: Manifest.parse(JSON.parse(text)), hash: manifestHash, note: manifestNote }
  }

  return {
    forOfficers,
    list: briefly(clock, listKeptMs, async () => ({
      elections: await Promise.all((await listPublic(longestList)).map(forEverybody)),
    })),
    show: async (id: ElectionId) => forEverybody(await known(id)),
    manifest,
  }
}
export type Catalogue = ReturnType<typeof createCatalogue>

const instant = (date: Date | null): string | null => date?.toISOString() ?? null
