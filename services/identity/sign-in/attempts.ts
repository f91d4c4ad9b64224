/**
 * A sign-in under way. What has been proven lies with us, sealed under a token that only this browser has: it is no session, has a
 * cookie of its own, and opens nothing but its next step (a session that was "not quite yet" has let people in elsewhere).
 */
import type { Chance, Clock } from '@althing/kernel/context'
import type { Cookie } from '@althing/kernel/http'
import type { AttemptStore } from './attempt-store.ts'
import type { Attempt } from './schema.ts'

const minutes = 10

/** Only the pages of signing in see it. */
export const attemptPath = '/sign-in'

/** Two sign-ins in two tabs do not disturb each other: each has its name in the address, and its own cookie. */
export const attemptCookie = (name: string): string => `althing_attempt_${name}`

/** What the browser keeps of it. */
export type AttemptCookie = Cookie

export interface Kept {
  readonly token: string
  readonly attempt: Attempt
  /** Begun by this very request, and kept nowhere so far: nobody else can go on with it. */
  readonly isNew: boolean
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly store: AttemptStore
}

export function createAttempts({ clock, chance, store }: Needs) {
  const random = (bytes: number) => Buffer.from(chance.bytes(bytes)).toString('base64url')
  return {
    /**
     * It has to be kept before another request can go on with it; one that comes to its end at once never is.
     * @returns its name, for the address, and the cookie with its token
     */
    begin(begun: Omit<Attempt, 'name'>): { kept: Kept; cookie: Cookie } {
      const [name, token] = [random(9), random(32)]
      const cookie = {
        name: attemptCookie(name),
        value: token,
        path: attemptPath,
        maxAgeSeconds: minutes * 60,
      }
      return { kept: { token, attempt: { ...begun, name }, isNew: true }, cookie }
    },

    /** Null when it is over, never was, or belongs to another browser. */
    async find(name: string, cookies: Readonly<Record<string, string | undefined>>): Promise<Kept | null> {
      const token = cookies[attemptCookie(name)]
      if (token === undefined || token === '') return null
      const attempt = await store.find(token, clock.now())
      return attempt?.name === name ? { token, attempt, isNew: false } : null
    },

    keep: ({ token, attempt, isNew }: Kept) =>
      isNew
        ? store.add(token, attempt, new Date(clock.now().getTime() + minutes * 60_000))
        : store.keep(token, attempt),
    /** Of any number that finish it at once one does: of a new one there is only one. */
    end: async ({ token, isNew }: Kept) => isNew || store.end(token, clock.now()),
  }
}
export type Attempts = ReturnType<typeof createAttempts>
