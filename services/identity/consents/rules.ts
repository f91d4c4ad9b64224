/**
 * What somebody agreed to is kept with its version and its time, also when they take it back. Only what is optional can be taken back
 * alone. Who has not agreed to the texts as they are now is asked when they sign in; where the organisation has set none, nobody is.
 */
import type { Clock } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { AgreedKind, ConsentKind } from './schema.ts'
import type { ConsentStore } from './store.ts'
import type { AgreedTexts } from './texts.ts'

interface Parts {
  readonly store: Pick<ConsentStore, 'give' | 'withdraw'>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly store: ConsentStore
  readonly atomically: Atomically<Parts>
  readonly texts: AgreedTexts
}

export function createConsents({ clock, store, atomically, texts }: Needs) {
  const { version, kinds } = texts

  async function setMarketing(account: string, wanted: boolean): Promise<boolean> {
    return atomically(async (parts) => {
      const now = clock.now()
      const changed = wanted
        ? await parts.store.give(account, 'marketing', version, now)
        : await parts.store.withdraw(account, 'marketing', now)
      if (!changed) return false
      await parts.record(entry(wanted ? 'given' : 'withdrawn', account, ['marketing']))
      return true
    })
  }

  async function standingOf(account: string) {
    if (kinds.length === 0) return { due: [], isNew: false }
    const given = (await store.historyOf(account)).filter(({ withdrawnAt }) => withdrawnAt === null)
    const has = (kind: AgreedKind) => given.some((one) => one.kind === kind && one.version === version)
    return {
      due: kinds.filter((kind) => !has(kind)),
      isNew: given.every(({ kind }) => kind === 'marketing'),
    }
  }

  /** For a page: the texts, each at the address of this very version; null when there is nothing to agree to. */
  function offer(wanted: readonly AgreedKind[], locale: 'is' | 'en') {
    const offered = wanted.map((kind) => ({ kind, href: texts.hrefOf(kind, version, locale) ?? '' }))
    return offered.length === 0 ? null : { version, texts: offered }
  }

  async function agreementOf(account: string, locale: 'is' | 'en') {
    const { due, isNew } = await standingOf(account)
    const agreement = offer(due, locale)
    return agreement === null ? null : { agreement, isNew }
  }

  const agree = (account: string): Promise<void> =>
    atomically((parts) => agreeIn(parts, account, { kinds, version, at: clock.now() }))

  return {
    setMarketing,
    kinds,
    version,
    offer,
    agreementOf,
    isDue: async (account: string) => (await standingOf(account)).due.length > 0,
    agree,
    /** Each with the text itself, as far as it can still be read. */
    historyOf: async (account: string, locale: 'is' | 'en') =>
      (await store.historyOf(account)).map((given) => ({
        ...given,
        href: given.kind === 'marketing' ? null : texts.hrefOf(given.kind, given.version, locale),
      })),
  }
}
export type Consents = ReturnType<typeof createConsents>

interface Agreed {
  readonly kinds: readonly ConsentKind[]
  readonly version: string
  readonly at: Date
}

/** Within the transaction of what it goes with: an account is made, a first password chosen. */
export async function agreeIn(
  { store, record }: Parts,
  account: string,
  { kinds, version, at }: Agreed,
): Promise<void> {
  const given: string[] = []
  for (const kind of kinds) if (await store.give(account, kind, version, at)) given.push(kind)
  if (given.length > 0) await record(entry('given', account, given))
}

const entry = (what: 'given' | 'withdrawn', account: string, fields: readonly string[]): AuditEntry => ({
  action: `consents.${what}`,
  actor: `person:${account}`,
  target: { type: 'Account', id: account },
  outcome: 'done',
  fields,
})
