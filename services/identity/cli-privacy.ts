import { closeSync, openSync, writeFileSync } from 'node:fs'
import { table, UsageError, type Command } from '@althing/kernel/service'
import { composed, confirm, find, readyJobs } from './cli-common.ts'

/** What somebody may ask of the office: everything about them, or that nothing is left. */
export const privacyCommands: readonly Command[] = [
  {
    noun: 'privacy',
    verb: 'export',
    usage: '<id or e-mail> <file.zip>',
    summary:
      'Writes everything that is held about a person into an encrypted archive. The passphrase is shown once.',
    assemble: false,
    async run(input) {
      const file = input.positionals[1]
      if (file === undefined) throw new UsageError('Say which file to write.')
      const { id } = await find(input)
      // Nothing that lies there already is overwritten, and nothing is gathered that could not be written.
      const place = openSync(file, 'wx', 0o600)
      const { archive, passphrase } = await composed(input).exports.makeFor(id, input.actor)
      writeFileSync(place, archive)
      closeSync(place)
      input.out.result({ id, file, passphrase }, `${file}   (opens with ${passphrase})`)
    },
  },
  {
    noun: 'privacy',
    verb: 'erase',
    usage: '<id or e-mail>',
    summary:
      'Has a person forgotten by every service, once their id is typed; --yes for scripts. It waits thirty days, in which it can be called off; --at-once does not.',
    options: { reason: { type: 'string' }, 'at-once': { type: 'boolean' }, yes: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const reason = input.values['reason']
      if (typeof reason !== 'string' || reason.trim() === '')
        throw new UsageError('Say why, with --reason: who asked for it, and when. No names.')
      const { id, name } = await find(input)
      const atOnce = input.values['at-once'] === true
      await confirm(input, {
        word: id,
        what: `${name} (${id}) will be forgotten by every service, ${atOnce ? 'at once' : 'in thirty days'}.`,
      })
      await readyJobs(input)
      const due = await composed(input).erasures.ask(id, { actor: input.actor, reason, atOnce })
      const when = atOnce ? 'within a minute' : `on ${due.toISOString().slice(0, 10)}`
      input.out.result({ id, due: due.toISOString() }, `${id} will be forgotten ${when}.`)
    },
  },
  {
    noun: 'privacy',
    verb: 'cancel',
    usage: '<id or e-mail>',
    summary: 'Calls an erasure off that is still waiting.',
    assemble: false,
    async run(input) {
      const { id } = await find(input)
      await readyJobs(input)
      await composed(input).erasures.cancel(id, input.actor)
      input.out.result({ id, cancelled: true }, `${id} stays.`)
    },
  },
  {
    noun: 'privacy',
    verb: 'list',
    summary: 'Shows who is to be forgotten, and which services have not confirmed yet.',
    assemble: false,
    async run(input) {
      const { erasures } = composed(input)
      const shown = []
      for (const { id, person, state, askedBy, dueAt } of await erasures.list()) {
        const open = (await erasures.partsOf(id)).filter(({ confirmedAt }) => confirmedAt === null)
        shown.push({
          person,
          state,
          by: askedBy,
          due: dueAt.toISOString(),
          missing: open.map(({ service }) => service).join(' '),
        })
      }
      input.out.result({ erasures: shown }, table(shown))
    },
  },
]
