/** What is looked at from time to time: which secrets somebody is to be reminded of, which are over, and who was here last. */
import type { Clock } from '@althing/kernel/context'
import type { Atomically } from '@althing/kernel/service'
import type { DueSecret, Reminder } from './schema.ts'
import type { ClientStore } from './store.ts'
import type { Locale } from './texts.ts'

interface Administrator {
  readonly id: string
  readonly email: string
  readonly locale: Locale
  readonly name: string
}

interface Needs {
  readonly clock: Clock
  readonly store: ClientStore
  readonly atomically: Atomically<{
    readonly store: ClientStore
    readonly administrators: () => Promise<readonly { readonly id: string }[]>
    readonly enqueue: (reminder: Reminder) => Promise<void>
  }>
  /** Null when it is none any more. */
  readonly administrator: (account: string) => Promise<Administrator | null>
  readonly send: (to: Administrator, reminded: readonly Reminded[]) => Promise<void>
  readonly secretDays: number
  readonly warnDays: number
  readonly counted: (secrets: number) => void
  /** Nobody waits for it, and nothing is lost but the time of one use. */
  readonly onFailed: (error: unknown) => void
}

export interface Reminded {
  readonly client: string
  readonly name: string
  readonly madeAt: Date
  readonly endsAt: Date | null
}

/** In one letter; the others stand in the next one, ten minutes later. */
const mostAtOnce = 50
const [hourMs, dayMs] = [3_600_000, 86_400_000]

export function createTending(needs: Needs) {
  const { clock, store, atomically, administrator, send, secretDays, warnDays, counted, onFailed } = needs

  /** Once for each secret and each end: taken by one statement, so that of several nodes one reminds. */
  async function remind(): Promise<void> {
    const now = clock.now()
    const at = (ms: number) => new Date(now.getTime() + ms)
    const due: DueSecret[] = await atomically(async (parts) => {
      const taken = await parts.store.takeDue(now, at(-secretDays * dayMs), at(warnDays * dayMs), mostAtOnce)
      if (taken.length === 0) return taken
      for (const { id } of await parts.administrators()) await parts.enqueue({ account: id, due: taken })
      return taken
    })
    counted(due.length)
  }

  /** A secret that was retired, or an administrator who is none, since it was written down: nothing is sent. */
  async function deliver({ account, due }: Reminder): Promise<void> {
    const to = await administrator(account)
    if (to === null) return
    const live = await store.secretsOf([...new Set(due.map(({ client }) => client))], clock.now())
    const reminded: Reminded[] = []
    for (const { client, secret } of due) {
      const found = live.find(({ id }) => id === secret)
      const known = found === undefined ? null : await store.byId(client)
      if (found !== undefined && known !== null)
        reminded.push({ client, name: known.name, madeAt: found.madeAt, endsAt: found.endsAt })
    }
    if (reminded.length > 0) await send(to, reminded)
  }

  /** Which were noted by this node within the hour: what happens a thousand times a second is written once. */
  const noted = new Map<string, number>()
  const mostNoted = 10_000

  function used(client: string, secret?: string): void {
    const now = clock.now()
    const key = `${client}\n${secret ?? ''}`
    if (now.getTime() - (noted.get(key) ?? -Infinity) < hourMs) return
    if (noted.size >= mostNoted) noted.clear()
    noted.set(key, now.getTime())
    store.touch(client, secret, now).catch((error: unknown) => {
      noted.delete(key)
      onFailed(error)
    })
  }

  return { remind, deliver, used, sweep: () => store.sweepSecrets(clock.now()) }
}
export type Tending = ReturnType<typeof createTending>
