/** Commands about letters: what became of them, and which mailboxes are held back. What waits is `jobs list`, begun anew by `jobs retry`. */
import { table, UsageError, type Command } from '@althing/kernel/service'
import { composed, find, limitOf } from './cli-common.ts'
import { ListedDelivery } from './contract.ts'

export const mailCommands: readonly Command[] = [
  {
    noun: 'mail',
    verb: 'list',
    usage: '[id or e-mail]',
    summary:
      'Shows what became of letters and text messages, the latest first; of one person, or in one --state.',
    options: { limit: { type: 'string' }, state: { type: 'string' } },
    assemble: false,
    async run(input) {
      const states = ListedDelivery.shape.state
      const state = states.optional().safeParse(input.values['state'])
      if (!state.success) throw new UsageError(`--state is one of ${states.options.join(', ')}.`)
      const account = input.positionals.length === 0 ? undefined : (await find(input)).id
      const { deliveries } = composed(input)
      const found = (await deliveries.list({ account, state: state.data }, '', limitOf(input))).map(
        ({ changedAt, address, subject, state: became, reason, tries }) => ({
          at: changedAt.toISOString(),
          address,
          subject: subject ?? '(text message)',
          state: became,
          reason: reason ?? '',
          tries,
        }),
      )
      input.out.result(
        { deliveries: found },
        found.length === 0 ? 'No letters in the days that are kept.' : table(found),
      )
    },
  },
  {
    noun: 'mail',
    verb: 'suppressed',
    summary: 'Shows the mailboxes that nothing is sent to, and why.',
    assemble: false,
    async run(input) {
      const found = (await composed(input).deliveries.suppressions()).map(
        ({ since, endsAt, detail, ...one }) => ({
          ...one,
          since: since.toISOString(),
          until: endsAt.toISOString(),
          detail: detail ?? '',
        }),
      )
      input.out.result(
        { suppressions: found },
        found.length === 0 ? 'No mailbox is held back.' : table(found),
      )
    },
  },
  {
    noun: 'mail',
    verb: 'lift',
    usage: '<e-mail>',
    summary: 'Lets letters go to a mailbox again, when its owner says that it works, or that they want them.',
    assemble: false,
    async run(input) {
      const [address] = input.positionals
      if (address === undefined) throw new UsageError('Say which address.')
      const carrier = await composed(input).deliveries.lift(address, input.actor)
      const more =
        carrier === 'kept' ? ' The carrier did not take it off its own lists: do that there too.' : ''
      input.out.result({ address, lifted: true, carrier }, `Letters go to ${address} again.${more}`)
    },
  },
]
