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
 * What the console has buttons for. Whoever is signed in is told which of these they may do, so that nobody is offered what would be refused; who does
 * what is decided behind it all the same.
 */
export const ConsoleAction = z.enum([
  'emergency.ask',
  'emergency.decide',
  'emergency.end',
  'overrides.ask',
  'overrides.decide',
  'overrides.end',
  'policy.activate',
  'policy.draft',
  'policy.roll-back',
  'service-identities.create',
])
export type ConsoleAction = z.output<typeof ConsoleAction>

/** GET /session/may */
export const May = z.object({ may: z.array(ConsoleAction) })
export type May = z.output<typeof May>

/**
 * The rooms of the console, and the action that the first question of each asks for: whoever may do that may enter. Who does what in a room is
 * decided behind it.
 */
const rooms = {
  elections: 'elections.list',
  people: 'users.read',
  applications: 'applications.read',
  clients: 'clients.read',
  'service-identities': 'service-identities.read',
  'login-events': 'login-events.read',
  alerts: 'alerts.read',
  policies: 'policy.read',
  permissions: 'access.explain',
  decisions: 'decisions.read',
  overrides: 'overrides.read',
  emergency: 'emergency.read',
  mail: 'mail.read',
  signals: 'signals.read',
  settings: 'settings.read',
} as const
export type ConsoleRoom = keyof typeof rooms
const names = Object.keys(rooms) as readonly ConsoleRoom[]

export const roomsWhere = (may: (action: string) => boolean): readonly ConsoleRoom[] =>
  names.filter((room) => may(rooms[room]))

/** Where somebody is in the console; of a room with lists only, no id. */
export interface ConsolePlace {
  readonly room: ConsoleRoom
  readonly id: string | undefined
  readonly isEdited: boolean
}

/**
 * Null for an address that the console does not have.
 * @param first where the console begins, for whoever is in it
 */
export function consolePlace(pathname: string, first: ConsoleRoom = 'elections'): ConsolePlace | null {
  const [whole, name, id, verb] = /^\/admin(?:\/([a-z-]+)(?:\/([\w.~-]+))?(\/edit)?)?$/.exec(pathname) ?? []
  const room = name === undefined ? first : names.find((one) => one === name)
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
