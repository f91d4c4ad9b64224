/**
 * The second step: a code of an application (RFC 6238), each once, and ten recovery codes for the day the telephone is lost, each
 * once. Beginning asks for nothing yet: only who has shown a right code is asked for one from then on. A secret that waits for that code
 * belongs to the session that began it, for a quarter of an hour.
 */
import { createHmac } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Chance, Clock } from '@althing/kernel/context'
import { openBox, sealBox } from '@althing/kernel/crypto'
import type { Atomically } from '@althing/kernel/service'
import type { By, Changed, Confirm, Confirmed, Confirmer } from '../proofs.ts'
import { isLongCode, newCode, readCode } from '../codes.ts'
import { fault } from './faults.ts'
import { codeCount, digits, periodSeconds, secretBytes, waitMs, type Totp } from './schema.ts'
import type { TwoStepStore } from './store.ts'

interface Parts {
  readonly store: TwoStepStore
  readonly record: (entry: AuditEntry) => Promise<void>
  /** Tells the owner by mail, and ends what was opened elsewhere before the change. */
  readonly changed: Changed<'two-step-on' | 'two-step-off' | 'codes-new'>
  /** The session has shown two factors from here on; its new cookie, or null when it is none of theirs or as strong already. */
  readonly strengthened: (account: string, session: string) => Promise<string | null>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: TwoStepStore
  readonly atomically: Atomically<Parts>
  readonly confirm: Confirm
  readonly sealingKey: Uint8Array
  /** As the application shows it: the organisation's name. */
  readonly organisation: string
}

/** What the page of enrolling shows. */
export interface Enrolling {
  readonly secret: string
  readonly uri: string
}

export interface TurnedOn {
  readonly codes: readonly string[]
  /** Of the session in which it was turned on. */
  readonly cookie: string | null
}

export function createTwoStep(needs: Needs) {
  const { clock, chance, store, atomically, sealingKey, organisation } = needs
  const place = (account: string) => Buffer.from(`althing/totp\n${account}`)
  const hashOf = (account: string, code: string) =>
    createHmac('sha256', sealingKey)
      .update(`althing/recovery-code\n${account}\n${readCode(code)}`)
      .digest()

  function opened({ account, sealed }: Totp): TOTP {
    const secret = openBox(sealingKey, sealed, place(account))
    if (secret === null)
      throw new Error('The secret of an authenticator does not open: it was altered or moved.')
    return totpOf(secret, account)
  }

  const totpOf = (secret: Uint8Array, label: string) =>
    new TOTP({
      issuer: organisation,
      label,
      algorithm: 'SHA1',
      digits,
      period: periodSeconds,
      secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    })

  /**
   * The same secret again for the session that began it: a page that was loaded twice must not make the first one wrong. Nobody else is
   * shown it, and nobody later: whoever had an open session for a minute would know the second step that its owner turns on next year.
   * @returns null when it is on already, or another session began at this very moment
   */
  async function begin(account: string, session: string, label: string): Promise<Enrolling | null> {
    const now = clock.now()
    const sealed = sealBox(sealingKey, chance.bytes(secretBytes), place(account), chance)
    await store.begin({ account, session, sealed, now, since: waitingSince(now) })
    const known = await store.totpOf(account)
    if (known === null || !isWaiting(known, session, now)) return null
    const totp = opened(known)
    totp.label = label
    return { secret: totp.secret.base32, uri: totp.toString() }
  }

  /**
   * It is shown here as it would be at the door, and beside a first factor that is fresh (routes.ts): so this session counts as one of
   * two factors, and nobody signs in once more to say the same (RFC 9470). A thief of a session that is as fresh gains nothing by it:
   * they could add a passkey of their own, and sign in with that.
   * @returns recovery codes, to be shown once @throws Fault wrong_code, not_begun
   */
  async function confirm(account: string, code: string, by: By): Promise<TurnedOn> {
    const known = await store.totpOf(account)
    if (known === null || !isWaiting(known, by.session, clock.now())) throw fault.not_begun()
    const step = stepOf(opened(known), code)
    if (step === null) throw fault.wrong_code()
    return atomically(async (parts) => {
      if (!(await parts.store.spend(account, step)) || !(await parts.store.confirm(known, clock.now())))
        throw fault.not_begun()
      const codes = await replaceCodes(parts, account)
      await parts.record({ action: 'two-step.on', actor: by.actor, target: target(account), outcome: 'done' })
      await parts.changed(account, 'two-step-on', by)
      const cookie = by.session === null ? null : await parts.strengthened(account, by.session)
      return { codes, cookie }
    })
  }

  async function replaceCodes(parts: Parts, account: string): Promise<readonly string[]> {
    const codes = Array.from({ length: codeCount }, () => newCode(chance))
    await parts.store.setCodes(
      account,
      codes.map((code) => hashOf(account, code)),
    )
    return codes
  }

  async function newCodes(account: string, by: By): Promise<readonly string[] | null> {
    if (!(await isOn(account))) return null
    return atomically(async (parts) => {
      const codes = await replaceCodes(parts, account)
      await parts.record({
        action: 'two-step.codes',
        actor: by.actor,
        target: target(account),
        outcome: 'done',
      })
      await parts.changed(account, 'codes-new', by)
      return codes
    })
  }

  /** The code that the application shows now, or the one just before or after; each step of time once. */
  async function checkTotp(account: string, code: string): Promise<boolean> {
    const known = await store.totpOf(account)
    if (known === null || known.confirmedAt === null) return false
    const step = stepOf(opened(known), code)
    return step !== null && (await store.spend(account, step))
  }

  function stepOf(totp: TOTP, code: string): number | null {
    const token = code.normalize('NFKC').replaceAll(/\s/g, '')
    if (!/^[0-9]{6}$/.test(token)) return null
    const timestamp = clock.now().getTime()
    const delta = totp.validate({ token, timestamp, window: 1 })
    return delta === null ? null : Math.floor(timestamp / 1000 / periodSeconds) + delta
  }

  const checkRecoveryCode = (account: string, code: string): Promise<boolean> =>
    store.takeCode(account, hashOf(account, code))

  /** Before it is turned off, or its codes are made anew. Counted with all other guesses at this account. */
  function show(who: Confirmer, code: string): Promise<Confirmed> {
    const isRecovery = isLongCode(code)
    return needs.confirm(who, isRecovery ? 'recovery-code' : 'totp', () =>
      isRecovery ? checkRecoveryCode(who.account, code) : checkTotp(who.account, code),
    )
  }

  const turnOff = (account: string, by: By): Promise<boolean> =>
    atomically((parts) => turnOffIn(parts, account, by))

  async function isOn(account: string): Promise<boolean> {
    return (await store.totpOf(account))?.confirmedAt != null
  }

  return {
    begin,
    confirm,
    newCodes,
    checkTotp,
    checkRecoveryCode,
    codesLeft: store.codesLeft,
    /** Null when it is off. */
    codesIfOn: async (account: string) => ((await isOn(account)) ? store.codesLeft(account) : null),
    turnOff,
    show,
    isOn,
  }
}
export type TwoStep = ReturnType<typeof createTwoStep>

const waitingSince = (now: Date) => new Date(now.getTime() - waitMs)

const isWaiting = ({ confirmedAt, session, createdAt }: Totp, by: string | null, now: Date): boolean =>
  confirmedAt === null && session !== null && session === by && createdAt > waitingSince(now)

/** Off means off: the recovery codes go with it. @returns whether it was on */
export async function turnOffIn(
  { store, record, changed }: Omit<Parts, 'strengthened'>,
  account: string,
  by: By,
): Promise<boolean> {
  const wasOn = await store.removeTotp(account)
  await store.setCodes(account, [])
  if (!wasOn) return false
  await record({
    action: 'two-step.off',
    actor: by.actor,
    target: target(account),
    outcome: 'done',
    reason: by.reason,
  })
  await changed(account, 'two-step-off', by)
  return true
}

const target = (id: string) => ({ type: 'Account', id })
