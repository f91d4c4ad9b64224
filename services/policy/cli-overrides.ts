/** What somebody in particular may or may not do for a while: for whoever has the machine in hand, alone, and the audit log says so. */
import { table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { chosen, composed, given, readAs, reasonIn } from './cli-common.ts'
import { heardOf, howNamed, named } from './cli-named.ts'
import { beside, peopleIn } from './cli-people.ts'
import type { PolicyKit } from './compose-access.ts'
import { composeOverrides } from './compose-overrides.ts'
import type { By } from './overrides/rules.ts'
import { Ask, AskEmergency, OverridePath, OverridesQuery, type OverrideShown } from './overrides/schema.ts'

const listOptions = {
  state: { type: 'string' },
  before: { type: 'string' },
  limit: { type: 'string' },
} as const

export const overrideCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'overrides',
    usage: '<list, deny, allow or end> [who, or id of an override] [action,action]',
    summary: `Shows overrides; denies or permits somebody something, alone, until a moment (--until) and on one thing (--on) or all; ends one. What changes something needs a --reason. ${howNamed}`,
    options: {
      ...listOptions,
      kind: { type: 'string' },
      subject: { type: 'string' },
      on: { type: 'string' },
      until: { type: 'string' },
      reason: { type: 'string' },
    },
    assemble: false,
    run: (input) =>
      chosen(input, {
        list: { run: list },
        deny: { run: make('deny'), reads: 2 },
        allow: { run: make('allow'), reads: 2 },
        end: { run: end, reads: 1 },
      }),
  },
  {
    noun: 'policy',
    verb: 'emergency',
    usage: '<list, lend or end> [person, or id of an emergency access] [role]',
    summary:
      'Shows emergency access; lends somebody, named by their e-mail address or id, what a role may do, alone, for some --minutes; ends it. What changes something needs a --reason.',
    options: { ...listOptions, minutes: { type: 'string' }, reason: { type: 'string' } },
    assemble: false,
    run: (input) =>
      chosen(input, {
        list: { run: listEmergency },
        lend: { run: lend, reads: 2 },
        end: { run: endEmergency, reads: 1 },
      }),
  },
]

const overriding = (input: CommandInput) =>
  composeOverrides(input.kit as unknown as PolicyKit, composed(input))

const byOf = ({ actor }: CommandInput): By => ({
  actor,
  person: null,
  roles: [],
  caller: null,
  isAlone: true,
})

async function list(input: CommandInput): Promise<void> {
  const { limit, ...filter } = queryIn(await withSubject(input), [
    'kind',
    'subject',
    'state',
    'before',
    'limit',
  ])
  await told(input, await overriding(input).overrides.list(filter, limit))
}

/** It is looked for by an id, of whatever kind: a word alone is one. */
async function withSubject(input: CommandInput): Promise<CommandInput> {
  const { subject } = input.values
  if (typeof subject !== 'string' || !/::|@/.test(subject)) return input
  return { ...input, values: { ...input.values, subject: (await named(input, subject)).id } }
}

async function listEmergency(input: CommandInput): Promise<void> {
  const { limit, ...filter } = queryIn(input, ['state', 'before', 'limit'])
  await told(input, await overriding(input).emergency.list(filter, limit))
}

function make(kind: 'allow' | 'deny') {
  return async (input: CommandInput): Promise<void> => {
    const [, somebody, written = ''] = input.positionals
    const actions = written
      .split(',')
      .map((action) => action.trim())
      .filter((action) => action !== '')
    if (somebody === undefined || actions.length === 0)
      throw new UsageError(
        `Say who and what: althing policy overrides ${kind} ada@example.org elections.open --until 2026-12-24T18:00:00Z --reason "…"`,
      )
    const { until, on } = input.values
    if (until === undefined) throw new UsageError('Say until when: --until 2026-12-24T18:00:00Z')
    const reason = reasonIn(input)
    const subject = await named(input, somebody)
    const resource = on === undefined ? null : await named(input, String(on))
    const asked = readAs(Ask, { kind, subject, actions, resource, until, reason }, called)
    const done = await heardOf(somebody, overriding(input).overrides.ask(asked, byOf(input)))
    input.out.result(done, `In force until ${done.until ?? ''}, by one hand: ${done.id}`)
    const beside = done.actions.filter((action) => !actions.includes(action))
    if (beside.length > 0)
      input.out.note(`Given with it: ${beside.join(', ')}. Without that nobody can use the rest.`)
  }
}

/** What is no option, and what is called otherwise on the command line. */
const called = { subject: 'Whom it is about', actions: 'What they do', resource: '--on', role: 'The role' }

async function lend(input: CommandInput): Promise<void> {
  const [, somebody, role] = input.positionals
  if (somebody === undefined || role === undefined)
    throw new UsageError(
      'Say to whom and which role: althing policy emergency lend ada@example.org administrator --minutes 60 --reason "…"',
    )
  const minutes = Number(input.values['minutes'] ?? 60)
  const asked = readAs(AskEmergency, { role, minutes, reason: reasonIn(input) }, called)
  const { type, id } = await named(input, somebody)
  if (type !== 'Person') throw new UsageError(`A role is lent to a person, and “${somebody}” is none.`)
  const done = await heardOf(somebody, overriding(input).emergency.lend(asked, id, byOf(input)))
  input.out.result(done, `In force until ${done.until ?? ''}, by one hand: ${done.id}`)
}

const end = (input: CommandInput) => ended(input, 'overrides')
const endEmergency = (input: CommandInput) => ended(input, 'emergency')

async function ended(input: CommandInput, verb: string): Promise<void> {
  const path = OverridePath.safeParse({ id: input.positionals[1] })
  if (!path.success)
    throw new UsageError(
      `Say which, by its id: althing policy ${verb} end ovr_… --reason "…"\nThe ids are in: althing policy ${verb} list`,
    )
  const done = await overriding(input).overrides.end(path.data.id, reasonIn(input), byOf(input))
  input.out.result(done, `It is ${done.state}.`)
}

const queryIn = (input: CommandInput, names: readonly string[]) => readAs(OverridesQuery, given(input, names))

async function told(
  input: CommandInput,
  page: { overrides: OverrideShown[]; next: string | null },
): Promise<void> {
  const people = await peopleIn(
    input,
    page.overrides.flatMap(({ subject, resource, askedBy, decidedBy }) => [
      subject.id,
      resource?.id,
      askedBy,
      decidedBy,
    ]),
  )
  const rows = page.overrides.map(({ id, kind, subject, role, actions, resource, until, ...one }) => ({
    id,
    kind,
    whom: beside(people, `${subject.type}::${subject.id}`),
    what: role ?? actions.join(' '),
    on: resource === null ? 'all' : beside(people, `${resource.type}::${resource.id}`),
    state: stateOf(one),
    until: until ?? '',
    by: byIn(one)
      .map((actor) => beside(people, actor))
      .join(' '),
    why: one.reason,
  }))
  input.out.result({ ...page, people }, table(rows))
  if (page.next !== null) input.out.note(`There is more: --before ${page.next}`)
}

type Shown = Pick<OverrideShown, 'state' | 'endedAt' | 'endedBy' | 'isAlone' | 'askedBy' | 'decidedBy'>

/** Nobody decided in time; or whoever asked may not ask any more. */
function stateOf({ state, endedAt, endedBy }: Shown): string {
  if (state !== 'lapsed' || endedAt === null) return state
  return endedBy === 'service:identity'
    ? 'lapsed: whoever asked has lost the role for it'
    : 'lapsed: whoever asked may not ask any more'
}

const byIn = ({ isAlone, askedBy, decidedBy }: Shown): readonly string[] =>
  isAlone ? [askedBy, 'alone'] : [askedBy, ...(decidedBy === null ? [] : [decidedBy])]
