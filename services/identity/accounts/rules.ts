/**
 * An account is what a person is to us. Whatever changes what it may do raises its stamp, and every token with an older
 * stamp is refused from the next request on.
 */
import type { Ids } from '@althing/kernel/context'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import { mayGive, OfficeRole, ranksAbove } from '@althing/policy/contract'
import { actorOf, type Actor, type Office } from '../actors.ts'
import { fault } from './faults.ts'
import type { ImportRow } from './import.ts'
import type { Account, AccountStatus, NewAccount, TakenFactors } from './schema.ts'
import type { AccountStore } from './store.ts'
import { PersonId } from '../contract.ts'
import type { By } from '../proofs.ts'

interface Parts {
  readonly store: AccountStore
  readonly setPassword: (account: string, phc: string) => Promise<void>
  /** To the texts of that version, before they had an account. */
  readonly agreed: (account: string, version: string) => Promise<void>
  /** Ends every session; how many there were. */
  readonly endSessions: (account: string) => Promise<number>
  readonly revoke: (subject: string, stamp: number) => Promise<void>
  readonly tellRoles: (account: Account) => Promise<void>
  readonly tellIdentified: (account: Account) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

/** For what somebody does with an account that its person hears of. */
interface Telling extends Parts {
  /** @param told what whoever did it has to say to them; it is in the letter, and in the job until that is sent */
  readonly tellStanding: (account: string, status: Shown, told: string) => Promise<void>
  /** Which roles of the office they have from now on. */
  readonly tellOffice: (account: Account) => Promise<void>
  readonly takeFactors: (account: string, by: By) => Promise<TakenFactors>
}

type Shown = Exclude<AccountStatus, 'pending'>

interface Needs {
  readonly atomically: Atomically<Telling>
  readonly ids: Ids
}

/** Only what is below their own; an operator at the machine any. @throws Fault above_role */
function mayChange(by: Actor | Office, before: readonly string[], roles: readonly string[]): void {
  if (typeof by === 'string') return
  const differing = OfficeRole.options.filter((role) => roles.includes(role) !== before.includes(role))
  if (!differing.every((role) => mayGive(by.roles, role))) throw fault.above_role()
}

/** Which ones: no value about a person, and the first question of whoever looks later. */
const rolesEntry = ({ id, roles }: Account, actor: Actor): AuditEntry => ({
  action: 'accounts.roles',
  actor,
  target: { type: 'Account', id },
  outcome: 'done',
  fields: ['roles', ...roles],
})

/** What every change of roles or status brings with it. Whoever is shut out has no roles anywhere, whatever is kept for their return. */
async function announce({ revoke, tellRoles }: Parts, account: Account): Promise<void> {
  const isShut = account.status === 'suspended' || account.status === 'banned'
  await revoke(account.id, account.stamp)
  await tellRoles(isShut ? { ...account, roles: [] } : account)
}

/**
 * The account as nobody else changes it before this transaction ends: what is decided here is decided on what is so.
 * Nothing is done to whoever ranks as high, or has a duty; what somebody may not do to themselves is told to them as that. @throws Fault not_found, above_you
 */
async function below({ store }: Pick<Parts, 'store'>, id: string, by: Actor | Office): Promise<Account> {
  const account = await store.locked(id)
  if (account === null) throw fault.not_found()
  if (typeof by === 'string' || by.actor === `person:${id}`) return account
  if (!ranksAbove(by.roles, account.roles)) throw fault.above_you()
  return account
}

/**
 * Nobody shuts themselves out by a slip of the hand, and somebody remains who can open a door again. An operator at the machine
 * may: they can undo it where no page can be reached any more. @throws Fault yourself, last_superadmin
 */
async function mayLose({ store }: Parts, id: string, actor: Actor): Promise<void> {
  if (!actor.startsWith('person:')) return
  if (actor === `person:${id}`) throw fault.yourself()
  if (await store.isLastSuperadmin(id)) throw fault.last_superadmin()
}

/**
 * For who has lost what they prove themselves with: what is left is a password, or a link. Whoever is being given more at this moment has it first. Of
 * one's own nothing is taken without showing it: whoever got hold of a session would be rid of it here.
 * @param as how it is written down, and which session goes on
 */
async function takeIn(parts: Telling, id: string, by: Actor | Office, as: By): Promise<TakenFactors> {
  await below(parts, id, by)
  if (actorOf(by) === `person:${id}`) throw fault.own_factors()
  const taken = await parts.takeFactors(id, as)
  if (!taken.application && taken.codes + taken.passkeys === 0) throw fault.no_factors()
  return taken
}

const target = (id: string) => ({ type: 'Account', id })

export function createAccounts({ atomically, ids }: Needs) {
  /**
   * On a page or by command. By somebody of the office only roles below their own are given or taken, nobody changes themselves, and one
   * superadministrator remains. Whom it is about is written to; what the register says of them stays.
   * @throws Fault not_found, above_you, above_role, yourself, last_superadmin
   */
  async function setOffice(
    id: string,
    wished: readonly OfficeRole[],
    by: Actor | Office,
    reason = '',
  ): Promise<Account> {
    const roles = [...new Set(wished)]
    const actor = actorOf(by)
    return atomically(async (parts) => {
      await parts.store.lockSuperadmins()
      const before = await below(parts, id, by)
      if (actor === `person:${id}`) throw fault.yourself()
      mayChange(by, before.roles, roles)
      if (!roles.includes('superadmin')) await mayLose(parts, id, actor)
      const account = await parts.store.setOffice(id, roles, OfficeRole.options)
      // As it was wished already: nobody is signed out and written to for nothing.
      if (account === null) return before
      await parts.record({ ...rolesEntry(account, actor), ...(reason === '' ? {} : { reason }) })
      await announce(parts, account)
      await parts.tellOffice(account)
      return account
    })
  }

  /** A fact from elsewhere, within the transaction that remembers it: saying it twice changes nothing. */
  async function toggleRole(
    parts: Parts,
    id: string,
    role: string,
    granted: boolean,
    actor: Actor,
  ): Promise<void> {
    const account = await parts.store.toggleRole(id, role, granted)
    if (account === null) return
    await parts.record({
      action: granted ? 'accounts.role-granted' : 'accounts.role-removed',
      actor,
      target: target(id),
      outcome: 'done',
      fields: ['roles', role],
    })
    await announce(parts, account)
  }

  /**
   * Its person is told. When it is so already they are not, and whoever wanted them to be is: what they wrote went nowhere.
   * @param reason for whoever looks later @param told for the person
   * @throws Fault not_found, yourself, last_superadmin, already, not_yet: whoever has not used their first link is let in by that link alone
   */
  async function setStatus(
    id: string,
    status: Shown,
    by: Actor | Office,
    { reason = '', told = '' } = {},
  ): Promise<Account> {
    const actor = actorOf(by)
    return atomically(async (parts) => {
      await parts.store.lockSuperadmins()
      const { status: before } = await below(parts, id, by)
      if (status !== 'active') await mayLose(parts, id, actor)
      if (status === 'active' && before === 'pending') throw fault.not_yet()
      if (status === before) throw fault.already()
      const account = await (status === 'active' ? parts.store.letIn(id) : parts.store.shut(id, status))
      if (account === null) throw fault.not_found()
      await parts.record({
        action: `accounts.${status}`,
        actor,
        target: target(id),
        outcome: 'done',
        fields: ['status'],
        ...(reason === '' ? {} : { reason }),
      })
      if (status !== 'active') await parts.endSessions(id)
      // Whoever waits for their first link hears of nothing but that link.
      if (account.status !== 'pending') await parts.tellStanding(id, status, told)
      await announce(parts, account)
      return account
    })
  }

  async function signOutEverywhere(id: string, by: Actor | Office): Promise<number> {
    return atomically(async (parts) => {
      await below(parts, id, by)
      const account = await parts.store.bump(id)
      if (account === null) throw fault.not_found()
      const ended = await parts.endSessions(id)
      await announce(parts, account)
      await parts.record({
        action: 'sessions.ended-everywhere',
        actor: actorOf(by),
        target: target(id),
        outcome: 'done',
      })
      return ended
    })
  }

  /** @throws Fault not_found, above_you, own_factors, no_factors */
  const resetFactors = (id: string, by: Actor | Office, as: By): Promise<TakenFactors> =>
    atomically((parts) => takeIn(parts, id, by, as))

  /** One account, made by an administrator. It waits for its first link, or for a code on paper. @throws Fault taken */
  async function create(made: Pick<NewAccount, 'name' | 'email' | 'nationalId' | 'locale'>, actor: Actor) {
    return atomically(async (parts) => {
      const id = PersonId.parse(ids.create('acc'))
      const account = await parts.store.add({ ...made, id, status: 'pending' })
      if (account === null) throw fault.taken()
      await parts.record({ action: 'accounts.created', actor, target: target(id), outcome: 'done' })
      return account
    })
  }

  /**
   * Accounts from a file. With a password they are active at once and the operator vouches for the addresses; without one
   * they wait for their activation link. Who is there already is left as they are.
   */
  async function importAll(
    rows: readonly ImportRow[],
    phc: string | undefined,
    actor: Actor,
  ): Promise<{ made: number; known: number }> {
    return atomically(async (parts) => {
      const made = await parts.store.addMany(rows.map((row) => fresh(row, phc !== undefined)))
      const agreed = new Map(rows.map((row) => [row.email, row.agreed]))
      for (const account of made) {
        const version = agreed.get(account.email ?? '') ?? ''
        if (version !== '') await parts.agreed(account.id, version)
        if (phc !== undefined) {
          await parts.setPassword(account.id, phc)
          await parts.tellIdentified(account)
        }
        if (account.roles.length > 0) await parts.tellRoles(account)
      }
      await parts.record({
        action: 'accounts.imported',
        actor,
        outcome: 'done',
        reason: `${made.length} accounts`,
      })
      return { made: made.length, known: rows.length - made.length }
    })
  }

  function fresh(row: ImportRow, withPassword: boolean): NewAccount {
    return {
      id: PersonId.parse(ids.create('acc')),
      email: row.email,
      emailProven: withPassword,
      name: row.name,
      nationalId: row.kennitala === '' ? null : row.kennitala,
      roles: [...new Set<string>(row.roles)].sort(),
      status: withPassword ? 'active' : 'pending',
    }
  }

  return { create, setOffice, toggleRole, setStatus, signOutEverywhere, resetFactors, importAll }
}
export type Accounts = ReturnType<typeof createAccounts>
export type AccountParts = Parts
