/**
 * Which account is which member. The eID's kennitala decides; a proven mailbox does only where exactly one active member has it
 * and has no account yet. A link is never overwritten: what contradicts it is recorded and left to people.
 */
import type { Clock } from '@althing/kernel/context'
import type { MemberId, PersonId } from '../contract.ts'
import type { Changed, Member } from '../member.ts'
import type { Claim } from './schema.ts'
import type { ClaimStore } from './store.ts'

type Decision =
  | { readonly kind: 'link'; readonly member: Member; readonly by: 'kennitala' | 'email' }
  | { readonly kind: 'linked'; readonly member: Member; readonly proves: boolean }
  | { readonly kind: 'conflict'; readonly member: Member; readonly why: Conflict }
  | { readonly kind: 'unknown' }

type Conflict =
  | 'member_has_another_account'
  | 'account_has_another_member'
  | 'mailbox_belongs_to_linked_member'

interface Known {
  /** The member whose account this is already. */
  readonly own: Member | null
  readonly byKennitala: Member | null
  readonly byEmail: readonly Member[]
}

function decideLink(claim: Pick<Claim, 'person' | 'nationalId'>, known: Known): Decision {
  const { own, byKennitala, byEmail } = known
  if (claim.nationalId !== null) {
    // Who proved another kennitala than the row's is not that member, whatever mailbox they share.
    if (own !== null && own.kennitala !== claim.nationalId)
      return { kind: 'conflict', member: own, why: 'account_has_another_member' }
    if (own !== null) return { kind: 'linked', member: own, proves: own.linkedBy === 'email' }
    if (byKennitala === null) return { kind: 'unknown' }
    if (byKennitala.person !== null)
      return { kind: 'conflict', member: byKennitala, why: 'member_has_another_account' }
    return { kind: 'link', member: byKennitala, by: 'kennitala' }
  }
  if (own !== null) return { kind: 'linked', member: own, proves: false }
  const [only] = byEmail
  if (only === undefined || byEmail.length > 1) return { kind: 'unknown' }
  if (only.person !== null) return { kind: 'conflict', member: only, why: 'mailbox_belongs_to_linked_member' }
  return { kind: 'link', member: only, by: 'email' }
}

interface Needs {
  readonly clock: Clock
  readonly claims: ClaimStore
  readonly directory: {
    beside(): Promise<void>
    byPerson(person: PersonId): Promise<Member | null>
    byKennitala(kennitala: string): Promise<Member | null>
    activeByEmail(email: string): Promise<Member[]>
    link(id: MemberId, person: PersonId, by: 'kennitala' | 'email', at: Date): Promise<boolean>
    proveLink(id: MemberId): Promise<void>
  }
  readonly tell: {
    joined(person: PersonId, member: MemberId): Promise<void>
    left(person: PersonId, member: MemberId): Promise<void>
    linked(person: PersonId, member: MemberId): Promise<void>
  }
  readonly record: {
    linked(member: MemberId, person: PersonId, by: string): Promise<void>
    conflict(member: MemberId, person: PersonId, why: Conflict): Promise<void>
  }
}

/** Made for one transaction. */
export function createLinking({ clock, claims, directory, tell, record }: Needs) {
  /** An account proved something about itself. */
  async function identified(given: {
    readonly person: PersonId
    readonly nationalId?: string | undefined
    readonly email?: string | undefined
  }): Promise<void> {
    await directory.beside()
    const { person } = given
    const email = given.email?.toLowerCase() ?? null
    await settle(await claims.put({ person, nationalId: given.nationalId ?? null, email }, clock.now()))
  }

  async function settle(claim: Claim): Promise<void> {
    const { person, nationalId, email } = claim
    const decision = decideLink(claim, {
      own: await directory.byPerson(person),
      byKennitala: nationalId === null ? null : await directory.byKennitala(nationalId),
      byEmail: email === null ? [] : await directory.activeByEmail(email),
    })
    if (decision.kind === 'unknown') return
    if (decision.kind === 'conflict') return conflicted(claim, decision.member, decision.why)
    const { member } = decision
    if (decision.kind === 'link') {
      // Another account was quicker, and its link is committed: looked at again, this is a conflict.
      if (!(await directory.link(member.id, person, decision.by, clock.now()))) return settle(claim)
      await record.linked(member.id, person, decision.by)
      await tell.linked(person, member.id)
      if (member.status === 'active') await tell.joined(person, member.id)
    } else if (decision.proves) {
      await directory.proveLink(member.id)
    }
    await claims.drop(person)
  }

  /** Recorded once, not at every sign-in. */
  async function conflicted({ person, conflict }: Claim, member: Member, why: Conflict): Promise<void> {
    if (conflict === why) return
    await claims.setConflict(person, why)
    await record.conflict(member.id, person, why)
  }

  /** The register changed: who left, who came back, and whose account was waiting for their row. */
  async function changed(changes: readonly Changed[]): Promise<void> {
    for (const { before, after } of changes) {
      if (after.person === null || before === null || before.status === after.status) continue
      if (after.status === 'inactive') await tell.left(after.person, after.id)
      else await tell.joined(after.person, after.id)
    }
    const unlinked = changes.filter(({ after }) => after.person === null).map(({ after }) => after)
    if (unlinked.length === 0) return
    const waiting = await claims.matching(
      unlinked.map(({ kennitala }) => kennitala),
      unlinked.flatMap(({ email }) => email ?? []),
    )
    for (const claim of waiting) await settle(claim)
  }

  return { identified, changed }
}
export type Linking = ReturnType<typeof createLinking>
