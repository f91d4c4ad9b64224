/**
 * Taking one's data along: every service is asked what it holds, and the answers go into an archive that only the passphrase opens.
 * The passphrase is shown to the person alone, for a quarter of an hour or until they say that they have it, so that a page that is loaded
 * again costs nobody their archive; nothing new has to be made, and the day that is between two archives stays a day. It lies sealed under
 * a key that is not in the database until then and until the archive is made, and nowhere after that.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Chance, Clock } from '@althing/kernel/context'
import type { Section } from '@althing/kernel/privacy'
import type { Atomically } from '@althing/kernel/service'
import { newCode } from '../codes.ts'
import { makeArchive } from './archive.ts'
import { fault } from './faults.ts'
import type { ExportStore } from './export-store.ts'
import type { Export } from './schema.ts'

interface Person {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly locale: 'is' | 'en'
}

interface Parts {
  readonly store: ExportStore
  readonly enqueue: (id: string) => Promise<void>
  readonly enqueueReady: (account: string) => Promise<void>
  readonly record: (entry: AuditEntry) => Promise<void>
}

interface Needs {
  readonly clock: Clock
  readonly chance: Chance
  readonly newId: () => string
  readonly store: ExportStore
  readonly atomically: Atomically<Parts>
  readonly seal: (text: string, id: string) => Uint8Array
  /** @returns null when it was not sealed by us for this export */
  readonly open: (sealed: Uint8Array, id: string) => string | null
  /** Each service that is asked, and how. */
  readonly sources: readonly {
    readonly service: string
    readonly collect: (person: string) => Promise<readonly Section[]>
  }[]
  readonly find: (person: string) => Promise<Person | null>
  readonly sendReady: (to: Person & { readonly email: string }, until: Date) => Promise<void>
  readonly organisation: string
  readonly days: number
}

const dayMs = 86_400_000
/** Long enough to find a pen or a program that keeps passphrases; as long as a fresh proof is fresh, which looking at it asks for too. */
const shownMs = 15 * 60_000

export function createExports(needs: Needs) {
  const { clock, chance, newId, store, atomically, seal, open, sources, find, sendReady, days } = needs

  /** @returns which one; its passphrase can be looked at now @throws Fault often */
  async function ask(account: string, actor: string): Promise<string> {
    const [id, passphrase, now] = [newId(), newCode(chance), clock.now()]
    await atomically(async (parts) => {
      const isNew = await parts.store.beginExport({
        id,
        account,
        passphrase: seal(passphrase, id),
        parts: sources.length,
        now,
        notSince: new Date(now.getTime() - dayMs),
        endsAt: ends(now),
        shownUntil: new Date(now.getTime() + shownMs),
      })
      if (!isNew) throw fault.often()
      await parts.enqueue(id)
      await parts.record(entry('privacy.export-asked', actor, account))
    })
    return id
  }

  /** Null when it is somebody else's, or not to be seen any more. */
  async function passphraseOf(id: string, account: string): Promise<string | null> {
    const sealed = await store.passphrase(id, account, clock.now())
    return sealed === null ? null : open(sealed, id)
  }

  /** The job. A service that is away makes it throw and come back later; what was asked before is asked again. */
  async function make(id: string): Promise<void> {
    const asked = await store.exportById(id)
    if (asked?.state !== 'waiting') return
    const passphrase = asked.passphrase === null ? null : open(asked.passphrase, id)
    if (passphrase === null) return store.failExport(id)
    const archive = await archiveOf(asked.account, passphrase, (done) => store.progress(id, done))
    const now = clock.now()
    await atomically(async (parts) => {
      if (await parts.store.finishExport(id, archive, now, ends(now))) await parts.enqueueReady(asked.account)
    })
  }

  /** For somebody who asks the office, on paper say: nothing is kept of it here. @returns the passphrase, which is said once */
  async function makeFor(
    account: string,
    actor: string,
  ): Promise<{ archive: Uint8Array; passphrase: string }> {
    const passphrase = newCode(chance)
    const archive = await archiveOf(account, passphrase, async () => {})
    await atomically((parts) => parts.record(entry('privacy.export-made', actor, account)))
    return { archive, passphrase }
  }

  async function archiveOf(person: string, passphrase: string, progress: (done: number) => Promise<void>) {
    const parts = []
    for (const { service, collect } of sources) {
      parts.push({ service, sections: await collect(person) })
      await progress(parts.length)
    }
    const contents = { madeAt: clock.now(), person, organisation: needs.organisation, parts }
    return makeArchive(contents, passphrase)
  }

  /** The job: the letter is the owner's only warning that somebody took their data, so no failure of mail may lose it. */
  async function tellReady(account: string): Promise<void> {
    const [person, made] = await Promise.all([find(account), store.latestExport(account)])
    if (person?.email != null && made?.state === 'ready')
      await sendReady({ ...person, email: person.email }, made.endsAt)
  }

  /** @throws Fault no_export, not_ready */
  async function fetch(id: string, account: string): Promise<Uint8Array> {
    const archive = await store.archive(id, account, clock.now())
    if (archive !== null) {
      await atomically((parts) => parts.record(entry('privacy.export-fetched', `person:${account}`, account)))
      return archive
    }
    const asked = await store.exportById(id)
    throw asked?.account === account && asked.state === 'waiting' ? fault.not_ready() : fault.no_export()
  }

  /** One that failed does not count. */
  const mayAsk = (latest: Export | null): boolean =>
    latest === null || latest.state === 'failed' || latest.askedAt.getTime() <= clock.now().getTime() - dayMs

  const ends = (from: Date) => new Date(from.getTime() + days * dayMs)

  return {
    ask,
    passphraseOf,
    hidePassphrase: store.hidePassphrase,
    make,
    makeFor,
    tellReady,
    fetch,
    mayAsk,
    giveUp: store.failExport,
    latest: (account: string): Promise<Export | null> => store.latestExport(account),
    sweep: () => store.sweepExports(clock.now()),
  }
}
export type Exports = ReturnType<typeof createExports>

const entry = (action: string, actor: string, account: string): AuditEntry => ({
  action,
  actor,
  target: { type: 'Account', id: account },
  outcome: 'done',
})
