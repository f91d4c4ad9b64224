/**
 * A file that says which applications there are: YAML, or JSON, which is YAML too. Everything that is wrong in it is said with its
 * line and its field, and no value is repeated. Aliases and tags are refused: one says things many times, the other runs things.
 */
import { plainly } from '@althing/kernel/errors/plainly.ts'
import { LineCounter, parseDocument, isNode, type Document } from 'yaml'
import { z } from 'zod'
import { ofKind } from './kinds.ts'
import { considered, type Judging } from './rules.ts'
import type { Known } from './servers.ts'
import { ClientId, ClientKind, ClientName, type ClientMetadata, type ClientWords } from './schema.ts'

type Judge = Judging & { readonly known?: Known }

export interface WishedEntry {
  readonly id: string
  readonly name: string
  readonly metadata: ClientMetadata
  readonly isDisabled: boolean
}

/** `field` is a path with slashes: `clients/2/redirect_uris`. */
export interface Mistake {
  readonly line: number
  readonly field: string
  readonly why: string
}

const Entry = z.looseObject({
  id: ClientId,
  kind: ClientKind,
  name: ClientName,
  disabled: z.boolean().default(false),
})
const Whole = z.strictObject({ clients: z.array(z.unknown()).max(10_000) })

/** @returns what it wishes for; empty where it has mistakes */
export function readClients(
  text: string,
  judging: Judge,
): { readonly clients: readonly WishedEntry[]; readonly mistakes: readonly Mistake[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0)
    return refused(
      broken.map(({ pos, code }) => ({
        line: lines.linePos(pos[0]).line,
        field: '',
        why: `is not written right (${code.toLowerCase().replaceAll('_', ' ')})`,
      })),
    )
  const value = plain(document)
  if (value === undefined)
    return refused([{ line: 1, field: '', why: 'has aliases, which are not followed here' }])
  const found = entriesIn(value, judging)
  if (found.mistakes.length === 0) return { clients: found.clients, mistakes: [] }
  return refused(
    found.mistakes.map(({ path, why }) => ({
      line: lineOf(document, lines, path),
      field: path.join('/'),
      why,
    })),
  )
}

const refused = (mistakes: readonly Mistake[]) => ({ clients: [], mistakes })

function plain(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

type Path = readonly (string | number)[]
interface Wrong {
  readonly path: Path
  readonly why: string
}

function entriesIn(value: unknown, judging: Judge) {
  const whole = Whole.safeParse(value)
  if (typeof value !== 'object' || value === null || !('clients' in value))
    return {
      clients: [],
      mistakes: [{ path: [], why: 'has to begin with clients: and have a list below it' }],
    }
  if (!whole.success) return { clients: [], mistakes: issuesIn(whole.error, []) }
  const read = whole.data.clients.map((entry, n) => entryIn(entry, ['clients', n], judging))
  const ids = whole.data.clients.map((entry) => Entry.pick({ id: true }).safeParse(entry).data?.id)
  const twice = ids.flatMap((id, n): Wrong[] =>
    id !== undefined && ids.indexOf(id) < n
      ? [{ path: ['clients', n, 'id'], why: 'stands in this file twice' }]
      : [],
  )
  return {
    clients: read.flatMap(({ client }) => client ?? []),
    mistakes: [...read.flatMap(({ mistakes }) => mistakes), ...twice],
  }
}

function entryIn(
  entry: unknown,
  at: Path,
  judging: Judge,
): { readonly client?: WishedEntry; readonly mistakes: readonly Wrong[] } {
  const read = Entry.safeParse(entry)
  if (!read.success) return { mistakes: issuesIn(read.error, at) }
  const { id, kind, name, disabled, ...words } = read.data
  const { metadata, refusals } = considered(ofKind(kind, words as ClientWords), judging)
  if (metadata !== null) return { client: { id, name, metadata, isDisabled: disabled }, mistakes: [] }
  return { mistakes: refusals.map(({ field, why }) => ({ path: [...at, ...partsOf(field)], why })) }
}

/** Names of members may have slashes in them, but none that is a word of ours. */
const partsOf = (field: string): Path =>
  field.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : part))

const issuesIn = ({ issues }: z.ZodError, at: Path): Wrong[] =>
  issues.flatMap((issue): Wrong[] => {
    const path = [...at, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))]
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...path, key], why: 'is no word that is known here' }))
      : [{ path, why: plainly(issue) }]
  })

/** Of what stands there; where it is missing, of what it is missing in. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range !== undefined && node.range !== null)
      return lines.linePos(node.range[0]).line
  }
  return 1
}
