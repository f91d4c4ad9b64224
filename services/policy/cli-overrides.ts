/** What somebody in particular may or may not do for a while: for whoever has the machine in hand, alone, and the audit log says so. */
import { table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { chosen, composed, reasonIn } from './cli-common.ts'
import type { PolicyKit } from './compose-access.ts'
import { composeOverrides } from './compose-overrides.ts'
import type { By } from './overrides/rules.ts'
import { Ask, AskEmergency, OverridePath, OverridesQuery, type OverrideShown } from './overrides/schema.ts'
import { Written } from './reference.ts'

const listOptions = {
  state: { type: 'string' },
  before: { type: 'string' },
  limit: { type: 'string' },
} as const

export const overrideCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'overrides',
    usage: '<list, deny, allow or end> [Type::somebody or id] [action,action…]',
    summary:
      'Shows overrides; denies or permits somebody something, alone, until a moment (--until) and on one thing (--on) or all; ends one. Needs a --reason.',
    options: {
      ...listOptions,
      kind: { type: 'string' },
      subject: { type: 'string' },
      on: { type: 'string' },
      until: { type: 'string' },
      reason: { type: 'string' },
    },
    assemble: false,
    run: (input) => chosen(input, { list, deny: make('deny'), allow: make('allow'), end }),
  },
  {
    noun: 'policy',
    verb: 'emergency',
    usage: '<list, lend or end> [person or id] [role]',
    summary:
      'Shows emergency access; lends somebody what a role may do, alone, for some --minutes; ends it. Needs a --reason.',
    options: { ...listOptions, minutes: { type: 'string' }, reason: { type: 'string' } },
    assemble: false,
    run: (input) => chosen(input, { list: listEmergency, lend, end }),
  },
]

const overriding = (input: CommandInput) =>
  composeOverrides(input.kit as unknown as PolicyKit, composed(input))

const byOf = ({ actor }: CommandInput): By => ({ actor, person: null, roles: [], isAlone: true })

async function list(input: CommandInput): Promise<void> {
  const { limit, ...filter } = queryIn(input, ['kind', 'subject', 'state', 'before', 'limit'])
  told(input, await overriding(input).overrides.list(filter, limit))
}

async function listEmergency(input: CommandInput): Promise<void> {
  const { limit, ...filter } = queryIn(input, ['state', 'before', 'limit'])
  told(input, await overriding(input).emergency.list(filter, limit))
}

function make(kind: 'allow' | 'deny') {
  return async (input: CommandInput): Promise<void> => {
    const [, somebody, actions] = input.positionals
    if (somebody === undefined || actions === undefined)
      throw new UsageError(
        `Say who and what: althing policy overrides ${kind} Person::acc_1 elections.open --until 2026-12-24T18:00:00Z --reason "…"`,
      )
    const { until, on } = input.values
    const asked = Ask.safeParse({
      kind,
      subject: refIn(somebody),
      actions: actions.split(','),
      resource: on === undefined ? null : refIn(String(on)),
      until,
      reason: reasonIn(input),
    })
    if (!asked.success)
      throw new UsageError(
        until === undefined
          ? 'Say until when: --until 2026-12-24T18:00:00Z'
          : `Not right: ${asked.error.issues[0]?.path.join(' ')}. ${asked.error.issues[0]?.message ?? ''}`,
      )
    const done = await overriding(input).overrides.ask(asked.data, byOf(input))
    input.out.result(done, `In force until ${done.until ?? ''}, by one hand: ${done.id}`)
  }
}

async function lend(input: CommandInput): Promise<void> {
  const [, somebody, role] = input.positionals
  if (somebody === undefined || role === undefined)
    throw new UsageError(
      'Say to whom and which role: althing policy emergency lend acc_1 administrator --minutes 60 --reason "…"',
    )
  const asked = AskEmergency.safeParse({
    role,
    minutes: Number(input.values['minutes'] ?? 60),
    reason: reasonIn(input),
  })
  if (!asked.success)
    throw new UsageError(
      `Not right: ${asked.error.issues[0]?.path.join(' ')}. ${asked.error.issues[0]?.message ?? ''}`,
    )
  const person = somebody.replace(/^Person::/, '')
  const done = await overriding(input).emergency.lend(asked.data, person, byOf(input))
  input.out.result(done, `In force until ${done.until ?? ''}, by one hand: ${done.id}`)
}

async function end(input: CommandInput): Promise<void> {
  const path = OverridePath.safeParse({ id: input.positionals[1] })
  if (!path.success) throw new UsageError('Say which, by its id: althing policy overrides end ovr_…')
  const done = await overriding(input).overrides.end(path.data.id, reasonIn(input), byOf(input))
  input.out.result(done, `It is ${done.state}.`)
}

/** @throws UsageError */
function refIn(written: string) {
  const ref = Written.safeParse(written)
  if (ref.success) return ref.data
  throw new UsageError(`“${written}” is no name of somebody or something. Write Type::id, as Person::acc_1.`)
}

/** @throws UsageError naming the option that is not right */
function queryIn({ values }: CommandInput, names: readonly string[]) {
  const given = Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  )
  const query = OverridesQuery.safeParse(given)
  if (query.success) return query.data
  const [issue] = query.error.issues
  throw new UsageError(`--${String(issue?.path[0] ?? '')} is not right. ${issue?.message ?? ''}`)
}

function told(input: CommandInput, page: { overrides: OverrideShown[]; next: string | null }): void {
  const rows = page.overrides.map(({ id, kind, subject, role, actions, resource, state, until, ...one }) => ({
    id,
    kind,
    whom: `${subject.type}::${subject.id}`,
    what: role ?? actions.join(' '),
    on: resource === null ? 'all' : `${resource.type}::${resource.id}`,
    state,
    until: until ?? '',
    by: one.isAlone ? `${one.askedBy} alone` : `${one.askedBy} ${one.decidedBy ?? ''}`.trim(),
    why: one.reason,
  }))
  input.out.result(page, table(rows))
  if (page.next !== null) input.out.note(`There is more: --before ${page.next}`)
}
