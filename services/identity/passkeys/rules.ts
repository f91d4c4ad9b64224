/**
 * Passkeys (WebAuthn Level 3): discoverable, with the person verified by their device, for our origin alone. A question is answered
 * once, by a key that lies with us, in a browser at our own address; everything else is not accepted, and nobody is told why.
 */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { AuditEntry } from '@althing/kernel/audit'
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { By, Changed } from '../proofs.ts'
import type { Challenges, Use } from './challenges.ts'
import { fault } from './faults.ts'
import { mostPasskeys, type Passkey } from './schema.ts'
import type { PasskeyStore } from './store.ts'

interface Taking {
  readonly store: PasskeyStore
  readonly record: (entry: AuditEntry) => Promise<void>
  readonly changed: Changed<'passkey-added' | 'passkey-removed'>
}

interface Parts extends Taking {
  readonly lockWays: (account: string) => Promise<void>
  readonly hasWay: (account: string) => Promise<boolean>
}

interface Needs {
  readonly clock: Clock
  readonly store: PasskeyStore
  readonly atomically: Atomically<Parts>
  readonly challenges: Challenges
  readonly organisation: string
  /** `https://id.example.org`: its host is what passkeys are bound to. */
  readonly origin: string
}

export function createPasskeys({ clock, store, atomically, challenges, organisation, origin }: Needs) {
  const rpID = new URL(origin).hostname
  // A third of a second and some megabytes that a world at rest does not need: loaded when somebody has a passkey.
  const library = () => import('@simplewebauthn/server')

  /** Names no key: the browser offers those it has for us, and we tell nobody who has one. */
  const askToSignIn = (only: readonly Passkey[] = []): PublicKeyCredentialRequestOptionsJSON => ({
    challenge: challenges.ask('sign-in'),
    rpId: rpID,
    userVerification: 'required',
    timeout: 300_000,
    allowCredentials: only.map(({ id, transports }) => ({
      id,
      type: 'public-key' as const,
      transports: transports as never[],
    })),
  })

  /** @returns whose passkey it is, or null when it is none of ours, or not an answer to a question of ours */
  async function check(text: string): Promise<{ account: string; isRight: boolean } | null> {
    const response = parsed(text) as AuthenticationResponseJSON | null
    const passkey = typeof response?.id === 'string' ? await store.byId(response.id) : null
    if (response === null || passkey === null) return null
    return { account: passkey.account, isRight: await answers(passkey, response) }
  }

  async function answers(passkey: Passkey, response: AuthenticationResponseJSON): Promise<boolean> {
    const { verifyAuthenticationResponse } = await library()
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: (challenge) => burn('sign-in', challenge),
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        // The counter is compared by the store, in the statement that keeps it: here two answers at once would both pass.
        credential: { id: passkey.id, publicKey: passkey.publicKey, counter: 0 },
      })
      return verified && (await store.use(passkey.id, authenticationInfo.newCounter, clock.now()))
    } catch {
      return false
    }
  }

  async function burn(use: Use, challenge: string): Promise<boolean> {
    const end = challenges.endOf(use, challenge)
    return end !== null && (await store.burn(challenge, end))
  }

  /** The passkeys that are there already are named, so that a device does not make a second one. */
  async function askToAdd(
    account: string,
    name: string,
    displayName: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await library()
    const options = await generateRegistrationOptions({
      rpName: organisation,
      rpID,
      userName: name,
      userDisplayName: displayName,
      userID: Uint8Array.from(Buffer.from(account)),
      attestationType: 'none',
      excludeCredentials: (await store.listOf(account)).map(({ id, transports }) => ({
        id,
        transports: transports as never[],
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      timeout: 300_000,
    })
    return { ...options, challenge: challenges.ask(`add:${account}`) }
  }

  /** @throws Fault not_accepted, too_many */
  async function add(account: string, text: string, name: string, by: By): Promise<void> {
    if ((await store.listOf(account)).length >= mostPasskeys) throw fault.too_many()
    const { verifyRegistrationResponse } = await library()
    const response = parsed(text) as RegistrationResponseJSON | null
    if (response === null) throw fault.not_accepted()
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) => burn(`add:${account}`, challenge),
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: true,
    }).catch((error: unknown) => {
      throw fault.not_accepted(error as Error)
    })
    if (!verified || registrationInfo === undefined) throw fault.not_accepted()
    const { credential, credentialBackedUp } = registrationInfo
    await atomically(async (parts) => {
      const isNew = await parts.store.add({
        id: credential.id,
        account,
        publicKey: Uint8Array.from(credential.publicKey),
        counter: credential.counter,
        transports: (credential.transports ?? []).filter((one) => /^[a-z-]{1,20}$/.test(one)).slice(0, 8),
        name,
        synced: credentialBackedUp,
        createdAt: clock.now(),
      })
      if (!isNew) throw fault.not_accepted()
      await parts.record({
        action: 'passkeys.added',
        actor: by.actor,
        target: { type: 'Account', id: account },
        outcome: 'done',
      })
      await parts.changed(account, 'passkey-added', by)
    })
  }

  /** Nobody locks themselves out: what is left is looked at when it is gone, and it comes back when it was the last. @throws Fault last */
  async function remove(id: string, account: string, by: By): Promise<boolean> {
    return atomically(async (parts) => {
      await parts.lockWays(account)
      if (!(await taken(parts, id, account, by))) return false
      if (!(await parts.hasWay(account))) throw fault.last()
      return true
    })
  }

  return {
    askToSignIn,
    check,
    askToAdd,
    add,
    remove,
    rename: store.rename,
    listOf: store.listOf,
    sweep: () => store.sweep(clock.now()),
  }
}
export type Passkeys = ReturnType<typeof createPasskeys>

async function taken(parts: Taking, id: string, account: string, by: By): Promise<boolean> {
  if (!(await parts.store.remove(id, account))) return false
  await parts.record({
    action: 'passkeys.removed',
    actor: by.actor,
    target: { type: 'Account', id: account },
    outcome: 'done',
    reason: by.reason,
  })
  await parts.changed(account, 'passkey-removed', by)
  return true
}

/** For who has lost them all: the office has another way for them. @returns how many there were */
export async function removePasskeysIn(parts: Taking, account: string, by: By): Promise<number> {
  let were = 0
  for (const { id } of await parts.store.listOf(account)) if (await taken(parts, id, account, by)) were += 1
  return were
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
