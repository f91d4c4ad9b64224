/**
 * Signing in with the electronic ID: out with a state that only this browser can bring back, and back once. Who the issuer
 * says it is, is whom we linked to it before; else whom an administrator registered with that kennitala; else somebody new.
 */
import type { Ids } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { fault } from './faults.ts'
import type { Rounds } from './rounds.ts'
import type { Callback, Carried, EidClaims } from './schema.ts'
import type { FederationStore } from './store.ts'
import type { Upstream } from './upstream.ts'

interface Person {
  readonly id: string
  readonly status: string
  readonly name: string
  readonly nationalId: string | null
}

/** Of the accounts feature, in the transaction of the link. */
interface People {
  byId(id: string): Promise<Person | null>
  byNationalId(nationalId: string): Promise<Person | null>
  /** Null when the kennitala belongs to another. */
  add(made: {
    id: string
    name: string
    nationalId: string
    claimedEmail: string | null
    phone: string | null
    locale: 'is' | 'en'
  }): Promise<Person | null>
  /** Makes a pending account active; null when it is closed. */
  identify(id: string, phone: string | null): Promise<Person | null>
}

interface Parts {
  readonly store: FederationStore
  readonly people: People
  readonly tellIdentified: (claims: { person: string; nationalId: string; name: string }) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

/** What the issuer says, and in which language our pages were read: who is new is written to in that. */
type Claims = EidClaims & { readonly locale: 'is' | 'en' }

interface Needs {
  readonly ids: Ids
  readonly issuer: string
  readonly upstream: Upstream<EidClaims>
  readonly rounds: Rounds
  readonly atomically: Atomically<Parts>
}

export function createFederation({ ids, issuer, upstream, rounds, atomically }: Needs) {
  const begin = (browser: string | undefined, carried: Carried) =>
    rounds.begin(browser, carried, upstream.authorizationUrl)

  /** @throws Fault identity.federation.* */
  async function finish(
    answer: Callback,
    browser: string | undefined,
    locale: 'is' | 'en',
  ): Promise<{ account: string; carried: Carried }> {
    const { code, verifier, nonce, carried } = await rounds.back(
      answer,
      browser,
      upstream.checkResponseIssuer,
    )
    // What was begun at another provider, or to link one, is not finished here.
    if (carried.connector !== undefined || carried.link !== undefined) throw fault.state()
    const claims = await upstream.redeem(code, verifier, nonce)
    return { account: await accountOf({ ...claims, locale }), carried }
  }

  /** Two that come at once for the same new person: the second finds what the first has made. */
  async function accountOf(claims: Claims): Promise<string> {
    const found = await tryAccount(claims)
    return (
      found ??
      (await tryAccount(claims)) ??
      Promise.reject(fault.upstream(new Error('Nobody could be found or made.')))
    )
  }

  async function tryAccount(claims: Claims): Promise<string | null> {
    return atomically(async (parts) => {
      const { people, tellIdentified } = parts
      const linked = await parts.store.accountOf(issuer, claims.sub)
      const person = linked === null ? await linkOrMake(parts, claims) : await people.byId(linked)
      if (person === null) return null
      // One identity, two kennitölur: whichever is true, the directory must not be told that this account is the other person.
      if (person.nationalId !== null && person.nationalId !== claims.national_id)
        throw fault.refused(new Error('The kennitala is not that of the account linked before.'))
      const active = await people.identify(person.id, claims.phone_number ?? null)
      if (active === null) throw fault.closed()
      await tellIdentified({ person: active.id, nationalId: claims.national_id, name: claims.name })
      return active.id
    })
  }

  async function linkOrMake({ store: own, people, record }: Parts, claims: Claims): Promise<Person | null> {
    const registered = await people.byNationalId(claims.national_id)
    const person = registered ?? (await make(people, claims))
    if (person === null) return null
    if (!(await own.link(issuer, claims.sub, person.id))) {
      // Linked by another at this moment. An account made for it must not stay behind without an owner.
      if (registered === null) throw fault.upstream(new Error('Linked twice at once.'))
      return null
    }
    const action = registered === null ? 'federation.account-made' : 'federation.linked'
    await record({
      action,
      actor: `person:${person.id}`,
      target: { type: 'Account', id: person.id },
      outcome: 'done',
    })
    return person
  }

  /** The address is what the issuer heard, not what the person has proven to have: it is noted, and opens nothing. */
  const make = (
    people: People,
    { national_id, name, email, phone_number, locale }: Claims,
  ): Promise<Person | null> =>
    people.add({
      id: ids.create('acc'),
      name,
      nationalId: national_id,
      claimedEmail: email ?? null,
      phone: phone_number ?? null,
      locale,
    })

  return { begin, finish }
}
export type Federation = ReturnType<typeof createFederation>
