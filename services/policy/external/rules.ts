/**
 * Engines of an organisation's own may only say no: of what our policies allow, each that the action or the type of the thing is named to must
 * agree. All are asked at once. One that denies, fails, is late or was not asked because it had failed before makes it a denial; one that
 * agrees makes nothing a yes that was none.
 */
import type { Clock } from '@althing/kernel/context'
import type { Breaker } from '@althing/kernel/resilience'
import type { Agreed, Allowed, Others, Ruling } from '../deciding.ts'
import type { Opinion } from '../known.ts'
import { applies } from './applying.ts'
import { createAsking, type Answered, type Opine } from './asking.ts'
import { createHeard } from './heard.ts'
import type { AskedOutside, EnginePort } from './port.ts'
import type { EngineShown } from './schema.ts'
import { messageOf, type Redact } from './sending.ts'
import type { Engine } from './settings.ts'

/** An engine and the ways to it. */
export interface InUse {
  readonly engine: Omit<Engine, 'url' | 'token'>
  readonly port: EnginePort
  readonly breaker: Breaker
}

interface Needs {
  readonly inUse: readonly InUse[]
  readonly redact: Redact
  readonly clock: Clock
  /** Of each that was asked, or would have been. */
  readonly told: (opinion: Opinion) => void
}

export function createOthers({ inUse, redact, clock, told }: Needs): Others & {
  /** At the node that answers. */
  list(): EngineShown[]
} {
  const all = inUse.map((one) => ({
    ...one,
    asking: createAsking({ ...one, name: one.engine.name, deadlineMs: one.engine.deadlineMs }),
    heard: createHeard(clock),
  }))
  type One = (typeof all)[number]
  const thoseFor = (action: string, type: string) => all.filter(({ engine }) => applies(engine, action, type))

  function agree(allowed: readonly Allowed[]): Promise<readonly Agreed[]> {
    const opine = new Map(all.map((one) => [one, one.asking.together(allowed.length)]))
    // All that is sent and was seen is taken first: as soon as anything is waited for the world is another.
    const laid = allowed.map((one) => ({
      ruling: one.ruling,
      seen: one.ruling.seen(),
      asked: messagesFor(one),
    }))
    return Promise.all(
      laid.map(async ({ ruling, seen, asked }) => {
        const said = await Promise.all(asked.map(([one, message]) => opinionOf(one, message, opine.get(one))))
        return agreedOf({ ...ruling, seen: () => seen }, said)
      }),
    )
  }

  const messagesFor = (one: Allowed) =>
    thoseFor(one.question.action, one.question.resource.type).map(
      (engine) => [engine, messageOf(one, engine.engine.sends, redact)] as const,
    )

  async function opinionOf(
    { asking, heard }: One,
    message: AskedOutside | null,
    opine: Opine = asking.together(1),
  ): Promise<Answered> {
    const answered = await opine(message)
    heard.note(answered)
    told(answered)
    return answered
  }

  return {
    named: (action, type) => thoseFor(action, type).map(({ engine }) => engine.name),
    agree,
    list: () =>
      all.map(({ engine: { name, kind, actions, resources, sends, deadlineMs }, breaker, heard }) => ({
        name,
        kind,
        actions,
        resources,
        sends,
        deadlineMs,
        breaker: breaker.status().state,
        ...heard.told(),
      })),
  }
}
export type Outsiders = ReturnType<typeof createOthers>

/** Denials override: ours is a yes here, and stays one only when every one of them is. */
export function agreedOf(ruling: Ruling, said: readonly Answered[]): Agreed {
  const outside = { own: [...ruling.determining], said: said.map(writtenOf) }
  const against = said.filter(({ outcome }) => outcome !== 'allow')
  if (against.length === 0) return { ruling: { ...ruling, outside }, hints: {} }
  const denying = against.filter(({ outcome }) => outcome === 'deny')
  const reason = denying.find((one) => one.reason !== undefined)?.reason
  return {
    ruling: {
      ...ruling,
      outside,
      decision: false,
      determining: denying.map(({ engine }) => policyOf(engine)),
      errors: against.flatMap(({ engine, message }) =>
        message === undefined ? [] : [{ policy: policyOf(engine), message }],
      ),
    },
    hints: reason === undefined ? {} : { reason_user: reason },
  }
}

/** As a policy is named: no policy begins so (`policyId`). */
const policyOf = (engine: string): string => `engine/${engine}`

const writtenOf = ({ engine, outcome, why, milliseconds }: Answered): Opinion => ({
  engine,
  outcome,
  why,
  milliseconds,
})
