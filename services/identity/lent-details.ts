/** What letters say of overrides and of emergency access, as it stands in the queue between the fact and the letter. */
import { ActionWords } from '@althing/policy/contract'
import { z } from 'zod'
import { personIn } from './actors.ts'

/** Whoever did it, as a letter names them: whom it is written about, somebody, or whoever has the machine in hand; `roles`: nobody, it went with their roles. */
const By = z.object({ is: z.enum(['themselves', 'somebody', 'machine', 'roles']), name: z.string() })
export type By = z.output<typeof By>

const OverrideDetail = z.object({
  id: z.string(),
  until: z.string(),
  decideBy: z.string().nullable(),
  /** The first of them. */
  actions: z.array(z.string()),
  /** What they are in words, as policy says it; an identity of the version before does not. */
  words: ActionWords.default({}),
  more: z.int(),
  /** Null: on all. */
  on: z.string().nullable(),
  /** `other`: an organisation's own, whose kind stands in its name. */
  kind: z.enum(['election', 'account', 'other']).default('other'),
  /** For whoever may not look in the console: who did it and what they wrote. */
  answer: z.object({ by: By, why: z.string() }).nullable(),
})
export type OverrideDetail = z.output<typeof OverrideDetail>

const EmergencyDetail = z.object({
  id: z.string(),
  role: z.string(),
  /** Whose it is. */
  name: z.string(),
  until: z.string().nullable(),
  decideBy: z.string().nullable(),
  by: By,
})
export type EmergencyDetail = z.output<typeof EmergencyDetail>

export const overrideDetail = (detail: OverrideDetail): string => JSON.stringify(detail)
export const emergencyDetail = (detail: EmergencyDetail): string =>
  JSON.stringify({ ...detail, name: inOneLine(detail.name, mostName) })

/** Of a person, as a letter names them. */
const mostName = 200

export function overrideIn(text: string): OverrideDetail {
  if (text.startsWith('{')) return OverrideDetail.parse(JSON.parse(text))
  // From a node of the version before, in lines.
  const [until = '', id = ''] = text.split('\n')
  return { id, until, decideBy: null, actions: [], words: {}, more: 0, on: null, kind: 'other', answer: null }
}

export function emergencyIn(text: string): EmergencyDetail {
  if (text.startsWith('{')) return EmergencyDetail.parse(JSON.parse(text))
  const [role = '', until = '', name = ''] = text.split('\n')
  return { id: '', role, name, until, decideBy: null, by: { is: 'somebody', name: '' } }
}

/** Whoever is gone by now was somebody: only what no person has done was done at the machine. */
export async function namedBy(
  actor: string,
  nameOf: (account: string) => Promise<string | null>,
): Promise<By> {
  const account = personIn(actor)
  if (actor === 'service:identity') return { is: 'roles', name: '' }
  if (account === null) return { is: 'machine', name: '' }
  return { is: 'somebody', name: inOneLine((await nameOf(account)) ?? '', mostName) }
}

/** In one line, and no longer than a letter can bear: what people and applications write makes no paragraphs of its own. */
export function inOneLine(text: string, most: number): string {
  const line = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim()
  const signs = [...line]
  return signs.length <= most
    ? line
    : `${signs
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}
