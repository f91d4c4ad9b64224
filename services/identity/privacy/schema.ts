import { z } from 'zod'
import { written } from '../contract.ts'

/** One row of data_export, without the archive. */
export const Export = z.object({
  id: z.string(),
  account: z.string(),
  state: z.enum(['waiting', 'ready', 'failed']),
  /** Of how many services the answer is there. */
  done: z.int(),
  parts: z.int(),
  askedAt: z.date(),
  readyAt: z.date().nullable(),
  endsAt: z.date(),
  /** How long the passphrase may be looked at again; null: not at all. */
  shownUntil: z.date().nullable(),
})
export type Export = z.output<typeof Export>

/** One row of erasure. */
export const Erasure = z.object({
  id: z.string(),
  person: z.string(),
  state: z.enum(['waiting', 'cancelled', 'erasing', 'done']),
  askedBy: z.string(),
  reason: z.string().nullable(),
  askedAt: z.date(),
  dueAt: z.date(),
  endedAt: z.date().nullable(),
})
export type Erasure = z.output<typeof Erasure>

/** A service that was told, and when it confirmed. */
export const ErasurePart = z.object({ service: z.string(), confirmedAt: z.date().nullable() })
export type ErasurePart = z.output<typeof ErasurePart>

export const NothingForm = z.strictObject({})
export const ExportForm = z.strictObject({ id: z.string().max(100) })
export const PhraseForm = z.strictObject({ phrase: written(10_000) })

/** What the queue carries: an id. */
export const Making = z.object({ id: z.string() })
export const Telling = z.object({ person: z.string(), what: z.enum(['asked', 'cancelled', 'ready']) })
export type What = z.output<typeof Telling>['what']

/** What is typed to be sure, in the person's language; capitals do not matter. */
export const phrases = { is: 'EYÐA AÐGANGINUM MÍNUM', en: 'DELETE MY ACCOUNT' } as const

/** Either says the same, whichever language the page was read in. */
export function isPhrase(typed: string): boolean {
  const said = typed.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLocaleUpperCase('is')
  return Object.values(phrases).some((phrase) => phrase === said)
}
