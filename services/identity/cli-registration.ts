/** Words with which applications may register themselves (RFC 7591). */
import { table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { z } from 'zod'
import { strangerPolicies, type StrangerPolicy } from './clients/strangers.ts'
import { composed } from './cli-common.ts'
import type { IdentityKit } from './kit.ts'

export const registrationCommands: readonly Command[] = [
  {
    noun: 'clients',
    verb: 'registration-token',
    usage: '<create|list|revoke> [id]',
    summary:
      'Makes a word with which an application may register itself, shown once; lists them; takes one back. What was registered with it stays.',
    options: {
      note: { type: 'string' },
      policy: { type: 'string' },
      uses: { type: 'string' },
      days: { type: 'string' },
    },
    assemble: false,
    async run(input) {
      const [what, id] = input.positionals
      if (what === 'create') return create(input)
      if (what === 'list') return list(input)
      if (what === 'revoke') return revoke(input, id)
      throw new UsageError('Say what to do: create, list or revoke.')
    },
  },
]

/** The word is good, and nobody can use it: that is said where it is made, and not to whoever tries. */
const off =
  '\nNo application can register itself now: that is off. To turn it on set ALTHING_IDENTITY_CLIENT_REGISTRATION=token and start identity again. Its days count from today.'

async function create(input: CommandInput): Promise<void> {
  const { note = '', policy = 'oauth-2.1' } = input.values
  const known = strangerPolicies.find((one) => one === policy)
  if (known === undefined) throw new UsageError(`--policy is one of ${strangerPolicies.join(', ')}.`)
  if (typeof note !== 'string' || note === '' || note.length > 200)
    throw new UsageError('Say with --note for whom it is, in up to 200 characters.')
  const wished = {
    note,
    policy: known satisfies StrangerPolicy,
    mostUses: numberOf(input, 'uses', '1', 1_000),
    days: numberOf(input, 'days', '7', 365),
  }
  const { selfRegistration } = composed(input)
  const isOff = (input.kit as unknown as IdentityKit).config.clientRegistration === 'off'
  const { id, token } = await selfRegistration.createToken(wished, input.actor)
  input.out.result(
    { id, token, ...wished, registration: isOff ? 'off' : 'token' },
    `Made ${id}. The word, shown only now: ${token}${isOff ? off : ''}`,
  )
}

async function list(input: CommandInput): Promise<void> {
  const tokens = await composed(input).selfRegistration.listTokens()
  const rows = tokens.map(({ id, note, policy, uses, mostUses, expiresAt, revokedAt, createdBy }) => ({
    id,
    note,
    policy,
    uses: `${uses} of ${mostUses}`,
    ends: expiresAt.toISOString(),
    revoked: revokedAt?.toISOString() ?? '',
    by: createdBy,
  }))
  input.out.result({ tokens }, table(rows))
}

async function revoke(input: CommandInput, id: string | undefined): Promise<void> {
  if (id === undefined) throw new UsageError('Say which one: its id is in the list.')
  if (!(await composed(input).selfRegistration.revokeToken(id, input.actor)))
    throw new UsageError('There is none of that id, or it was taken back before. Look at the list.')
  input.out.result({ id }, `Nothing is registered with ${id} any more.`)
}

function numberOf({ values }: CommandInput, name: 'uses' | 'days', fallback: string, most: number): number {
  const said = z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .safeParse(values[name] ?? fallback)
  if (!said.success) throw new UsageError(`--${name} is a number up to ${most}.`)
  return said.data
}
