/** Under which names the limits of identity count somebody: written where they are spent, and gathered here for who looks them up. */
import { identifierIn } from './identifier.ts'
import { destinationsOf } from './mailed-codes/allowance.ts'
import { NoticeKind } from './notices/schema.ts'
import { placeOf, triesOf } from './sign-in/counted.ts'

const of = (what: string, ...by: readonly string[]) => by.map((one) => `${what}-${one}`)

/** Every limit that identity spends from. */
export const limitsDeclared: readonly string[] = [
  ...of('sign-in', 'account', 'everywhere', 'network'),
  ...of('eid', 'browser', 'network', 'begin'),
  ...of('connector', 'browser', 'network', 'begin'),
  ...of('magic-link', 'address', 'network'),
  ...of('recover', 'address', 'network'),
  ...of('register', 'address', 'network'),
  ...of('mailed-code', 'network', 'to-hour', 'to-day', 'notice', 'house', 'house-told'),
  ...of('backchannel', 'pair', 'person', 'client'),
  'activate-network',
  'address-change',
  'attest-network',
  'begin-network',
  'client-document',
  'client-registration',
  'device-code',
  'risk-notice',
  'service-key',
  'signals',
]

interface Person {
  readonly id: string
  readonly email: string | null
  readonly phone: string | null
  readonly nationalId: string | null
}

/**
 * @param written as an operator has it: an address that is nobody's is counted too
 * @param networks from where somebody has tried lately: an address and a network are counted together
 */
export function limitNamesOf(
  person: Person | null,
  written: string,
  networks: readonly string[],
  /** Applications that may have asked somebody elsewhere. */
  clients: readonly string[] = [],
): readonly string[] {
  // By what was written, in its one spelling, whoever it is; and by the account where somebody is known already.
  const words = [
    identifierIn(written),
    person?.id,
    person?.email,
    person?.nationalId,
    person?.phone,
    askedName(person),
  ].flatMap((word) => (word == null ? [] : [word.trim().toLowerCase()]))
  return [
    ...words,
    ...words.flatMap((word) => networks.map((network) => triesOf(word, placeOf(network, null)))),
    ...words.flatMap((word) => clients.map((client) => asksOf(word, client))),
    ...words.flatMap(destinationsOf),
    ...(person === null ? [] : NoticeKind.options.map((kind) => noticeName(kind, person.id))),
  ]
}

/** Whoever is asked by applications, whatever these call them. */
const askedName = (person: Person | null) => (person === null ? null : `person ${person.id}`)

/** Of each kind of notice one in an hour. */
export const noticeName = (kind: NoticeKind, account: string): string => `${kind}\n${account}`

/** What one application asks one person, or who is written like one. */
export const asksOf = (who: string, client: string): string => `${who}\n${client}`
