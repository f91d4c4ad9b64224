/**
 * What each action of Althing is, for people who choose one or read of one, under the service whose doors ask about it. Between our services stands what
 * no person does. `tests/architecture/permissions.test.ts` compares it with actions.ts.
 */
interface Words {
  readonly is: string
  readonly en: string
}

const askedAt = ['identity', 'elections', 'events', 'members', 'policy', 'between'] as const
type AskedAt = (typeof askedAt)[number]

export const actionWords: Readonly<Record<AskedAt, Readonly<Record<string, Words>>>> = {
  identity: {
    'account.manage-own': { en: 'Change their own account', is: 'Breyta eigin aðgangi' },
    'account.read-own': { en: 'See their own account', is: 'Sjá eigin aðgang' },
    'alerts.read': { en: 'See security alerts', is: 'Sjá öryggisviðvaranir' },
    'alerts.resolve': { en: 'Settle a security alert', is: 'Ljúka öryggisviðvörun' },
    'applications.decide': {
      en: 'Let people join, or refuse them',
      is: 'Samþykkja umsókn um aðgang eða hafna',
    },
    'applications.read': { en: 'See who wants to join', is: 'Sjá umsóknir um aðgang' },
    'clients.change': { en: 'Change a connected application', is: 'Breyta tengdu forriti' },
    'clients.create': { en: 'Connect an application', is: 'Tengja forrit' },
    'clients.disable': { en: 'Shut an application out', is: 'Loka á tengt forrit' },
    'clients.enable': { en: 'Let an application in again', is: 'Opna aftur fyrir tengt forrit' },
    'clients.read': { en: 'See connected applications', is: 'Sjá tengd forrit' },
    'clients.remove': { en: 'Delete a connected application', is: 'Eyða tengdu forriti' },
    'login-events.read': { en: 'See sign-ins', is: 'Sjá innskráningar' },
    'mail.lift': { en: 'Let letters go to a mailbox again', is: 'Leyfa bréfum að fara aftur í pósthólf' },
    'mail.read': { en: 'See letters, and what became of them', is: 'Sjá bréf og hvað varð um þau' },
    'mail.resend': { en: 'Try to send a letter now', is: 'Reyna að senda bréf núna' },
    'service-identities.change': {
      en: 'Change a service identity and its keys',
      is: 'Breyta þjónustuauðkenni og lyklum þess',
    },
    'service-identities.create': { en: 'Make a service identity', is: 'Búa til þjónustuauðkenni' },
    'service-identities.read': { en: 'See service identities', is: 'Sjá þjónustuauðkenni' },
    'service-identities.remove': { en: 'Delete a service identity', is: 'Eyða þjónustuauðkenni' },
    'settings.read': { en: 'See the settings', is: 'Sjá stillingar' },
    'signals.read': { en: 'See what applications were told', is: 'Sjá hvað forritum var sagt' },
    'signals.replay': { en: 'Tell an application once more', is: 'Segja forriti aftur frá' },
    'users.activate': { en: 'Send somebody their first link or code', is: 'Senda fyrstu slóð eða kóða' },
    'users.create': { en: 'Make an account', is: 'Stofna aðgang' },
    'users.names': { en: 'See what people are called', is: 'Sjá hvað fólk heitir' },
    'users.read': { en: 'See people and their accounts', is: 'Sjá fólk og aðganga þess' },
    'users.reset-factors': {
      en: 'Take somebody’s ways of signing in away',
      is: 'Fella niður leiðir einhvers til að skrá sig inn',
    },
    'users.set-roles': { en: 'Give roles and take them', is: 'Veita hlutverk og taka þau' },
    'users.set-status': { en: 'Suspend, close and reopen accounts', is: 'Loka aðgöngum og opna þá aftur' },
    'users.sign-out': { en: 'Sign somebody out everywhere', is: 'Skrá einhvern út alls staðar' },
    'users.timeline': { en: 'See what happened to an account', is: 'Sjá hvað hefur gerst í aðgangi' },
  },
  elections: {
    'elections.archive': { en: 'Archive an election', is: 'Setja kosningu í geymslu' },
    'elections.cancel': { en: 'Cancel an election', is: 'Hætta við kosningu' },
    'elections.close': { en: 'Close an election', is: 'Loka kosningu' },
    'elections.create': { en: 'Prepare a new election', is: 'Undirbúa nýja kosningu' },
    'elections.delete': { en: 'Delete an election', is: 'Eyða kosningu' },
    'elections.hide': { en: 'Hide an election', is: 'Fela kosningu' },
    'elections.list': { en: 'See the list of elections', is: 'Sjá lista yfir kosningar' },
    'elections.open': { en: 'Publish and open an election', is: 'Birta og opna kosningu' },
    'elections.pause': { en: 'Pause an election', is: 'Gera hlé á kosningu' },
    'elections.read': { en: 'See an election', is: 'Sjá kosningu' },
    'elections.results': { en: 'See the result of an election', is: 'Sjá niðurstöðu kosningar' },
    'elections.resume': { en: 'Go on with a paused election', is: 'Halda kosningu áfram eftir hlé' },
    'elections.tally': { en: 'Count the ballots', is: 'Telja atkvæðin' },
    'elections.unhide': { en: 'Show a hidden election again', is: 'Sýna falda kosningu aftur' },
    'elections.update': { en: 'Change the draft of an election', is: 'Breyta drögum að kosningu' },
  },
  events: {
    'tickets.issue': { en: 'Fetch a ticket for voting', is: 'Sækja kjörmiða' },
    'tickets.read-own': { en: 'See what they may vote in', is: 'Sjá í hverju má kjósa' },
  },
  members: {
    'members.import': { en: 'Read members in from a file', is: 'Lesa félaga inn úr skrá' },
    'members.list': { en: 'See the list of members', is: 'Sjá félagatalið' },
    'members.read': { en: 'See a member', is: 'Sjá félaga' },
    'members.read-own': { en: 'See their own membership', is: 'Sjá eigin félagsaðild' },
  },
  policy: {
    'access.evaluate': { en: 'Ask who may do what', is: 'Spyrja hver má gera hvað' },
    'access.evaluate-own': { en: 'Ask what they may do themselves', is: 'Spyrja hvað maður má sjálfur' },
    'access.explain': {
      en: 'Ask why somebody may or may not',
      is: 'Spyrja af hverju einhver má eða má ekki',
    },
    'access.search': { en: 'Look for all who may do something', is: 'Leita að öllum sem mega eitthvað' },
    'cache.clear': { en: 'Forget kept answers', is: 'Gleyma geymdum svörum' },
    'cache.read': { en: 'See how many answers are kept', is: 'Sjá hve mörg svör eru geymd' },
    'decisions.export': { en: 'Take decisions along', is: 'Taka ákvarðanir með sér' },
    'decisions.read': { en: 'See what was decided', is: 'Sjá hvað var ákveðið' },
    'decisions.replay': { en: 'Make a decision again', is: 'Taka ákvörðun aftur' },
    'decisions.verify': { en: 'Verify the log of decisions', is: 'Sannreyna ákvarðanaskrána' },
    'emergency.ask': { en: 'Ask for emergency access', is: 'Biðja um neyðaraðgang' },
    'emergency.decide': { en: 'Decide about emergency access', is: 'Afgreiða beiðni um neyðaraðgang' },
    'emergency.end': { en: 'End emergency access', is: 'Ljúka neyðaraðgangi' },
    'emergency.read': { en: 'See emergency access', is: 'Sjá neyðaraðgang' },
    'engines.read': { en: 'See how outside engines do', is: 'Sjá hvernig ytri vélum gengur' },
    'entities.write': {
      en: 'Tell of things that decisions are about',
      is: 'Segja frá því sem ákvarðanir eru teknar um',
    },
    'overrides.ask': { en: 'Make an override, or ask for one', is: 'Búa til undanþágu eða biðja um hana' },
    'overrides.decide': { en: 'Decide about an override', is: 'Afgreiða beiðni um undanþágu' },
    'overrides.end': { en: 'End an override', is: 'Ljúka undanþágu' },
    'overrides.standing': {
      en: 'Tell people what is lent or denied to them',
      is: 'Segja fólki hvað því er lánað eða bannað',
    },
    'overrides.read': { en: 'See overrides', is: 'Sjá undanþágur' },
    'policy.activate': { en: 'Bring policies into force', is: 'Láta reglur taka gildi' },
    'policy.draft': { en: 'Write drafts of policies', is: 'Skrifa drög að reglum' },
    'policy.read': { en: 'See the policies', is: 'Sjá reglurnar' },
    'policy.roll-back': { en: 'Go back to earlier policies', is: 'Fara aftur í fyrri reglur' },
  },
  between: {
    'decisions.report': {
      en: 'Tell what was decided elsewhere',
      is: 'Segja frá því sem ákveðið var annars staðar',
    },
    'elections.issuance': { en: 'Hand over the keys of an election', is: 'Afhenda lykla kosningar' },
    'members.membership': { en: 'Ask whether somebody is a member', is: 'Spyrja hvort einhver sé félagi' },
    'members.roll': { en: 'Read who is on the roll', is: 'Lesa hverjir eru á kjörskrá' },
    'messages.deliver': { en: 'Tell another service of something', is: 'Segja annarri þjónustu frá' },
    'policy.bundle': { en: 'Fetch the policies in force', is: 'Sækja reglur í gildi' },
    'privacy.collect': { en: 'Collect what is held of a person', is: 'Safna því sem geymt er um manneskju' },
    'revocations.read': { en: 'Hear whose sign-in has ended', is: 'Frétta hvaða innskráningum er lokið' },
    'tokens.exchange': {
      en: 'Change a token of another issuer for ours',
      is: 'Skipta aðgangstóka frá öðrum fyrir okkar',
    },
    // Both are one route (identity/contract).
    'users.find': {
      en: 'Ask whose an address is and what people are called',
      is: 'Spyrja hver á netfang og hvað fólk heitir',
    },
  },
}

interface Said {
  readonly at: AskedAt
  readonly words: Words
}

/** Of these what is Althing's own, by its name: for others who tell people of it. */
export function wordsFor(actions: readonly string[]): Record<string, Words> {
  const said = actions.map((name) => [name, saidOf(name)?.words] as const)
  return Object.fromEntries(said.flatMap(([name, words]) => (words === undefined ? [] : [[name, words]])))
}

/** Null for what is an organisation's own: nobody has told us what it is. */
export function saidOf(action: string): Said | null {
  const at = askedAt.find((one) => Object.hasOwn(actionWords[one], action))
  const words = at === undefined ? undefined : actionWords[at][action]
  return at === undefined || words === undefined ? null : { at, words }
}
