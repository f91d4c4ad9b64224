/** Facts that another service has not taken: what waits, what is told anew, and what nobody will ever understand. */
import { deadMessages, dropDead, reviveDead, unheardMessages } from '../db/index.ts'
import { UsageError, type Command, type CommandInput } from './command.ts'
import { table } from './table.ts'

export const messageCommands: readonly Command[] = [
  {
    noun: 'messages',
    verb: 'list',
    summary:
      'Shows what other services have not taken yet: first what is tried no more, then what waits longest.',
    assemble: false,
    async run({ kit, service, out }) {
      const found = await unheardMessages(kit.database)
      const messages = found.map(({ since, ...message }) => ({
        service: service.name,
        ...message,
        since: since.toISOString(),
      }))
      out.result(
        { service: service.name, messages },
        messages.length === 0 ? `${service.name}: all is told.` : table(messages),
      )
    },
  },
  {
    noun: 'messages',
    verb: 'retry',
    usage: '[topic]',
    summary:
      'Gives what another service has not taken for a day another day: all of it, or what is of one topic.',
    assemble: false,
    async run(input) {
      const { service, positionals, out } = input
      const [topic] = positionals
      const retried = await recorded(input, 'retried', topic ?? 'all', (db) => reviveDead(db, topic))
      out.result({ service: service.name, retried }, `${service.name}: ${retried} begun anew.`)
    },
  },
  {
    noun: 'messages',
    verb: 'drop',
    usage: '<id>',
    summary:
      'Gives up for good one message that another service has not taken for a day. What it says is then never told.',
    assemble: false,
    async run(input) {
      const { kit, service, positionals, out } = input
      const [id] = positionals
      if (id === undefined)
        throw new UsageError('Say which message: its id, as `althing messages list` shows it.')
      if ((await recorded(input, 'dropped', id, (db) => dropDead(db, id))) === 0)
        throw new UsageError(notDropped(service.name, id, await deadMessages(kit.database)))
      out.result({ service: service.name, dropped: id }, `${service.name}: ${id} is given up.`)
    },
  },
]

type Changing = (db: Parameters<typeof reviveDead>[0]) => Promise<number>

/** With the operator who did it, where something was done. */
function recorded(
  { kit, actor }: CommandInput,
  what: 'retried' | 'dropped',
  id: string,
  change: Changing,
): Promise<number> {
  return kit.atomic((db, tx) => ({ db, tx }))(async ({ db, tx }) => {
    const count = await change(db)
    const target = { type: 'Messages', id }
    if (count > 0) await tx.record({ action: `messages.${what}`, actor, target, outcome: 'done' })
    return count
  })
}

/** What is still tried is nobody's to give up: it may be on its way at this moment. */
function notDropped(service: string, id: string, dead: readonly { id: string; topic: string }[]): string {
  const some = dead.slice(0, 20).map((one) => `${one.id} (${one.topic})`)
  const said = some.length === 0 ? 'All are still tried.' : `Those that are: ${some.join(', ')}.`
  return `No message of ${service} called ${id} has been given up trying.\n${said}`
}
