/**
 * How somebody comes to have an account. They say who they are and agree to the terms, prove their address by a link, and, under 18,
 * a guardian agrees by a link as well. Then the door is open, or an administrator decides; the setting says which. Asking is answered
 * alike whether or not the address has an account: its owner hears by mail which it is.
 */
import type { Chance, Clock, Ids } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { isWithinLimit } from '../quietly.ts'
import { fault } from './faults.ts'
import type { Application, Wish } from './schema.ts'
import type { JoiningStore } from './store.ts'

export type Registration = 'open' | 'approval' | 'closed'

interface Parts {
  readonly store: JoiningStore
  readonly enqueueAsked: (application: string) => Promise<void>
  readonly enqueueGuardian: (application: string) => Promise<void>
  readonly enqueueRejected: (application: string) => Promise<void>
  /** A pending account; null when the address belongs to another. */
  readonly addAccount: (made: Application) => Promise<string | null>
  /** Its first link, by mail. */
  readonly invite: (account: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: Ids
  readonly store: JoiningStore
  readonly atomically: Atomically<Parts>
  readonly registration: Registration
  /** Whose address it is already: they are written to in their own language, whoever asked in which. */
  readonly ownerOf: (email: string) => Promise<{ readonly locale: 'is' | 'en' } | null>
  /** The first link, handed over at once to whoever has just proven the address. */
  readonly issueActivation: (account: string) => Promise<string>
  /** @throws Fault kernel.limits.too_many */
  readonly spend: (by: 'address' | 'network', who: string) => Promise<void>
  readonly send: Letters
  /** The texts in force: who asks has agreed to these. Nothing where the organisation has set none. */
  readonly agreed: { readonly kinds: readonly ('terms' | 'privacy')[]; readonly version: string }
  readonly url: string
  readonly hours: number
}

type Told = Pick<Application, 'email' | 'name' | 'locale' | 'guardianEmail' | 'reason'>
export interface Letters {
  confirm(to: Told, link: string): Promise<void>
  known(to: Told): Promise<void>
  guardian(to: Told, link: string): Promise<void>
  rejected(to: Told): Promise<void>
}

/** Where the conversation goes on after an address, or a guardian's consent, was proven. */
export type Onward =
  | { readonly kind: 'waiting' | 'guardian' }
  | { readonly kind: 'activate'; readonly token: string }

const adult = 18

export function createJoining(needs: Needs) {
  const { clock, chance, ids, store, atomically, registration, spend, send, url, hours, agreed } = needs
  const newToken = () => Buffer.from(chance.bytes(32)).toString('base64url')
  const until = () => new Date(clock.now().getTime() + hours * 3_600_000)

  /** @throws Fault closed, kernel.limits.too_many of the network; of an address nothing is ever said */
  async function ask(
    wish: Wish & { marketing: boolean; locale: 'is' | 'en' },
    network: string,
  ): Promise<void> {
    if (registration === 'closed') throw fault.closed()
    await spend('network', network)
    const isMeant = await isWithinLimit(() => spend('address', wish.email))
    const id = ids.create('app')
    await atomically(async (parts) => {
      await parts.store.add({
        id,
        email: wish.email,
        name: wish.name,
        phone: wish.phone === '' ? null : wish.phone,
        birthDate: wish.birth_date,
        locale: wish.locale,
        guardianEmail: isMinor(wish.birth_date) && wish.guardian_email !== '' ? wish.guardian_email : null,
        consents: [...agreed.kinds, ...(wish.marketing ? (['marketing'] as const) : [])],
        consentVersion: agreed.version,
        createdAt: clock.now(),
      })
      // The job that is not meant finds nothing to do; it costs the same.
      await parts.enqueueAsked(isMeant ? id : 'app_none')
    })
  }

  /** The job. An address with an account is told so, by mail, where only its owner sees it. */
  async function deliver(id: string): Promise<void> {
    const made = await store.byId(id)
    if (made?.state !== 'unconfirmed') return
    const owner = await needs.ownerOf(made.email)
    if (owner !== null) {
      await send.known({ ...made, locale: owner.locale })
      return store.remove(id)
    }
    const token = newToken()
    await store.keepLink('confirm', token, id, until())
    await send.confirm(made, `${url}/register/confirm?token=${token}`)
  }

  async function look(purpose: 'confirm' | 'guardian', token: string): Promise<Application | null> {
    const id = await store.peekLink(purpose, token, clock.now())
    return id === null ? null : store.byId(id)
  }

  async function confirm(token: string): Promise<Onward> {
    const made = await atomically(async (parts) => {
      const id = await parts.store.takeLink('confirm', token, clock.now())
      const found = id === null ? null : await parts.store.byId(id)
      if (found === null) throw fault.used()
      const next = found.guardianEmail === null ? 'waiting' : 'guardian'
      const moved = await parts.store.move(found.id, 'unconfirmed', next)
      if (moved === null) throw fault.used()
      if (next === 'guardian') await parts.enqueueGuardian(moved.id)
      await parts.record(entry('joining.address-proven', 'person:unknown', moved.id))
      return moved
    })
    return made.state === 'guardian' ? { kind: 'guardian' } : ready(made)
  }

  /** Complete. Where the door is open nobody has to decide: whoever holds the link goes on to choose a password. */
  async function ready(made: Application): Promise<Onward> {
    if (registration !== 'open') return { kind: 'waiting' }
    const account = await atomically((parts) => accept(parts, made.id, 'service:identity'))
    return { kind: 'activate', token: await needs.issueActivation(account) }
  }

  async function deliverGuardian(id: string): Promise<void> {
    const made = await store.byId(id)
    if (made?.state !== 'guardian') return
    const token = newToken()
    await store.keepLink('guardian', token, id, until())
    await send.guardian(made, `${url}/register/guardian?token=${token}`)
  }

  /** A guardian agrees: what comes next goes to the person's own mailbox, which this is not. */
  async function agree(token: string): Promise<void> {
    await atomically(async (parts) => {
      const id = await parts.store.takeLink('guardian', token, clock.now())
      const moved = id === null ? null : await parts.store.move(id, 'guardian', 'waiting')
      if (moved === null) throw fault.used()
      await parts.record(entry('joining.guardian-agreed', 'person:unknown', moved.id))
      if (registration === 'open') await parts.invite(await accept(parts, moved.id, 'service:identity'))
    })
  }

  async function accept(parts: Parts, id: string, actor: string): Promise<string> {
    const decided = await parts.store.decide(id, 'approved', actor, null, clock.now())
    if (decided === null) throw await whyNot(parts.store, id)
    const account = await parts.addAccount(decided)
    if (account === null) throw fault.address_taken()
    await parts.record({ ...entry('joining.approved', actor, id), fields: ['account'] })
    return account
  }

  /** @returns the account that was made @throws Fault not_found, decided, not_ready, address_taken */
  const approve = (id: string, actor: string): Promise<string> =>
    atomically(async (parts) => {
      const account = await accept(parts, id, actor)
      await parts.invite(account)
      return account
    })

  async function reject(id: string, reason: string, actor: string): Promise<void> {
    await atomically(async (parts) => {
      const decided = await parts.store.decide(
        id,
        'rejected',
        actor,
        reason === '' ? null : reason,
        clock.now(),
      )
      if (decided === null) throw await whyNot(parts.store, id)
      await parts.enqueueRejected(id)
      await parts.record(entry('joining.rejected', actor, id))
    })
  }

  async function whyNot(from: JoiningStore, id: string): Promise<Error> {
    const found = await from.byId(id)
    if (found === null) return fault.not_found()
    return found.decidedAt === null ? fault.not_ready() : fault.decided()
  }

  async function deliverRejected(id: string): Promise<void> {
    const made = await store.byId(id)
    if (made?.state === 'rejected') await send.rejected(made)
  }

  const isUnborn = (birthDate: string) => new Date(birthDate) > clock.now()
  const isMinor = (birthDate: string) => comesOfAge(birthDate) > clock.now()
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * 86_400_000)

  return {
    registration,
    ask,
    deliver,
    look,
    confirm,
    deliverGuardian,
    agree,
    approve,
    reject,
    deliverRejected,
    isUnborn,
    isMinor,
    list: store.list,
    show: (id: string) => there(store.byId(id)),
    sweep: () => store.sweep(daysAgo(1), daysAgo(30)),
  }
}
export type Joining = ReturnType<typeof createJoining>

/** @throws Fault not_found */
async function there(found: Promise<Application | null>): Promise<Application> {
  return (await found) ?? Promise.reject(fault.not_found())
}

const entry = (action: string, actor: string, id: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Application', id },
  outcome: 'done',
})

function comesOfAge(birthDate: string): Date {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number)
  return new Date(Date.UTC(year + adult, month - 1, day))
}
