/** Applications as a file says they are: first what would be done, then all of it or nothing. What is so already is left alone. */
import type { Chance } from '@althing/kernel/context'
import { fault } from './faults.ts'
import { readClients, type WishedEntry } from './file.ts'
import type { Judging } from './rules.ts'
import type { Client } from './schema.ts'
import type { Known } from './servers.ts'
import type { ClientStore } from './store.ts'
import {
  changedFields,
  fingerprint,
  sealedSecret,
  versionOf,
  type Writing,
  type WritingParts,
} from './writing.ts'

interface Needs extends Judging {
  readonly chance: Chance
  readonly sealingKey: Uint8Array
  readonly store: ClientStore
  readonly write: Writing
  readonly servers: () => Promise<Known['servers']>
}

/** `keep`: it stands in no line of the file, and stays all the same. */
export interface Step {
  readonly id: string
  readonly act: 'make' | 'change' | 'leave' | 'remove' | 'keep'
  readonly fields: readonly string[]
}

export interface Plan {
  readonly steps: readonly Step[]
  /** Of this very plan: of what is there, what is wished for, and so of what would be done. */
  readonly mark: string
}

interface How {
  readonly prune: boolean
  readonly planned?: string | undefined
  /** Whatever it throws undoes everything. */
  readonly keep?: Keep | undefined
}

type Secrets = readonly { readonly id: string; readonly secret: string }[]
export type Keep = (secrets: Secrets) => void

export interface Applied {
  readonly steps: readonly Step[]
  /** Of those that are new: answered once and never again. */
  readonly secrets: Secrets
}

const everyOne = 1_000_000

export function createApplying(needs: Needs) {
  const { store, write } = needs

  const plan = async (wished: readonly WishedEntry[], prune: boolean): Promise<Plan> => {
    const current = await store.list({}, '', everyOne)
    const steps = stepsFor(current, wished, prune)
    return { steps, mark: markOf(current, wished, steps) }
  }

  /**
   * Planned anew on what nobody else changes meanwhile: what was looked at before may be old.
   * @throws Fault plan_is_old, when it is not what `as.planned` is the mark of
   */
  const apply = (wished: readonly WishedEntry[], as: How, actor: string): Promise<Applied> =>
    write(async (parts) => {
      const current = await parts.lockedAll()
      const steps = stepsFor(current, wished, as.prune)
      if (as.planned !== undefined && as.planned !== markOf(current, wished, steps)) throw fault.plan_is_old()
      const secrets: { id: string; secret: string }[] = []
      for (const { id, act } of steps) {
        const entry = wished.find((one) => one.id === id)
        const before = current.find((one) => one.id === id)
        if (act === 'remove') await parts.remove(id, actor)
        if (entry === undefined || (act !== 'make' && act !== 'change')) continue
        const secret = await bring(parts, before, entry, actor)
        if (secret !== null) secrets.push({ id, secret })
      }
      as.keep?.(secrets)
      return { steps, secrets }
    })

  async function bring(
    parts: WritingParts,
    before: Client | undefined,
    entry: WishedEntry,
    actor: string,
  ): Promise<string | null> {
    const secret = sealedSecret(needs, entry.id, entry.metadata)
    const done =
      before === undefined
        ? await parts.make(entry, secret, actor)
        : await parts.change(before, entry, secret, actor)
    // Somebody has made it in this moment: everything is undone, and the next try finds it.
    if (done === null) throw fault.taken()
    await parts.setDisabled(entry.id, entry.isDisabled, actor)
    return done.secret
  }

  const read = async (text: string) =>
    readClients(text, { ...needs, known: { servers: await needs.servers() } })

  return { read, plan, apply }
}
export type Applying = ReturnType<typeof createApplying>

const markOf = (current: readonly Client[], wished: readonly WishedEntry[], steps: readonly Step[]): string =>
  fingerprint([
    current.map((one) => [one.id, versionOf(one), one.disabledAt !== null]),
    wished.map((one) => [one.id, versionOf(one), one.isDisabled]),
    steps,
  ])

function stepsFor(current: readonly Client[], wished: readonly WishedEntry[], prune: boolean): Step[] {
  const said = new Set(wished.map(({ id }) => id))
  return [
    ...wished.map((entry): Step => {
      const before = current.find(({ id }) => id === entry.id)
      if (before === undefined) return { id: entry.id, act: 'make', fields: [] }
      const fields = [
        ...changedFields(before, entry),
        ...((before.disabledAt !== null) === entry.isDisabled ? [] : ['disabled']),
      ]
      return { id: entry.id, act: fields.length === 0 ? 'leave' : 'change', fields }
    }),
    ...current
      .filter(({ id }) => !said.has(id))
      // What registered itself stands in no file, and does not go because of one.
      .map(({ id, metadata }): Step => {
        const goes = prune && metadata.registered_by === undefined
        return { id, act: goes ? 'remove' : 'keep', fields: [] }
      }),
  ]
}
