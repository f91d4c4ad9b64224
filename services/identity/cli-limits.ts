/** `limits show --of`: what an operator has in hand, under each of the names by which the limits of identity count it. */
import { isIP } from 'node:net'
import { networkOf } from '@althing/kernel/http'
import { namesOf, showLimits, type Command, type CommandInput } from '@althing/kernel/service'
import { composed } from './cli-common.ts'
import { limitNamesOf } from './limit-names.ts'

export const limitCommands: readonly Command[] = [
  {
    noun: 'limits',
    verb: 'show',
    usage: '[name]',
    summary:
      'Shows what each limit has counted; --of says of whom: an account id, an address, a kennitala, a phone number, or a network. A device that an owner is known by counts by itself, and only it knows its name.',
    options: { of: { type: 'string' } },
    assemble: false,
    async run(input) {
      const { of } = input.values
      await showLimits(input, typeof of === 'string' ? await namesIn(input, of.trim()) : undefined)
    },
  },
]

async function namesIn(input: CommandInput, of: string): Promise<readonly string[]> {
  const { stores, loginEvents, clientOperations } = composed(input)
  const applications = (await clientOperations.list({}, '', 200)).map(({ id }) => id)
  const recent = await loginEvents.recentPlaces()
  if (isIP(of) !== 0) {
    const network = networkOf(of)
    const there = recent.filter((one) => one.network === network).flatMap(({ account }) => account ?? [])
    const accounts = (await Promise.all(there.map(stores.accounts.byId))).filter((one) => one !== null)
    return [
      ...namesOf(of),
      ...accounts.flatMap((account) => limitNamesOf(account, of, [network], applications)),
    ]
  }
  const account = of.startsWith('acc_')
    ? await stores.accounts.byId(of)
    : await stores.accounts.byIdentifier(of)
  const networks = [...new Set(recent.map(({ network }) => network))]
  return [...namesOf(of), ...limitNamesOf(account, of, networks, applications)]
}
