import { readFileSync } from 'node:fs'
import { isFault } from '@althing/kernel/errors'
import {
  NothingFound,
  table,
  UsageError,
  type Command,
  type CommandInput,
  textIn,
} from '@althing/kernel/service'
import { OfficeRole } from '@althing/policy/contract'
import { z } from 'zod'
import { readAccounts } from './accounts/import.ts'
import type { Account } from './accounts/schema.ts'
import { composed, find, limitOf, readyJobs, reasonIn, shown } from './cli-common.ts'
import { ApplicationState } from './joining/schema.ts'

const statuses = { ban: 'banned', suspend: 'suspended', reinstate: 'active' } as const

/** As long as a page takes. */
function toldIn({ values }: CommandInput): string {
  const told = String(values['tell'] ?? '').trim()
  if (told.length > 500) throw new UsageError('--tell is too long: 500 characters at most.')
  return told
}

/** Who is a member, the register says: a command takes that away as little as a page does. */
function rolesIn({ positionals, values }: CommandInput): OfficeRole[] {
  const named = positionals.slice(1)
  if (named.includes('member'))
    throw new UsageError(
      'Who is a member, the register says: it is neither given nor taken here. Leave “member” out.',
    )
  const roles = z.array(OfficeRole).safeParse(named)
  if (!roles.success) throw new UsageError(`Roles are: ${OfficeRole.options.join(', ')}.`)
  if ((values['none'] === true) !== (roles.data.length === 0))
    throw new UsageError('Say which roles, or take all of them away with --none.')
  return roles.data
}

/** What a page refuses is done here, as whoever is at the machine can take it back; it is said what it has left behind. */
function tell(input: CommandInput, account: Account, isNobodyLeft: boolean): void {
  const words = isNobodyLeft
    ? '\n\nThis was the last superadministrator. Until somebody has the role again, pages can do nothing about it: althing people roles <id or e-mail> superadmin'
    : ''
  input.out.result(
    { ...shown(account), ...(isNobodyLeft ? { wasLastSuperadmin: true } : {}) },
    `${table([shown(account)])}${words}`,
  )
}

/** People, and how they come to have accounts. */
export const peopleCommands: readonly Command[] = [
  {
    noun: 'people',
    verb: 'list',
    summary: 'Shows accounts in the order of their making; --search finds a part of a name or an address.',
    options: { limit: { type: 'string' }, after: { type: 'string' }, search: { type: 'string' } },
    assemble: false,
    async run(input) {
      const { after, search } = input.values
      const filter = { q: String(search ?? ''), status: undefined, by: 'made' as const }
      const users = (
        await composed(input).stores.accounts.search(filter, String(after ?? ''), limitOf(input))
      ).map(shown)
      input.out.result({ users }, table(users))
    },
  },
  {
    noun: 'people',
    verb: 'show',
    usage: '<id or e-mail>',
    summary: 'Shows one account and where it is signed in.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      const sessions = (await composed(input).sessions.listOf(account.id)).map(
        ({ id, method, device, seenAt }) => ({ id, method, device, seen: seenAt.toISOString() }),
      )
      const places = sessions.length === 0 ? 'Signed in nowhere.' : table(sessions)
      input.out.result({ ...shown(account), sessions }, `${table([shown(account)])}\n\n${places}`)
    },
  },
  {
    noun: 'people',
    verb: 'activate',
    usage: '<id or e-mail>',
    summary: 'Sends a link by mail with which the person chooses a password.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      await readyJobs(input)
      await composed(input).activation.invite(account.id, input.actor)
      input.out.result({ id: account.id, sent: true }, `The link for ${account.id} is on its way.`)
    },
  },
  {
    noun: 'people',
    verb: 'import',
    usage: '<file.csv>',
    summary:
      'Makes accounts from a file with the columns email, name, kennitala, roles, agreed. All of them, or none when a row is wrong.',
    options: { 'password-stdin': { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const [file] = input.positionals
      if (file === undefined) throw new UsageError('Say which file.')
      const rows = readAccounts(textIn(file))
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
    noun: 'people',
    verb: 'roles',
    usage: '<id or e-mail> <role …>',
    options: { none: { type: 'boolean' }, reason: { type: 'string' } },
    summary:
      'Gives an account exactly these roles of the office; its person is told by mail. Tokens with the old ones are refused from the next request on. Who is a member, the register says: that stays. --reason stands in the audit log.',
    assemble: false,
    async run(input) {
      const account = await find(input)
      const roles = rolesIn(input)
      const reason = reasonIn({ ...input, positionals: input.positionals.slice(0, 1) })
      const { accounts, stores } = composed(input)
      const isLast = await stores.accounts.isLastSuperadmin(account.id)
      await readyJobs(input)
      const changed = await accounts.setOffice(account.id, roles, input.actor, reason)
      if (changed.stamp === account.stamp)
        throw new NothingFound(
          `Nothing was done: the roles of ${account.id} are so already, and nobody was told.`,
        )
      tell(input, changed, isLast && !changed.roles.includes('superadmin'))
    },
  },
  ...(Object.keys(statuses) as (keyof typeof statuses)[]).map((verb): Command => ({
    noun: 'people',
    verb,
    usage: verb === 'reinstate' ? '<id or e-mail> [reason …]' : '<id or e-mail> <reason …>',
    summary: `${verb === 'reinstate' ? 'Opens a closed account again' : 'Closes an account, its sessions and its tokens'}; its person is told by mail, with what --tell says to them.`,
    options: { tell: { type: 'string' }, reason: { type: 'string' } },
    assemble: false,
    async run(input) {
      const account = await find(input)
      const { accounts, stores } = composed(input)
      const isLast = await stores.accounts.isLastSuperadmin(account.id)
      const words = { reason: reasonIn(input), told: toldIn(input) }
      if (statuses[verb] === account.status)
        throw new NothingFound(
          `Nothing was done: ${account.id} is ${account.status} already, and nobody was told.`,
        )
      if (verb !== 'reinstate' && words.reason === '')
        throw new UsageError(`Say why, after the account: althing people ${verb} ${account.id} <reason …>`)
      await readyJobs(input)
      const changed = await accounts.setStatus(account.id, statuses[verb], input.actor, words)
      tell(input, changed, isLast && verb !== 'reinstate')
    },
  })),
  {
    noun: 'people',
    verb: 'reset-factors',
    usage: '<id or e-mail> <reason …>',
    summary:
      'Takes the second step and every passkey away from somebody who has lost them, and ends their sessions; they are told by mail, with the reason.',
    options: { reason: { type: 'string' } },
    assemble: false,
    async run(input) {
      const { id } = await find(input)
      const reason = reasonIn(input)
      if (reason === '')
        throw new UsageError(`Say why, after the account: althing people reset-factors ${id} <reason …>`)
      await readyJobs(input)
      const as = { actor: input.actor, session: null, reason }
      const taken = await composed(input)
        .accounts.resetFactors(id, input.actor, as)
        .catch((error: unknown) => {
          if (!isFault(error, 'identity.accounts.no_factors')) throw error
          throw new NothingFound(
            `Nothing was done: ${id} has no second step and no passkey that could be taken away.`,
          )
        })
      const what = [
        ...(taken.application ? ['the codes of an application'] : []),
        ...(taken.codes > 0 ? ['codes that are sent'] : []),
        ...(taken.passkeys > 0 ? [`${taken.passkeys} ${taken.passkeys === 1 ? 'passkey' : 'passkeys'}`] : []),
      ]
      input.out.result(
        { id, reset: true, ...taken },
        `Taken away: ${what.join(', ')}. ${taken.sessions} ${taken.sessions === 1 ? 'session' : 'sessions'} ended. ${id} signs in with a password or a link from now on.`,
      )
    },
  },
  {
    noun: 'people',
    verb: 'paper-code',
    usage: '<id or e-mail>',
    summary: 'Makes a code to hand over in person, in place of the first link. It is shown once.',
    assemble: false,
    async run(input) {
      const { id } = await find(input)
      const { code, until } = await composed(input).activation.issuePaper(id, input.actor)
      input.out.result(
        { id, code, until: until.toISOString() },
        `${code}   (at /activate, until ${until.toISOString()})`,
      )
    },
  },
  {
    noun: 'activation',
    verb: 'resend',
    usage: '<id or e-mail>',
    summary: 'Sends the first link once more; the one before it is worthless.',
    assemble: false,
    async run(input) {
      const { id } = await find(input)
      await readyJobs(input)
      await composed(input).activation.invite(id, input.actor)
      input.out.result({ id, sent: true }, `The link for ${id} is on its way.`)
    },
  },
  {
    noun: 'applications',
    verb: 'list',
    summary: 'Shows who asks for an account, those who have waited longest first.',
    options: { state: { type: 'string' } },
    assemble: false,
    async run(input) {
      const state = ApplicationState.safeParse(input.values['state'] ?? 'waiting')
      if (!state.success) throw new UsageError(`--state is one of ${ApplicationState.options.join(', ')}.`)
      const applications = (await composed(input).joining.list(state.data, '', 1000)).map(
        ({ id, name, email, createdAt }) => ({ id, name, email, since: createdAt.toISOString() }),
      )
      input.out.result({ applications }, table(applications))
    },
  },
  {
    noun: 'applications',
    verb: 'approve',
    usage: '<id>',
    summary: 'Makes the account and sends its first link.',
    assemble: false,
    async run(input) {
      const [id] = input.positionals
      if (id === undefined) throw new UsageError('Say which application.')
      await readyJobs(input)
      const account = await composed(input).joining.approve(id, input.actor)
      input.out.result({ id, account }, `${account} is made, and its link is on its way.`)
    },
  },
  {
    noun: 'applications',
    verb: 'reject',
    usage: '<id> [reason …]',
    summary: 'Refuses an application, with a reason that the person reads.',
    assemble: false,
    async run(input) {
      const [id, ...reason] = input.positionals
      if (id === undefined) throw new UsageError('Say which application.')
      await readyJobs(input)
      await composed(input).joining.reject(id, reason.join(' '), input.actor)
      input.out.result({ id, rejected: true }, `${id} is refused.`)
    },
  },
]
