/** The commands that every service has: its migrations, its audit log, its limits, its jobs, its messages and its breakers. */
import { z } from 'zod'
import { networkOf } from '../http/index.ts'
import { UsageError, type Command, type CommandInput } from './command.ts'
import { messageCommands } from './message-commands.ts'
import { noSuch } from './near.ts'
import { table } from './table.ts'
import { queuedJobs, retryJobs } from '../jobs/index.ts'

/** What each limit has counted; of those who are called one of `who`. */
export async function showLimits(
  { kit, service, positionals: [name], out }: Pick<CommandInput, 'kit' | 'service' | 'positionals' | 'out'>,
  who?: readonly string[],
): Promise<void> {
  const limits = await kit.limits.show({
    ...(name === undefined ? {} : { name }),
    ...(who === undefined ? {} : { who }),
  })
  const rows = limits.map((limit) => ({ service: service.name, ...limit }))
  const nothing = who === undefined ? 'nothing is counted' : `nothing is counted of ${who[0] ?? ''}`
  out.result(
    { service: service.name, limits },
    limits.length === 0 ? `${service.name}: ${nothing}.` : table(rows),
  )
}

/** The names under which limits may count what an operator has in hand: an address of the net counts by its network. */
export const namesOf = (of: string): readonly string[] => [
  ...new Set([of, of.trim().toLowerCase(), networkOf(of.trim())]),
]

export const kernelCommands: readonly Command[] = [
  {
    noun: 'db',
    verb: 'migrate',
    summary: 'Brings the tables of the service up to date. Safe while it runs, safe to repeat.',
    assemble: false,
    async run({ service, out }) {
      // The command line migrates before every command; what is left to say is that it is done.
      out.result({ service: service.name, migrated: true }, `${service.name}: the tables are up to date.`)
    },
  },
  {
    noun: 'audit',
    verb: 'verify',
    summary: 'Recomputes the audit log from its rows and compares it with every head that was signed.',
    assemble: false,
    async run({ kit, service, out }) {
      const report = await kit.audit.verify()
      const line = report.ok
        ? `${service.name}: ${report.size} entries, intact.`
        : `${service.name}: NOT INTACT. ${report.problem}`
      out.result({ service: service.name, ...report }, line)
      return report.ok ? 0 : 2
    },
  },
  {
    noun: 'limits',
    verb: 'show',
    usage: '[name]',
    summary: 'Shows what each limit has counted; --of says of which account id, address or network.',
    options: { of: { type: 'string' } },
    assemble: false,
    async run(input) {
      const { of } = input.values
      await showLimits(input, typeof of === 'string' ? namesOf(of) : undefined)
    },
  },
  {
    noun: 'limits',
    verb: 'reset',
    usage: '[name]',
    summary: 'Forgets the counters of one limit; of every limit only with --all.',
    options: { all: { type: 'boolean' } },
    assemble: false,
    async run({ kit, service, positionals, values, out, actor }) {
      if ((positionals[0] === undefined) !== (values['all'] === true))
        throw new UsageError('Say which limit (althing limits show lists them), or --all.')
      const [name] = positionals
      if (name !== undefined && !kit.limits.names.includes(name))
        throw new UsageError(noSuch(`limit of ${service.name} called`, name, kit.limits.names))
      const reset = await kit.limits.reset(name)
      await kit.atomic((_db, tx) => tx)((tx) =>
        tx.record({
          action: 'limits.reset',
          actor,
          target: { type: 'Limit', id: name ?? 'all' },
          outcome: 'done',
        }),
      )
      const said = reset === 0 ? 'nothing was counted there' : `${reset} counters forgotten`
      out.result({ service: service.name, reset }, `${service.name}: ${said}.`)
    },
  },
  {
    noun: 'jobs',
    verb: 'list',
    summary:
      'Shows work that is not done, mail among it: what was given up first, then what fails, then what waits.',
    options: { failed: { type: 'boolean' } },
    assemble: false,
    async run({ kit, service, values, out }) {
      const all = await queuedJobs(kit.database)
      const jobs = all
        .filter(({ state }) => values['failed'] !== true || state !== 'waiting')
        .map(({ nextAt, error, person, ...job }) => ({
          service: service.name,
          ...job,
          person: person ?? '',
          next: nextAt.toISOString(),
          error: error ?? '',
        }))
      out.result(
        { service: service.name, jobs },
        jobs.length === 0 ? `${service.name}: nothing is waiting.` : table(jobs),
      )
    },
  },
  {
    noun: 'jobs',
    verb: 'retry',
    usage: '[id]',
    summary: 'Begins one job anew, or all that have failed.',
    assemble: false,
    async run({ kit, service, positionals: [id], out, actor }) {
      const retried = await kit.atomic((db, tx) => ({ db, tx }))(async ({ db, tx }) => {
        const count = await retryJobs(db, id)
        if (count > 0)
          await tx.record({
            action: 'jobs.retried',
            actor,
            target: { type: 'Job', id: id ?? 'all' },
            outcome: 'done',
          })
        return count
      })
      if (id !== undefined && retried === 0) throw new UsageError(await notRetried(kit, service.name, id))
      out.result({ service: service.name, retried }, `${service.name}: ${retried} begun anew.`)
    },
  },
  ...messageCommands,
  {
    noun: 'breakers',
    verb: 'list',
    summary: 'Shows each breaker of the running service and whether it is closed.',
    assemble: false,
    async run(input) {
      const breakers = await breakersOf(input)
      const lines = breakers.map(({ name, state }) => `${input.service.name}: ${name} ${state}`)
      input.out.result(
        { service: input.service.name, breakers },
        lines.length === 0 ? `${input.service.name}: no breaker yet.` : lines.join('\n'),
      )
    },
  },
  {
    noun: 'breakers',
    verb: 'reset',
    usage: '[name]',
    summary: 'Closes one breaker of the running service, or all.',
    assemble: false,
    async run(input) {
      const [name] = input.positionals
      const known = (await breakersOf(input)).map((one) => one.name)
      if (name !== undefined && !known.includes(name))
        throw new UsageError(noSuch(`breaker of ${input.service.name} called`, name, known))
      const answer = await ask(input, 'breakers/reset', { name })
      const { reset } = z.object({ reset: z.array(z.string()) }).parse(answer)
      await input.kit.atomic((_db, tx) => tx)((tx) =>
        tx.record({
          action: 'breakers.reset',
          actor: input.actor,
          target: { type: 'Breaker', id: name ?? 'all' },
          outcome: 'done',
        }),
      )
      input.out.result(
        { service: input.service.name, reset },
        `${input.service.name}: ${reset.length} reset.`,
      )
    },
  },
]

/** What failed is what an operator means; what is being done at this moment is left to end. */
async function notRetried({ database }: CommandInput['kit'], service: string, id: string): Promise<string> {
  const jobs = await queuedJobs(database)
  if (jobs.some((job) => job.id === id)) return `${service}: job ${id} is being done at this moment.`
  const failed = jobs.filter(({ state }) => state !== 'waiting').map((job) => `${job.id} (${job.job})`)
  const said =
    failed.length === 0 ? 'None has failed.' : `Those that have failed: ${failed.slice(0, 20).join(', ')}.`
  return `There is no job of ${service} called ${id}.\n${said}`
}

const Breakers = z.object({ breakers: z.array(z.object({ name: z.string(), state: z.string() })) })
const breakersOf = async (input: CommandInput) => Breakers.parse(await ask(input, 'breakers')).breakers

/** Breakers live in the running process; the management address is the way to them. */
async function ask(
  { kit, service }: Parameters<Command['run']>[0],
  path: string,
  body?: unknown,
): Promise<unknown> {
  const base = kit.config.managementUrl
  const init =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(`${base}/${service.name}/${path}`, {
    ...init,
    signal: AbortSignal.timeout(5_000),
  })
  return response.json()
}
