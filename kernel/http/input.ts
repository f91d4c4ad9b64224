/** What comes in, parsed once: JSON or form against the route's schema. A refusal names the fields and quotes nothing. */
import type { FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { isKeepable } from '../crypto/bytes.ts'
import type { FieldError } from '../errors/index.ts'
import { escapePointer, parseJson, textOf } from './json.ts'
import { httpFault } from './options.ts'
import { parseForm } from './page.ts'
import type { Route } from './route.ts'

/** The body as JSON or form. */
export function rawBody(route: Route, request: FastifyRequest): unknown {
  const body = request.body
  if (route.body === undefined || !Buffer.isBuffer(body))
    return route.body === undefined ? formOnly(route, request) : undefined
  const type = typeOf(request)
  if (type === 'application/json' && route.kind !== 'page') return parseJson(textOf(body))
  if (type === 'application/x-www-form-urlencoded') return readForm(body)
  throw httpFault.wrong_type()
}

/** The body as it comes, for a route that declares `streams`: no byte of it is read before the handler asks. */
export function streamOf(route: Route, request: FastifyRequest): AsyncIterable<Uint8Array> | undefined {
  if (route.streams === undefined) return undefined
  if (typeOf(request) !== route.streams) throw httpFault.wrong_type()
  return bounded(request.body as Readable, route.bodyLimit ?? 0)
}

async function* bounded(payload: Readable, most: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw httpFault.too_large()
    yield chunk
  }
}

/** A page without fields of its own still has its form's token to be checked. */
function formOnly(route: Route, request: FastifyRequest): unknown {
  return route.kind === 'page' && Buffer.isBuffer(request.body) ? readForm(request.body) : undefined
}

/** For routes that take JSON and nothing else: the ballot box. */
export function jsonBody(route: Route, request: FastifyRequest): unknown {
  if (route.body === undefined) return undefined
  if (!Buffer.isBuffer(request.body) || typeOf(request) !== 'application/json') throw httpFault.wrong_type()
  return parsed(route.body, parseJson(textOf(request.body)), '')
}

function typeOf(request: FastifyRequest): string | undefined {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
}

function readForm(body: Buffer): Record<string, string> {
  const { values, twice } = parseForm(textOf(body))
  if (twice !== undefined)
    throw httpFault.invalid(undefined, {
      fields: [{ pointer: `/${escapePointer(twice)}`, message: 'Stands twice.' }],
    })
  return values
}

export function withoutToken(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Buffer.isBuffer(raw) || !('csrf' in raw)) return raw
  const { csrf: _token, ...fields } = raw
  return fields
}

/** @throws Fault kernel.http.invalid naming each field; the values themselves are never repeated. */
export function parsed(schema: z.ZodType | undefined, value: unknown, root: string): unknown {
  if (schema === undefined) return undefined
  if (!isKeepable(value))
    throw httpFault.invalid(undefined, { fields: unspeakableIn(value, root).slice(0, 50) })
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields: FieldError[] = result.error.issues.slice(0, 50).flatMap((issue) => fieldsOf(issue, root))
  throw httpFault.invalid(undefined, { fields })
}

/**
 * Text that no store of ours can hold as it came: NUL, which PostgreSQL refuses, and half a surrogate pair, which UTF-8 cannot
 * write. Refused here, once, or it would come back from the database as a failure of ours.
 */
function unspeakableIn(value: unknown, pointer: string): FieldError[] {
  if (typeof value === 'string')
    return isKeepable(value) ? [] : [{ pointer, message: 'Holds a character that no text may hold.' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    isKeepable(name)
      ? unspeakableIn(one, `${pointer}/${escapePointer(name)}`)
      : [{ pointer, message: 'Has a name that no text may hold.' }],
  )
}

function fieldsOf(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const pointer = `${root}${issue.path.map((part) => `/${escapePointer(String(part))}`).join('')}`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, 10)
      .map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, message: 'Is not known here.' }))
  }
  return [{ pointer, message: messages[issue.code] ?? 'Is not right.' }]
}

/** By kind of mistake, because the library's own words may quote what was sent. */
const messages: Readonly<Record<string, string>> = {
  invalid_type: 'Is missing or of the wrong type.',
  too_big: 'Is too long or too large.',
  too_small: 'Is too short or too small.',
  invalid_format: 'Does not have the right form.',
  invalid_value: 'Is not one of the known values.',
  invalid_union: 'Has none of the forms that are understood.',
  not_multiple_of: 'Is not a whole number of steps.',
}
