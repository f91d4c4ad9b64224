/**
 * The signals: each is a small question about what is known already. A device that the owner has signed in from before is a place of
 * its own: what strangers try elsewhere, or from the same network, does not speak against it. Where nothing is known a signal is
 * silent.
 */
import type { Facts, Finding, Mark, Place, Signal } from './schema.ts'

export interface Limits {
  readonly travelKm: number
  readonly travelKmh: number
  /** Wrong tries of one account within the window, or the networks they came from. */
  readonly tries: number
  readonly networks: number
  /** Accounts that were tried in vain from one network within the window. */
  readonly failingAccounts: number
  readonly reuseHours: number
}

type Look = (facts: Facts, limits: Limits) => { readonly counts: boolean; readonly figures: string }

const silent = { counts: false, figures: '-' }

/** The first time is new by itself. */
const newDevice: Look = ({ isKnown, last, network }) => ({
  counts: network !== null && !isKnown && last !== null,
  figures: isKnown ? 'known' : last === null ? 'first sign-in' : 'not known',
})

/** Faster than an aeroplane, and far enough that a coarse table cannot be wrong about it. */
const impossibleTravel: Look = ({ now, here, before, last }, { travelKm, travelKmh }) => {
  if (here === null || before === null || last === null) return silent
  const km = Math.round(kilometres(before, here))
  const hours = Math.max((now.getTime() - last.at.getTime()) / 3_600_000, 1 / 60)
  return {
    counts: km > travelKm && km / hours > travelKmh,
    figures: `${before.country}-${here.country}, ${km} km in ${hours.toFixed(1)} h`,
  }
}

const velocity: Look = ({ isKnown, tries, networks }, limits) => ({
  counts: !isKnown && (tries >= limits.tries || networks >= limits.networks),
  figures: `${tries} wrong tries, ${networks} networks`,
})

/**
 * Failures are counted and not people: five hundred who sign in behind one address are a hall. Even there some mistype, so it takes
 * more accounts tried in vain than accounts that came in.
 */
const manyAccounts: Look = ({ network, isKnown, failing, came }, { failingAccounts }) =>
  network === null
    ? silent
    : {
        counts: !isKnown && failing >= failingAccounts && failing > came,
        figures: `${failing} accounts in vain, ${came} came in`,
      }

const breachedPassword: Look = ({ marks, passwordChangedAt }) => {
  const since = breachSince(marks, passwordChangedAt)
  return { counts: since !== null, figures: since?.toISOString() ?? '-' }
}

const refreshReuse: Look = ({ now, marks }, { reuseHours }) => {
  const at = markOf(marks, 'refresh-reuse')
  return {
    counts: at !== null && now.getTime() - at.getTime() < reuseHours * 3_600_000,
    figures: at === null ? '-' : at.toISOString(),
  }
}

const looks: Readonly<Record<Signal, Look>> = {
  'new-device': newDevice,
  'impossible-travel': impossibleTravel,
  velocity,
  'many-accounts': manyAccounts,
  'breached-password': breachedPassword,
  'refresh-reuse': refreshReuse,
}

export const lookAtAll = (facts: Facts, limits: Limits): Finding[] =>
  Object.entries(looks).map(([signal, look]) => ({ signal: signal as Signal, ...look(facts, limits) }))

/** Since when the password is known to have been in a breach: until another one is chosen. */
export function breachSince(marks: readonly Mark[], changedAt: Date | null): Date | null {
  const at = markOf(marks, 'breached-password')
  return at !== null && (changedAt === null || changedAt <= at) ? at : null
}

const markOf = (marks: readonly Mark[], kind: Mark['kind']): Date | null =>
  marks.find((mark) => mark.kind === kind)?.at ?? null

/** Along the great circle (haversine), on a sphere of the earth's mean radius. */
function kilometres(from: Place, to: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [fromLatitude, toLatitude] = [radians(from.latitude), radians(to.latitude)]
  const half = (angle: number) => Math.sin(angle / 2) ** 2
  const chord =
    half(toLatitude - fromLatitude) +
    Math.cos(fromLatitude) * Math.cos(toLatitude) * half(radians(to.longitude - from.longitude))
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(chord)))
}
