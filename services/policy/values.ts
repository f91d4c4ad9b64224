/**
 * JSON of others as Cedar can read it (docs.cedarpolicy.com, "Entities and context syntax"). Cedar has no null and no fractions: what is null
 * is not there, and a fraction is a `decimal` where it is one exactly. What has no meaning is refused and never bent: a forbid that looks at
 * a rounded number would let somebody through.
 */
export type CedarJson =
  | boolean
  | number
  | string
  | readonly CedarJson[]
  | { readonly [name: string]: CedarJson | undefined }

/** Functional-spec B4: bounds of one value. */
const deepest = 10
const longest = 4096

/** Undefined for what is not there. Only for what `cedarProblem` has nothing to say about. */
export function cedarOf(value: unknown): CedarJson | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number' && !Number.isInteger(value))
    return { __extn: { fn: 'decimal', arg: decimalOf(value) ?? '' } }
  if (Array.isArray(value)) return value.map(cedarOf).filter((one) => one !== undefined)
  if (typeof value === 'object') return cedarRecord(value as Readonly<Record<string, unknown>>)
  return value as CedarJson
}

export function cedarRecord(properties: Readonly<Record<string, unknown>> = {}): Record<string, CedarJson> {
  const members = Object.entries(properties).flatMap(([name, value]) => {
    const said = cedarOf(value)
    return said === undefined ? [] : [[name, said] as const]
  })
  return Object.fromEntries(members)
}

/** What stands against it, in words for whoever sent it; null when nothing does. */
export function cedarProblem(value: unknown, depth = 1): string | null {
  if (depth > deepest) return `Is nested more than ${deepest} deep.`
  if (typeof value === 'string') return value.length > longest ? `Is longer than ${longest} characters.` : null
  if (typeof value === 'number') return numberProblem(value)
  if (typeof value !== 'object' || value === null) return null
  for (const one of Object.values(value)) {
    const problem = cedarProblem(one, depth + 1)
    if (problem !== null) return problem
  }
  return null
}

function numberProblem(value: number): string | null {
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? null : 'Is too large to be read exactly.'
  return decimalOf(value) === null ? 'Has more than four digits after the point.' : null
}

/** Cedar's decimal: four digits after the point, and no more than 64 bits in all. */
function decimalOf(value: number): string | null {
  const text = String(value)
  return /^-?\d{1,15}\.\d{1,4}$/.test(text) ? text : null
}

/** What a token proves about somebody: nobody else's word about it counts. */
const ofToken: readonly string[] = ['acr', 'amr', 'auth_time', 'authTime', 'mfa', 'mfa_verified', 'roles', 'scopes', 'kind']
export const isOfToken = (name: string): boolean => ofToken.includes(name)
