/** Applications as a file says they are: `clients plan` shows what would be done, `clients apply` does it. */
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { table, UsageError, type Command, type CommandInput, textIn } from '@althing/kernel/service'
import { composed } from './cli-common.ts'
import type { Keep, Step } from './clients/applying.ts'

const mostBytes = 4_000_000

export const clientFileCommands: readonly Command[] = [
  {
    noun: 'clients',
    verb: 'plan',
    usage: '<file>',
    summary:
      'Shows what would be made, changed, left and removed to have the applications as a file says (YAML or JSON). Those that stand in no line of it stay, unless --prune is said. Does nothing, and says the mark with which `clients apply --planned` does this and nothing else.',
    options: { prune: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const { clientApplying } = composed(input)
      const { steps, mark } = await clientApplying.plan(await wishedIn(input), input.values['prune'] === true)
      input.out.result({ steps, mark }, `${shown(steps)}\nTo do just this: --planned ${mark}`)
    },
  },
  {
    noun: 'clients',
    verb: 'apply',
    usage: '<file>',
    summary:
      'Has the applications as a file says, all of it or nothing. Secrets of new ones are shown once, or written to a new file that only its owner reads with --secrets-to. With --planned, and the mark that `clients plan` said, nothing is done when something is different by now.',
    options: { prune: { type: 'boolean' }, planned: { type: 'string' }, 'secrets-to': { type: 'string' } },
    assemble: false,
    async run(input) {
      const wished = await wishedIn(input)
      const to = input.values['secrets-to']
      const { prune, planned } = input.values
      const how = { prune: prune === true, ...(typeof planned === 'string' ? { planned } : {}) }
      const apply = (keep?: Keep) =>
        composed(input).clientApplying.apply(wished, { ...how, ...(keep && { keep }) }, input.actor)
      if (typeof to !== 'string') {
        const { steps, secrets } = await apply()
        const once = secrets.map(({ id, secret }) => `The secret of ${id}, shown only now: ${secret}`)
        return input.out.result({ steps, secrets }, [shown(steps), ...once].join('\n'))
      }
      const { steps, secrets } = await apply(keeperIn(to))
      const kept = secrets.length === 0 ? [] : [`Secrets of ${secrets.length} new ones are in ${to}.`]
      input.out.result(
        { steps, secrets: secrets.map(({ id }) => ({ id })) },
        [shown(steps), ...kept].join('\n'),
      )
    },
  },
]

const shown = (steps: readonly Step[]): string => {
  const count = (act: Step['act']) => steps.filter((one) => one.act === act).length
  const done = steps.filter(({ act }) => act !== 'leave')
  const rows = done.map(({ act, id, fields }) => ({ act, id, fields: fields.join(' ') || '-' }))
  const all = (['make', 'change', 'leave', 'remove', 'keep'] as const).map((act) => `${act}: ${count(act)}`)
  return [...(rows.length === 0 ? [] : [table(rows)]), all.join(', ')].join('\n')
}

/** @throws UsageError that says every mistake with its line and field */
async function wishedIn(input: CommandInput) {
  const [file] = input.positionals
  if (file === undefined) throw new UsageError('Say the file that says which applications there are.')
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
  if (statSync(file).size > mostBytes) throw new UsageError(`${file} is larger than ${mostBytes} bytes.`)
  const { clients, mistakes } = await composed(input).clientApplying.read(textIn(file))
  if (mistakes.length === 0) return clients
  const lines = mistakes.map(
    ({ line, field, why }) => `${file}:${line}: ${field === '' ? 'the file' : field}: ${why}`,
  )
  throw new UsageError(['The file is not right. Nothing was done.', ...lines].join('\n'))
}

/**
 * Written before what is done is settled: a secret that could be written nowhere is given to nobody. It is never a file that was there; what
 * this very run wrote it may write anew, when the database has it try once more.
 */
function keeperIn(file: string): Keep {
  let isOurs = false
  return (secrets) => {
    if (secrets.length === 0) return
    try {
      writeFileSync(file, `${JSON.stringify({ secrets }, null, 2)}\n`, {
        flag: isOurs ? 'w' : 'wx',
        mode: 0o600,
      })
      isOurs = true
    } catch (error) {
      const { code } = error as { code?: string }
      throw new UsageError(
        code === 'EEXIST'
          ? `${file} is there already and is not written over: it may have secrets that are nowhere else. Name another file, or move that one away. Nothing was done.`
          : `${file} cannot be written${code === undefined ? '' : ` (${code})`}. Nothing was done.`,
      )
    }
  }
}
