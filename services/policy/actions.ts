/**
 * Everything that a door of Althing can ask about, and of what kind the thing is that it is done to: of these the schema is made that policies are
 * checked against. `tests/architecture/permissions.test.ts` compares it with the doors.
 */
export const actions: Readonly<Record<string, readonly string[]>> = {
  'access.evaluate': ['Service'],
  'access.evaluate-own': ['Person'],
  'access.explain': ['Service'],
  'access.search': ['Service'],
  'account.manage-own': ['Person'],
  'account.read-own': ['Person'],
  'alerts.read': ['Service', 'SecurityAlert'],
  'alerts.resolve': ['SecurityAlert'],
  'applications.decide': ['Application'],
  'applications.read': ['Service'],
  'cache.clear': ['Service'],
  'cache.read': ['Service'],
  'clients.change': ['Client'],
  'clients.create': ['Service'],
  'clients.disable': ['Client'],
  'clients.enable': ['Client'],
  'clients.read': ['Service', 'Client'],
  'clients.remove': ['Client'],
  'decisions.export': ['Service'],
  'decisions.read': ['Service'],
  'decisions.replay': ['Service'],
  'decisions.report': ['Service'],
  'decisions.verify': ['Service'],
  'elections.archive': ['Election'],
  'elections.cancel': ['Election'],
  'elections.close': ['Election'],
  'elections.create': ['Service'],
  'elections.delete': ['Election'],
  'elections.hide': ['Election'],
  'elections.issuance': ['Election'],
  'elections.list': ['Service'],
  'elections.open': ['Election'],
  'elections.pause': ['Election'],
  'elections.read': ['Election'],
  'elections.results': ['Election'],
  'elections.resume': ['Election'],
  'elections.tally': ['Election'],
  'elections.unhide': ['Election'],
  'elections.update': ['Election'],
  'emergency.ask': ['Service'],
  'emergency.decide': ['Service'],
  'emergency.end': ['Service'],
  'emergency.read': ['Service'],
  'engines.read': ['Service'],
  'entities.write': ['Service'],
  'login-events.read': ['Service'],
  'mail.lift': ['Service'],
  'mail.read': ['Service'],
  'mail.resend': ['Service'],
  'members.import': ['Service'],
  'members.list': ['Service'],
  'members.membership': ['Person'],
  'members.read': ['Member'],
  'members.read-own': ['Person'],
  'members.roll': ['Service'],
  'messages.deliver': ['Service'],
  'overrides.ask': ['Service'],
  'overrides.decide': ['Service'],
  'overrides.end': ['Service'],
  'overrides.read': ['Service'],
  'overrides.standing': ['Person'],
  'policy.activate': ['Service'],
  'policy.bundle': ['Service'],
  'policy.draft': ['Service'],
  'policy.read': ['Service'],
  'policy.roll-back': ['Service'],
  'privacy.collect': ['Service'],
  'revocations.read': ['Service'],
  'service-identities.change': ['ServiceIdentity'],
  'service-identities.create': ['Service'],
  'service-identities.read': ['Service', 'ServiceIdentity'],
  'service-identities.remove': ['ServiceIdentity'],
  'settings.read': ['Service'],
  'signals.read': ['Service'],
  'signals.replay': ['SignalDelivery'],
  'tickets.issue': ['Person'],
  'tickets.read-own': ['Person'],
  'tokens.exchange': ['Service'],
  'users.activate': ['Person'],
  'users.create': ['Service'],
  'users.find': ['Service'],
  'users.names': ['Service'],
  'users.read': ['Service', 'Person'],
  'users.reset-factors': ['Person'],
  'users.set-roles': ['Person'],
  'users.set-status': ['Person'],
  'users.sign-out': ['Person'],
  'users.timeline': ['Person'],
}

const ofElections = Object.keys(actions).filter(
  (name) => name.startsWith('elections.') && name !== 'elections.issuance',
)

/** What is read before anything else is done there: whoever may do one of these and not read it stands before a closed room. */
const readFirst: Readonly<Record<string, readonly string[]>> = {
  'alerts.read': ['alerts.resolve'],
  'applications.read': ['applications.decide'],
  'cache.read': ['cache.clear'],
  'clients.read': ['clients.change', 'clients.create', 'clients.disable', 'clients.enable', 'clients.remove'],
  'decisions.read': ['decisions.export', 'decisions.replay', 'decisions.verify'],
  'elections.list': ofElections.filter((name) => name !== 'elections.list'),
  'elections.read': ofElections.filter((name) => !['elections.list', 'elections.read'].includes(name)),
  'mail.read': ['mail.lift', 'mail.resend'],
  'members.list': ['members.import', 'members.read'],
  'overrides.read': ['overrides.ask', 'overrides.end'],
  'policy.read': ['policy.activate', 'policy.draft', 'policy.roll-back'],
  'service-identities.read': [
    'service-identities.change',
    'service-identities.create',
    'service-identities.remove',
  ],
  'signals.read': ['signals.replay'],
  'users.read': [
    'users.activate',
    'users.create',
    'users.reset-factors',
    'users.set-status',
    'users.sign-out',
    'users.timeline',
  ],
}

/** What is read there names people by their ids: whoever reads it is told what they are called, and nothing else of them. */
const namesPeople = [
  'alerts.read',
  'decisions.read',
  'emergency.read',
  'login-events.read',
  'mail.read',
  'overrides.read',
  'policy.read',
  'users.read',
]

/** What somebody cannot use without something else: whoever gives the one gives the other. */
export function neededFor(action: string): string[] {
  const readings = Object.keys(readFirst).filter((reading) => readFirst[reading]?.includes(action))
  const isOfPeople = [action, ...readings].some((one) => namesPeople.includes(one))
  return isOfPeople ? [...readings, 'users.names'] : readings
}

/** Those that are named, each once, and what they need. */
export const withNeeded = (names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => [name, ...neededFor(name)])),
]

/** Of Althing's own actions, whether it can be done to a thing of this kind; of all others nobody but their organisation knows. */
export const appliesTo = (action: string, kind: string): boolean =>
  !Object.hasOwn(actions, action) || actions[action]?.includes(kind) === true
