/**
 * JSON of others as values of Cedar (docs.cedarpolicy.com, "Entities and context syntax"). Cedar has no null and no fractions: what is null is
 * not there, and a fraction is a `decimal` where it is one exactly. What has no meaning is refused and never bent: a forbid that looks at a
 * rounded number would let somebody through.
 */
import type { Complaint } from './contract.ts'
import { complaint } from './complaints.ts'
import {
  DateTime,
  readRecord,
  readValue,
  Refused,
  Unread,
  type Attributes,
  type CedarRecord,
} from '@althing/kernel/cedar'

type Json = boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Functional-spec B4: bounds of one value. */
const deepest = 10
const longest = 4096
/** Whoever reads, compares or writes a value does it for each of these, with every question that it stands in. */
const mostMembers = 1000

const nothing: CedarRecord = new Map()

/** Only of what `recordProblems` has nothing to say about. @throws Refused */
export function recordOf(properties?: Readonly<Record<string, unknown>>): CedarRecord {
  return properties === undefined ? nothing : readRecord(cedarRecord(properties))
}

/** Of anything: what cannot be read is there, and fails whoever reads it. */
export const unreadOf = (properties: Readonly<Record<string, unknown>>): Attributes =>
  new Unread(cedarRecord(properties))

export function cedarOf(value: unknown): Json | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number' && !Number.isInteger(value))
    return { __extn: { fn: 'decimal', arg: decimalOf(value) ?? '' } }
  if (Array.isArray(value)) return value.map(cedarOf).filter((one) => one !== undefined)
  return typeof value === 'object' ? cedarRecord(value as Readonly<Record<string, unknown>>) : (value as Json)
}

function cedarRecord(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  const members = Object.entries(properties).flatMap(([name, value]) => {
    const said = cedarOf(value)
    return said === undefined ? [] : [[name, said] as const]
  })
  return Object.fromEntries(members)
}

/** Names of these forms mean something by themselves: no attribute can bear one, however innocent what stands under it. */
const ofCedar: readonly string[] = ['__entity', '__expr', '__extn']

export interface RecordProblem {
  readonly name: string
  readonly wrong: Complaint
}

/** What stands against a record, itself and all that is in it: with nothing said here it can be read wherever it stands. */
export function recordProblems(properties: Readonly<Record<string, unknown>>): RecordProblem[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const wrong = ofCedar.includes(name) ? complaint('value-special') : cedarProblem(value)
    return wrong === null ? [] : [{ name, wrong }]
  })
}

/** What stands against one value; null when nothing does. */
export function cedarProblem(value: unknown, depth = 1): Complaint | null {
  if (depth === 1 && hasMore(value, mostMembers)) return complaint('value-many', { most: mostMembers })
  if (depth > deepest) return complaint('value-deep', { most: deepest })
  if (typeof value === 'string')
    return value.length > longest ? complaint('value-long', { most: longest }) : null
  if (typeof value === 'number') return numberProblem(value)
  if (typeof value !== 'object' || value === null) return null
  for (const one of Object.values(value)) {
    const problem = cedarProblem(one, depth + 1)
    if (problem !== null) return problem
  }
  return Object.keys(value).some((name) => name.startsWith('__')) ? specialProblem(value) : null
}

/** Whether more stand in it, at whichever depth. */
function hasMore(value: unknown, most: number): boolean {
  const inside = (one: unknown): readonly unknown[] =>
    typeof one === 'object' && one !== null ? Object.values(one) : []
  const waiting = [value]
  let seen = 0
  while (waiting.length > 0) {
    const members = inside(waiting.pop())
    seen += members.length
    if (seen > most) return true
    waiting.push(...members)
  }
  return false
}

/** Names and values of extension types have a form of their own. */
function specialProblem(value: object): Complaint | null {
  try {
    readValue(value)
    return null
  } catch (error) {
    if (error instanceof Refused) return complaint('value-special')
    throw error
  }
}

function numberProblem(value: number): Complaint | null {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? null : complaint('value-large')
  return decimalOf(value) === null ? complaint('value-digits') : null
}

/** Cedar's decimal: four digits after the point, and no more than 64 bits in all. */
function decimalOf(value: number): string | null {
  const text = String(value)
  return /^-?\d{1,14}\.\d{1,4}$/.test(text) ? text : null
}

/** A moment as Cedar writes it; null of what is none. */
export function datetimeOf(text: string): Date | null {
  try {
    const value = readValue({ __extn: { fn: 'datetime', arg: text } })
    return value instanceof DateTime ? new Date(Number(value.ms)) : null
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

/** What a token proves about somebody: nobody else's word about it counts. */
const ofToken: readonly string[] = [
  'acr',
  'amr',
  'auth_time',
  'authTime',
  'client',
  'kind',
  'mfa',
  'mfa_verified',
  'roles',
  'scopes',
]
export const isOfToken = (name: string): boolean => ofToken.includes(name)

/** Those who come with a token. */
const comers: readonly string[] = ['Person', 'Machine', 'Service']
export const comesWithToken = (type: string): boolean => comers.includes(type)
