/** Overrides as they are told, and as the audit log has them. */
import type { AuditEntry } from '@althing/kernel/audit'
import { wordsFor } from '../action-words.ts'
import { fault } from './faults.ts'
import type { Override, OverrideShown } from './schema.ts'
import type { Filter, OverrideStore } from './store.ts'

interface Needs {
  readonly store: Pick<OverrideStore, 'list' | 'read' | 'standingOf'>
  readonly now: () => Date
}

export function createShowing({ store, now }: Needs) {
  async function list(filter: Filter, limit: number) {
    const found = await store.list(filter, limit + 1, now())
    const overrides = found.slice(0, limit).map(shown)
    return { overrides, next: found.length > limit ? (overrides.at(-1)?.id ?? null) : null }
  }

  /** @throws Fault no_override */
  async function read(id: string): Promise<Override> {
    const override = await store.read(id, now())
    if (override === null) throw fault.no_override()
    return override
  }

  /** As whom it is about reads it. */
  async function standing(person: string) {
    const found = await store.standingOf(person, now())
    return found.map(({ id, kind, role, actions, resource, reason, until, askedBy, decidedBy }) => {
      const by = [...new Set([askedBy, decidedBy ?? askedBy])].filter((one) => one !== `person:${person}`)
      const what = { kind, role, actions, words: wordsFor(actions), resource }
      return { id, ...what, reason, until: until.toISOString(), by }
    })
  }

  return { list, read, standing, show: async (id: string) => shown(await read(id)) }
}
export type Showing = ReturnType<typeof createShowing>

const written = (time: Date | null): string | null => time?.toISOString() ?? null

export function shown(override: Override): OverrideShown {
  const { askedAt, until, decideBy, decidedAt, endedAt, askedWith: _, ...one } = override
  return {
    ...one,
    words: wordsFor(one.actions),
    askedAt: askedAt.toISOString(),
    until: written(until),
    decideBy: decideBy.toISOString(),
    decidedAt: written(decidedAt),
    endedAt: written(endedAt),
  }
}

/** `fell`, `rehung`: what it hung on has ended (hanging.ts). */
export type Turn = 'asked' | 'in_force' | 'refused' | 'ended' | 'fell' | 'rehung'

/** Whoever asked for it stands beside whoever decided about it. */
export function lineOf(turn: Turn, one: Override, by: string, reason: string | null): AuditEntry {
  const { subject, actions, resource, role, until } = one
  return {
    action: `${one.kind === 'emergency' ? 'emergency' : 'overrides'}.${turn}`,
    actor: by,
    ...(one.askedBy === by ? {} : { onBehalfOf: one.askedBy }),
    target: { type: 'PolicyOverride', id: one.id },
    ...(reason === null ? {} : { reason }),
    outcome: 'done',
    fields: [
      one.kind,
      `for ${subject.type} ${subject.id}`,
      ...(role === null ? actions : [`role ${role}`]),
      ...(resource === null ? [] : [`on ${resource.type} ${resource.id}`]),
      ...(until === null ? [] : [`until ${until.toISOString()}`]),
      ...(one.isAlone ? ['alone'] : []),
    ],
  }
}
