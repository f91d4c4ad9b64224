/**
 * YAML as people write it (JSON is YAML too), with the line of whatever is wrong. Aliases and tags are refused: one says things many times, the
 * other runs things.
 */
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { complaint, within } from './complaints.ts'
import { Complaint } from './contract.ts'

export interface Mistake extends Complaint {
  readonly line: number
}

export type ReadYaml<T> =
  | { readonly value: T; readonly mistakes: readonly []; lineOf(path: readonly PropertyKey[]): number }
  | { readonly value?: undefined; readonly mistakes: readonly Mistake[] }

/** Nothing but space and comments is an empty document. */
export function readYaml<S extends z.ZodType>(text: string, schema: S): ReadYaml<z.output<S>> {
  const lines = new LineCounter()
  const document = parsed(text, lines)
  if (document === undefined) return wrong([{ line: 1, ...complaint('yaml-nested') }])
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0)
    return wrong(
      broken.map(({ pos, code }) => ({
        line: lines.linePos(pos[0]).line,
        ...complaint('yaml-form', { what: code.toLowerCase().replaceAll('_', ' ') }),
      })),
    )
  const plain = withoutAliases(document)
  if (plain === undefined) return wrong([{ line: 1, ...complaint('yaml-aliases') }])
  const lineOf = (path: readonly PropertyKey[]) => lineIn(document, lines, path)
  const read = schema.safeParse(plain.value)
  if (read.success) return { value: read.data, mistakes: [], lineOf }
  return wrong(
    read.error.issues.map((issue) => ({
      line: lineOf(issue.path),
      ...within(issue.path.map(String).join('/'), complaintOf(issue)),
    })),
  )
}

function complaintOf(issue: z.core.$ZodIssue): Complaint {
  if (issue.code === 'custom') return ownComplaint(issue.params)
  if (issue.code === 'invalid_type')
    return issue.message.endsWith('received undefined')
      ? complaint('yaml-missing')
      : complaint('yaml-kind', { kind: issue.expected })
  if (issue.code === 'unrecognized_keys') return complaint('yaml-unknown', { names: issue.keys.join(', ') })
  if (issue.code === 'invalid_value')
    return complaint('yaml-one-of', { options: issue.values.map(String).join(', ') })
  if (issue.code === 'too_big') return complaint('yaml-most', { most: String(issue.maximum) })
  if (issue.code === 'too_small') return complaint('yaml-least', { least: String(issue.minimum) })
  const words = complaint('yaml-value')
  // A schema that says in words of its own how it has to be.
  return issue.message.startsWith('Invalid') ? words : { ...words, message: issue.message }
}

/** Of a check of ours, which says what it found. */
function ownComplaint(params: unknown): Complaint {
  const said = z.object({ wrong: Complaint }).safeParse(params)
  return said.success ? said.data.wrong : complaint('yaml-value')
}

/** Its reader goes down with every bracket, and at the end of its stack says so. */
function parsed(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const wrong = (mistakes: readonly Mistake[]) => ({ mistakes: mistakes.slice(0, 50) })

function withoutAliases(document: Document.Parsed): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown }
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

/** Of the nearest thing that stands there: what is missing stands nowhere. */
function lineIn(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}
