/** What others may know of the portal: what a page of ours learns about who is signed in, and the rooms of its console. */
import { z } from 'zod'

/** GET /session/me */
export const Me = z.object({
  signedIn: z.boolean(),
  subject: z.string().nullable(),
  name: z.string().nullable(),
  roles: z.array(z.string()),
  /** Send it as `x-csrf-token` with everything that changes something. */
  csrf: z.string(),
  ballotUrl: z.url(),
})
export type Me = z.output<typeof Me>

/**
 * The rooms of the console, and who may enter each: from which rank on, and the duties that look there. Who does what in a room is decided
 * behind it.
 */
const rooms = {
  elections: ['election-manager'],
  people: ['administrator', 'auditor'],
  applications: ['administrator'],
  clients: ['administrator', 'developer', 'auditor'],
  'service-identities': ['administrator', 'developer', 'auditor'],
  'login-events': ['administrator', 'auditor'],
  alerts: ['administrator', 'operator', 'auditor'],
  policies: ['administrator', 'developer', 'auditor'],
  permissions: ['administrator', 'developer', 'auditor'],
  decisions: ['administrator', 'auditor'],
  overrides: ['administrator', 'auditor'],
  emergency: ['election-manager', 'developer', 'operator', 'auditor'],
  mail: ['administrator', 'operator', 'auditor'],
  signals: ['administrator', 'developer', 'operator', 'auditor'],
  settings: ['administrator', 'operator', 'auditor'],
} as const
export type ConsoleRoom = keyof typeof rooms
const names = Object.keys(rooms) as readonly ConsoleRoom[]
const ranks: readonly string[] = ['election-manager', 'administrator', 'superadmin']

export const roomsFor = (roles: readonly string[]): readonly ConsoleRoom[] =>
  names.filter((room) => roles.some((role) => mayEnter(role, rooms[room])))

function mayEnter(role: string, [least, ...duties]: readonly string[]): boolean {
  return duties.includes(role) || ranks.indexOf(role) >= ranks.indexOf(least ?? '')
}

/** Where somebody is in the console; of a room with lists only, no id. */
export interface ConsolePlace {
  readonly room: ConsoleRoom
  readonly id: string | undefined
  readonly isEdited: boolean
}

/** Null for an address that the console does not have. */
export function consolePlace(pathname: string): ConsolePlace | null {
  const [whole, name, id, verb] = /^\/admin(?:\/([a-z-]+)(?:\/([\w.~-]+))?(\/edit)?)?$/.exec(pathname) ?? []
  const room = name === undefined ? 'elections' : names.find((one) => one === name)
  if (whole === undefined || room === undefined) return null
  const isKnown =
    ['elections', 'clients', 'policies'].includes(room) ||
    (room === 'people' && id !== undefined) ||
    (verb === undefined &&
      (id === undefined ||
        [
          'people',
          'applications',
          'alerts',
          'service-identities',
          'decisions',
          'overrides',
          'emergency',
        ].includes(room)))
  return isKnown && (verb === undefined || id !== undefined)
    ? { room, id, isEdited: verb !== undefined }
    : null
}
