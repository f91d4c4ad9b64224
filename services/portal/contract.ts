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
 * What the console has buttons for, and of what kind the thing is that each is done to. Whoever is signed in is told which of these they may do, so
 * that nobody is offered what would be refused; who does what is decided behind it all the same.
 */
export const acts = {
  'alerts.resolve': 'SecurityAlert',
  'applications.decide': 'Application',
  'clients.change': 'Client',
  'clients.create': 'Service',
  'clients.disable': 'Client',
  'clients.enable': 'Client',
  'clients.remove': 'Client',
  'decisions.export': 'Service',
  'decisions.replay': 'Service',
  'decisions.verify': 'Service',
  'elections.close': 'Election',
  'elections.create': 'Service',
  'elections.hide': 'Election',
  'elections.open': 'Election',
  'elections.pause': 'Election',
  'elections.resume': 'Election',
  'elections.tally': 'Election',
  'elections.unhide': 'Election',
  'elections.update': 'Election',
  'emergency.ask': 'Service',
  'emergency.decide': 'Service',
  'emergency.end': 'Service',
  'mail.lift': 'Service',
  'mail.resend': 'Service',
  'overrides.ask': 'Service',
  'overrides.decide': 'Service',
  'overrides.end': 'Service',
  'policy.activate': 'Service',
  'policy.draft': 'Service',
  'policy.roll-back': 'Service',
  'service-identities.change': 'ServiceIdentity',
  'service-identities.create': 'Service',
  'service-identities.remove': 'ServiceIdentity',
  'signals.replay': 'SignalDelivery',
  'users.activate': 'Person',
  'users.create': 'Service',
  'users.reset-factors': 'Person',
  'users.set-roles': 'Person',
  'users.set-status': 'Person',
  'users.sign-out': 'Person',
} as const
export type ConsoleAction = keyof typeof acts
export const ConsoleAction = z.enum(Object.keys(acts) as [ConsoleAction, ...ConsoleAction[]])

/**
 * The rooms of the console, and the action that the first question of each asks for: whoever may do that may enter. Who does what in a room is
 * decided behind it.
 */
export const rooms = {
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
const names = Object.keys(rooms) as ConsoleRoom[]

export const roomsWhere = (may: (action: string) => boolean): readonly ConsoleRoom[] =>
  names.filter((room) => may(rooms[room]))

/** What the console is about at a place, as policies speak of it. */
export const Thing = z.strictObject({ type: z.enum(Object.values(acts)), id: z.string().min(1).max(128) })
export type Thing = z.output<typeof Thing>

/** GET /session/may: of whoever asks, and of the thing that they look at where they look at one. */
export const May = z.object({
  signedIn: z.boolean(),
  roles: z.array(z.string()),
  rooms: z.array(z.enum(names as [ConsoleRoom, ...ConsoleRoom[]])),
  may: z.array(ConsoleAction),
})
export type May = z.output<typeof May>

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

const kinds: Readonly<Partial<Record<ConsoleRoom, Thing['type']>>> = {
  elections: 'Election',
  people: 'Person',
  applications: 'Application',
  clients: 'Client',
  'service-identities': 'ServiceIdentity',
  alerts: 'SecurityAlert',
}

/** Null where a place is about no one thing that anything is done to. */
export function thingAt(place: ConsolePlace | null): Thing | null {
  const type = place === null ? undefined : kinds[place.room]
  return type === undefined || place?.id === undefined || place.id === 'new' ? null : { type, id: place.id }
}
