/** Commands about what looks dangerous: the feed, and why a sign-in would be weighed as it is. */
import { isIP } from 'node:net'
import { networkOf } from '@althing/kernel/http'
import { table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { severities, type Alert } from './alerts/schema.ts'
import { composed, find, limitOf } from './cli-common.ts'
import { ResolveReason, SecurityAlert } from './contract.ts'

const line = ({ id, kind, severity, account, network, count, lastSeen, state }: Alert) => ({
  id,
  kind,
  severity,
  account: account ?? '-',
  network: network ?? '-',
  count,
  last: lastSeen.toISOString(),
  state,
})

export const alertCommands: readonly Command[] = [
  {
    noun: 'alerts',
    verb: 'list',
    summary: 'Shows the security alerts that are open, the latest first.',
    options: { limit: { type: 'string' }, state: { type: 'string' }, severity: { type: 'string' } },
    assemble: false,
    async run(input) {
      const state = SecurityAlert.shape.state.safeParse(input.values['state'] ?? 'open')
      if (!state.success) throw new UsageError('--state is open or resolved.')
      const severity = SecurityAlert.shape.severity.optional().safeParse(input.values['severity'])
      if (!severity.success) throw new UsageError(`--severity is one of ${severities.join(', ')}.`)
      const filter = { state: state.data, severity: severity.data }
      const alerts = (await composed(input).alerts.list(filter, '', limitOf(input))).map(line)
      input.out.result({ alerts }, table(alerts))
    },
  },
  {
    noun: 'alerts',
    verb: 'show',
    usage: '<id>',
    summary: 'Shows one security alert, what speaks for it, and where it was told.',
    assemble: false,
    async run(input) {
      const { alert, deliveries } = await composed(input).alerts.show(idOf(input))
      const told = deliveries.map(
        ({ sink, deliveredAt }) => `${sink} ${deliveredAt?.toISOString() ?? 'not yet'}`,
      )
      const facts = {
        ...line(alert),
        signals: alert.signals.join(' '),
        first: alert.firstSeen.toISOString(),
        told: told.join(', ') || '-',
        resolved: alert.resolvedBy ?? '-',
        reason: alert.reason ?? '-',
      }
      input.out.result({ alert, deliveries }, table([facts]))
    },
  },
  {
    noun: 'alerts',
    verb: 'resolve',
    usage: '<id>',
    summary: 'Resolves a security alert. --reason says why, for whoever looks later.',
    options: { reason: { type: 'string' } },
    assemble: false,
    async run(input) {
      const reason = ResolveReason.safeParse(input.values['reason'])
      if (!reason.success) throw new UsageError('Say why with --reason, in 3 to 500 characters.')
      const { id } = await composed(input).alerts.resolve(idOf(input), reason.data, input.actor)
      input.out.result({ id }, `${id} is resolved.`)
    },
  },
  {
    noun: 'risk',
    verb: 'explain',
    usage: '<id or e-mail>',
    summary:
      'Shows which signals would count against a sign-in of this person now. --network says from where, --known on a device of theirs.',
    options: { network: { type: 'string' }, known: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const { id: account } = await find(input)
      const isKnown = input.values['known'] === true
      const looked = { account, network: networkIn(input), isKnown, isWhole: false }
      const { findings, score, ownScore, refusalScore, action } = await composed(input).risk.assess(looked)
      const rows = findings.map(({ signal, counts, weight, figures }) => ({
        signal,
        counts: counts ? 'yes' : 'no',
        weight,
        figures,
      }))
      const own = `without what others can bring about ${ownScore}, by which sessions end; without what they do in the same network ${refusalScore}, by which sign-ins are refused`
      input.out.result(
        { score, ownScore, refusalScore, action, signals: rows },
        `${table(rows)}\nscore ${score} of 100: ${action}\n${own}`,
      )
    },
  },
]

function idOf({ positionals: [id] }: CommandInput): string {
  if (id === undefined) throw new UsageError('Say which alert: its id, as `alerts list` shows it.')
  return id
}

function networkIn({ values: { network } }: CommandInput): string | null {
  if (network === undefined) return null
  if (typeof network !== 'string' || isIP(network) === 0) throw new UsageError('--network is an IP address.')
  return networkOf(network)
}
