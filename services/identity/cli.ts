import { runCommand, table, UsageError, type Command } from '@althing/kernel/service'
import { z } from 'zod'
import { composed, find, limitOf } from './cli-common.ts'
import { alertCommands } from './cli-alerts.ts'
import { clientCommands } from './cli-clients.ts'
import { registrationCommands } from './cli-registration.ts'
import { resourceCommands } from './cli-resources.ts'
import { serviceIdentityCommands } from './cli-service-identities.ts'
import { identityCommands } from './cli-identities.ts'
import { keyCommands } from './cli-keys.ts'
import { signalCommands } from './cli-signals.ts'
import { limitCommands } from './cli-limits.ts'
import { mailCommands } from './cli-mail.ts'
import { peopleCommands } from './cli-people.ts'
import { privacyCommands } from './cli-privacy.ts'
import { identity } from './service.ts'

const commands: readonly Command[] = [
  ...peopleCommands,
  ...privacyCommands,
  ...alertCommands,
  ...clientCommands,
  ...registrationCommands,
  ...resourceCommands,
  ...serviceIdentityCommands,
  ...identityCommands,
  ...limitCommands,
  ...mailCommands,
  ...keyCommands,
  ...signalCommands,
  {
    noun: 'login-events',
    verb: 'list',
    usage: '[id or e-mail]',
    summary: 'Shows who signed in or tried to, the latest first.',
    options: { limit: { type: 'string' }, refused: { type: 'boolean' } },
    assemble: false,
    async run(input) {
      const account = input.positionals.length === 0 ? undefined : (await find(input)).id
      const result = input.values['refused'] === true ? ('refused' as const) : undefined
      const events = (await composed(input).loginEvents.list({ account, result }, '', limitOf(input))).map(
        ({ at, account: who, method, result: ended, reason, network, device }) => ({
          at: at.toISOString(),
          account: who ?? '-',
          method,
          result: ended,
          reason: reason ?? '',
          network,
          device,
        }),
      )
      input.out.result({ events }, table(events))
    },
  },
  {
    noun: 'login-events',
    verb: 'reasons',
    summary: 'Shows why people were refused, and how often.',
    options: { days: { type: 'string' } },
    assemble: false,
    async run(input) {
      const days = z.coerce
        .number()
        .int()
        .min(1)
        .max(90)
        .safeParse(input.values['days'] ?? '1')
      if (!days.success) throw new UsageError('--days is a number up to 90.')
      const reasons = (await composed(input).loginEvents.reasons(days.data)).map(({ latest, ...reason }) => ({
        ...reason,
        latest: latest.toISOString(),
      }))
      input.out.result({ reasons }, table(reasons))
    },
  },
  {
    noun: 'passwords',
    verb: 'audit',
    summary: 'Shows under which kinds of hash passwords lie: what is left of an import. No password is read.',
    assemble: false,
    async run(input) {
      const kinds = await composed(input).stores.passwords.kinds()
      input.out.result({ kinds }, table(kinds))
    },
  },
  {
    noun: 'sessions',
    verb: 'clear-expired',
    summary: 'Removes sessions that are over. The running service does so every minute.',
    assemble: false,
    async run(input) {
      await composed(input).sessions.sweep()
      input.out.result({ cleared: true }, 'Sessions that are over are removed.')
    },
  },
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
]

process.exitCode = await runCommand(identity, commands, process.argv.slice(2), process.env)
