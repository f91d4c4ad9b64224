import { readFileSync } from 'node:fs'
import { migrateJobs } from '@althing/kernel/jobs'
import { runCommand, table, UsageError, type Command, type CommandInput } from '@althing/kernel/service'
import { Registry } from '@althing/kernel/telemetry'
import { Role } from '@althing/policy/contract'
import { z } from 'zod'
import { fault } from './accounts/faults.ts'
import { readAccounts } from './accounts/import.ts'
import type { Account } from './accounts/schema.ts'
import { ClientMetadata } from './clients/schema.ts'
import { compose, type IdentityKit } from './compose.ts'
import { Algorithm } from './keys/schema.ts'
import { createMetrics } from './metrics.ts'
import { identity } from './service.ts'

/** The commands need the features, not the running engine: they make no keys and open no door. */
const composed = ({ kit }: CommandInput) =>
  compose(kit as unknown as IdentityKit, createMetrics(new Registry()))

const shown = ({ id, email, name, status, roles }: Account) => ({
  id,
  email,
  name,
  status,
  roles: roles.join(' '),
})

async function find(input: CommandInput): Promise<Account> {
  const [who] = input.positionals
  if (who === undefined) throw new UsageError('Say whose account: its id or its e-mail address.')
  const { stores } = composed(input)
  const account = who.includes('@') ? await stores.accounts.byEmail(who) : await stores.accounts.byId(who)
  if (account === null) throw fault.not_found()
  return account
}

const statuses = { ban: 'banned', suspend: 'suspended', reinstate: 'active' } as const

export const commands: readonly Command[] = [
  {
    noun: 'users',
    verb: 'list',
    summary: 'Shows accounts in the order of their making.',
    options: { limit: { type: 'string' }, after: { type: 'string' } },
    assemble: false,
    async run(input) {
      const most = z.coerce
        .number()
        .int()
        .min(1)
        .max(10_000)
        .safeParse(input.values['limit'] ?? '50')
      if (!most.success) throw new UsageError('--limit is a number up to 10000.')
      const users = (
        await composed(input).stores.accounts.list(String(input.values['after'] ?? ''), most.data)
      ).map(shown)
      input.out.result({ users }, table(users))
    },
  },
  {
    noun: 'users',
    verb: 'show',
    usage: '<id or e-mail>',
    summary: 'Shows one account and where it is signed in.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      const sessions = (await composed(input).sessions.listOf(account.id)).map(
        ({ id, method, device, seenAt }) => ({ id, method, device, seen: seenAt.toISOString() }),
      )
      input.out.result({ ...shown(account), sessions }, `${table([shown(account)])}\n\n${table(sessions)}`)
    },
  },
  {
    noun: 'users',
    verb: 'activate',
    usage: '<id or e-mail>',
    summary: 'Sends a link by mail with which the person chooses a password.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      await migrateJobs((input.kit as unknown as IdentityKit).config.databaseUrl.reveal())
      await composed(input).activation.invite(account.id, input.actor)
      input.out.result({ id: account.id, sent: true }, `The link for ${account.id} is on its way.`)
    },
  },
  {
    noun: 'users',
    verb: 'import',
    usage: '<file.csv>',
    summary:
      'Makes accounts from a file with the columns email, name, kennitala, roles. All of them, or none when a row is wrong.',
    options: { 'password-stdin': { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const [file] = input.positionals
      if (file === undefined) throw new UsageError('Say which file.')
      const rows = readAccounts(readFileSync(file, 'utf8'))
      const { accounts, passwords } = composed(input)
      // One password for all is for demonstrations: its hash is made once.
      const phc =
        input.values['password-stdin'] === true
          ? await passwords.prepare(readFileSync(0, 'utf8').replace(/\r?\n$/, ''), {
              account: null,
              email: null,
              name: '',
            })
          : undefined
      const { made, known } = await accounts.importAll(rows, phc, input.actor)
      input.out.result({ made, known }, `${made} accounts made, ${known} were there already.`)
    },
  },
  {
    noun: 'users',
    verb: 'roles',
    usage: '<id or e-mail> [role …]',
    summary:
      'Gives an account exactly these roles. Tokens with the old ones are refused from the next request on.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      const roles = z.array(Role).safeParse(input.positionals.slice(1))
      if (!roles.success) throw new UsageError(`Roles are: ${Role.options.join(', ')}.`)
      const changed = await composed(input).accounts.setRoles(account.id, roles.data, input.actor)
      input.out.result(shown(changed), table([shown(changed)]))
    },
  },
  ...(Object.keys(statuses) as (keyof typeof statuses)[]).map((verb): Command => ({
    noun: 'users',
    verb,
    usage: '<id or e-mail>',
    summary: `${verb === 'reinstate' ? 'Opens a closed account again' : 'Closes an account, its sessions and its tokens'}.`,
    assemble: false,
    async run(input) {
      const account = await find(input)
      const changed = await composed(input).accounts.setStatus(account.id, statuses[verb], input.actor)
      input.out.result(shown(changed), table([shown(changed)]))
    },
  })),
  {
    noun: 'sessions',
    verb: 'revoke',
    usage: '<id or e-mail>',
    summary: 'Signs a person out everywhere, at once.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      const ended = await composed(input).accounts.signOutEverywhere(account.id, input.actor)
      input.out.result(
        { id: account.id, ended },
        `${ended} sessions ended; every token of ${account.id} is refused.`,
      )
    },
  },
  {
    noun: 'keys',
    verb: 'list',
    summary: 'Shows the keys that sign tokens.',
    assemble: false,
    async run(input) {
      const keys = (await composed(input).keys.list()).map(({ kid, alg, state, since }) => ({
        kid,
        alg,
        state,
        since: since.toISOString(),
      }))
      input.out.result({ keys }, table(keys))
    },
  },
  {
    noun: 'keys',
    verb: 'rotate',
    usage: '<ES256 or RS256>',
    summary:
      'Makes the next key the signing one. --now, for a key that leaked, does not wait until everybody can know the next one, and revokes the one before.',
    options: { now: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const alg = Algorithm.safeParse(input.positionals[0])
      if (!alg.success) throw new UsageError('Say which: ES256 or RS256.')
      const kid = await composed(input).keys.rotate(alg.data, input.actor, input.values['now'] === true)
      input.out.result({ kid }, `${kid} signs from now on.`)
    },
  },
  {
    noun: 'clients',
    verb: 'list',
    summary: 'Shows the applications that may sign people in.',
    assemble: false,
    async run(input) {
      const clients = (await composed(input).clients.list()).map(({ id, name, metadata }) => ({
        id,
        name,
        redirect_uris: metadata.redirect_uris.join(' '),
      }))
      input.out.result({ clients }, table(clients))
    },
  },
  {
    noun: 'clients',
    verb: 'add',
    usage: '<id> <name> <metadata.json>',
    summary: 'Registers an application (RFC 7591 metadata in a file). Its secret is shown once.',
    assemble: false,
    async run(input) {
      const [id, name, file] = input.positionals
      if (id === undefined || name === undefined || file === undefined)
        throw new UsageError('Say its id, its name, and the file with its metadata.')
      const metadata = ClientMetadata.safeParse(JSON.parse(readFileSync(file, 'utf8')))
      if (!metadata.success)
        throw new UsageError(
          `The metadata is not right: ${metadata.error.issues.map(({ path }) => path.join('.')).join(', ')}.`,
        )
      const registered = await composed(input).clients.register(id, name, metadata.data, input.actor)
      if (registered === null) throw new UsageError('There is a client of that id already.')
      input.out.result(
        { id, ...registered },
        `Registered. ${registered.secret === null ? 'It has no secret.' : `Its secret, shown only now: ${registered.secret}`}`,
      )
    },
  },
]

process.exitCode = await runCommand(identity, commands, process.argv.slice(2), process.env)
