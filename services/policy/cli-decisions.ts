/** What was decided, and what is kept of it: for whoever has the machine in hand. */
import { table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { z } from 'zod'
import { createRenewing } from './answers/renewing.ts'
import { chosen, given, readAs } from './cli-common.ts'
import { howNamed, named, withNames } from './cli-named.ts'
import { beside, peopleIn } from './cli-people.ts'
import type { PolicyKit } from './compose-access.ts'
import { composeDecisions } from './compose-decisions.ts'
import { FilterWritten, ListingWritten } from './decisions/asking.ts'
import type { Finding } from './decisions/schema.ts'
import { createEntityStore } from './entities/store.ts'
import type { Ref } from './known.ts'

const filterOptions = {
  subject: { type: 'string' },
  resource: { type: 'string' },
  action: { type: 'string' },
  caller: { type: 'string' },
  decision: { type: 'string' },
  policy: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
} as const

export const decisionCommands: readonly Command[] = [
  {
    noun: 'policy',
    verb: 'decisions',
    usage: '<list, show, verify or replay> [id]',
    summary: `Shows what was decided, or one decision with all that it was made of; compares the log with the audit log; makes decisions again. ${howNamed}`,
    options: { ...filterOptions, limit: { type: 'string' }, cursor: { type: 'string' } },
    assemble: false,
    run: (input) =>
      chosen(input, {
        list: { run: list },
        show: { run: show, reads: 1 },
        verify: { run: verify },
        replay: { run: replay, reads: 1 },
      }),
  },
  {
    noun: 'policy',
    verb: 'cache',
    usage: '<stats, clear or invalidate> [who or what …]',
    summary: `Shows what the running service keeps of earlier decisions; has every node forget it, or read anew what is named. ${howNamed}`,
    assemble: false,
    run: (input) =>
      chosen(input, {
        stats: { run: stats },
        clear: { run: clear },
        invalidate: { run: invalidate, reads: Infinity },
      }),
  },
]

const decisionsOf = ({ kit }: CommandInput) => composeDecisions(kit as unknown as PolicyKit)

async function read<S extends z.ZodType>(
  schema: S,
  input: CommandInput,
  names: readonly string[],
): Promise<z.output<S>> {
  return readAs(schema, given(await withNames(input, ['subject', 'resource']), names))
}

const filters = Object.keys(filterOptions)

async function list(input: CommandInput): Promise<void> {
  const asked = await read(ListingWritten, input, [...filters, 'limit', 'cursor'])
  const page = await decisionsOf(input).reading.list(asked, input.actor)
  const people = await peopleIn(input, page.decisions.flatMap(peopleOf))
  const rows = page.decisions.map(({ id, at, subject, action, resource, decision, determining }) => ({
    id,
    at,
    subject: beside(people, `${subject.type}::${subject.id}`),
    action,
    resource: beside(people, `${resource.type}::${resource.id}`),
    decided: decision ? 'allow' : 'deny',
    by: determining.join(' '),
  }))
  input.out.result({ ...page, people }, table(rows))
  if (page.next !== null) input.out.note(`There is more: --cursor ${page.next}`)
}

async function show(input: CommandInput): Promise<void> {
  const id = z.uuid().safeParse(input.positionals[1])
  if (!id.success) throw new UsageError('Say which, by its id: althing policy decisions show 2f1c…')
  const one = await decisionsOf(input).reading.show(id.data, input.actor)
  const told = { ...one, people: await peopleIn(input, peopleOf(one)) }
  input.out.result(told, JSON.stringify(told, null, 2))
}

/** Others have ids of their own. */
const peopleOf = ({ subject, resource }: { readonly subject: Ref; readonly resource: Ref }) =>
  [subject, resource].flatMap(({ type, id }) => (type === 'Person' ? [id] : []))

/** All of it, and the audit log that it is compared with. */
async function verify(input: CommandInput): Promise<number> {
  const { verifying } = decisionsOf(input)
  const sum = { batches: 0, rows: 0, erased: 0, findings: [] as Finding[] }
  for (let after: number | null = 0; after !== null;) {
    const part = await verifying.verify(after)
    sum.batches += part.batches
    sum.rows += part.rows
    sum.erased += part.erased
    sum.findings.push(...part.findings)
    after = part.next
  }
  const audit = await input.kit.audit.verify()
  const intact = sum.findings.length === 0 && audit.ok
  const counted = `${sum.rows} decisions in ${sum.batches} batches, ${sum.erased} of them of people who were erased.`
  const found = sum.findings.map(({ what, batch, place, decision }) => ({ what, batch, place, decision }))
  const lines = [
    counted,
    ...(found.length === 0 ? [] : [table(found)]),
    ...(audit.ok ? [] : ['The audit log itself is not intact: althing audit verify --service policy']),
    intact ? 'The log is what was written.' : 'The log is not what was written.',
  ]
  input.out.result({ ...sum, audit: audit.ok, intact }, lines.join('\n'))
  return intact ? 0 : 2
}

/** One, with the policies of then. */
async function replayOne(input: CommandInput, id: string): Promise<number> {
  const one = z.uuid().safeParse(id)
  if (!one.success) throw new UsageError('Say which, by its id: althing policy decisions replay 2f1c…')
  const made = await decisionsOf(input).again.make(one.data, 'then')
  const said = ({ decision, determining }: { decision: boolean; determining: readonly string[] }) =>
    `${decision ? 'allow' : 'deny'} ${determining.join(' ')}`.trim()
  const isSame = made.is !== null && said(made.is) === said(made.was)
  const lines = [
    `It was: ${said(made.was)}`,
    made.is === null ? `It cannot be made again: ${made.not ?? ''}.` : `It is: ${said(made.is)}`,
  ]
  input.out.result(made, lines.join('\n'))
  return isSame ? 0 : 2
}

async function replay(input: CommandInput): Promise<number> {
  const [, id] = input.positionals
  if (id !== undefined) return replayOne(input, id)
  const { limit, ...filter } = await read(
    FilterWritten.extend({ limit: z.coerce.number().int().min(1).max(10_000).default(1000) }),
    input,
    [...filters, 'limit'],
  )
  const made = await decisionsOf(input).replaying.replay({ ...filter, limit })
  const { equal, not, different, differences } = made
  const rows = different.map(({ id, was, is }) => ({
    id,
    was: `${was.decision ? 'allow' : 'deny'} ${was.determining.join(' ')}`,
    is: `${is.decision ? 'allow' : 'deny'} ${is.determining.join(' ')}`,
  }))
  const counted = `${equal} came out as they were, ${differences} otherwise; ${not.forgotten + not.redacted + not.policies} cannot be made again (${not.forgotten} forgotten, ${not.redacted} redacted, ${not.policies} without their policies).`
  input.out.result(made, [counted, ...(rows.length === 0 ? [] : [table(rows)])].join('\n'))
  return differences === 0 ? 0 : 2
}

/** It lives in the running process; the management address is the way to it. */
async function stats({ kit, service, out }: CommandInput): Promise<void> {
  if (!(kit as unknown as PolicyKit).config.cache)
    out.note(
      'No decision is kept: the cache is off. ALTHING_POLICY_CACHE=true in the environment of the service switches it on.',
    )
  const response = await fetch(`${kit.config.managementUrl}/${service.name}/metrics`, {
    signal: AbortSignal.timeout(5_000),
  })
  const counted = [
    ...(await response.text()).matchAll(/^policy_cache_total\{[^}]*outcome="(\w+)"[^}]*\} (\d+)/gm),
  ]
  const counts = Object.fromEntries(counted.map(([, outcome = '', count]) => [outcome, Number(count)]))
  const { hit = 0, miss = 0, evicted = 0, dropped = 0 } = counts
  const hitRatio = hit + miss === 0 ? 0 : hit / (hit + miss)
  out.result(
    { hit, miss, evicted, dropped, hitRatio },
    table([{ hit, miss, evicted, dropped, 'hit ratio': hitRatio.toFixed(3) }]),
  )
}

const renewing = ({ kit }: CommandInput) =>
  createRenewing({
    atomically: kit.atomic((db, tx) => ({ renew: createEntityStore(db).renew, record: tx.record })),
  })

async function clear(input: CommandInput): Promise<void> {
  const renewed = await renewing(input).renew([], input.actor)
  input.out.result(renewed, 'Every node decides anew.')
}

async function invalidate(input: CommandInput): Promise<void> {
  const written = input.positionals.slice(1)
  if (written.length === 0)
    throw new UsageError('Say what is to be read anew: althing policy cache invalidate ada@example.org')
  const refs: Ref[] = []
  for (const text of written) refs.push(await named(input, text))
  const renewed = await renewing(input).renew(refs, input.actor)
  input.out.result(renewed, `Every node reads ${refs.length} anew.`)
}
