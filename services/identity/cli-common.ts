/** What the commands of identity have in common. */
import { createInterface } from 'node:readline/promises'
import { migrateJobs } from '@althing/kernel/jobs'
import { NothingFound, textIn, UsageError, type CommandInput } from '@althing/kernel/service'
import { Registry } from '@althing/kernel/telemetry'
import { z } from 'zod'
import type { Account } from './accounts/schema.ts'
import { compose, type IdentityKit } from './compose.ts'
import { createMetrics } from './metrics.ts'

/** The commands need the features, not the running engine: they make no keys and open no door. */
export const composed = ({ kit }: CommandInput) =>
  compose(kit as unknown as IdentityKit, createMetrics(new Registry()))

export const shown = ({ id, email, name, status, roles }: Account) => ({
  id,
  email,
  name,
  status,
  roles: roles.join(' '),
})

export async function find(input: CommandInput): Promise<Account> {
  const [who] = input.positionals
  if (who === undefined) throw new UsageError('Say whose account: its id or its e-mail address.')
  return findBy(input, who)
}

/** By an id, an address, or a kennitala with or without its dash. @throws NothingFound */
export async function findBy(input: CommandInput, who: string): Promise<Account> {
  const { accounts } = composed(input).stores
  const account = who.startsWith('acc_') ? await accounts.byId(who) : await accounts.byIdentifier(who)
  if (account === null) throw new NothingFound(notFound(who))
  return account
}

const notFound = (who: string) =>
  `No account has the ${kindOf(who)} “${who}”. Look for a part of its name or address: althing people list --search <words>`

function kindOf(who: string): string {
  if (who.includes('@')) return 'address'
  return /^[\d\s-]+$/.test(who) ? 'kennitala' : 'id'
}

/** A command may come before the service has ever run: the queue is made ready for what it enqueues. */
export const readyJobs = ({ kit }: CommandInput) =>
  migrateJobs((kit as unknown as IdentityKit).config.databaseUrl.reveal())

export function limitOf({ values }: CommandInput): number {
  const most = z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .safeParse(values['limit'] ?? '50')
  if (!most.success) throw new UsageError('--limit is a number up to 10000.')
  return most.data
}

/**
 * What cannot be taken back is not done by a line that was copied with the wrong name in it: its word is typed by whoever reads what will
 * happen. A script says --yes; without a terminal nobody reads anything.
 */
export async function confirm(
  { out, values }: CommandInput,
  { what, word }: { readonly what: string; readonly word: string },
): Promise<void> {
  if (values['yes'] === true) return
  out.note(what)
  if (!process.stdin.isTTY) throw new UsageError('Say --yes where nobody can be asked.')
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const typed = await asking.question(`Type ${word} to go on: `)
    if (typed.trim() !== word) throw new UsageError('That is something else. Nothing was done.')
  } finally {
    asking.close()
  }
}

/** What --reason says, or else the words after the account. Who names a second account, or writes an address, has meant something else: nobody is closed by mistake. */
export function reasonIn({ positionals, values }: CommandInput): string {
  const [words, said] = [positionals.slice(1), String(values['reason'] ?? '').trim()]
  if (said !== '' && words.length > 0)
    throw new UsageError(`“${words.join(' ')}” is said beside --reason. Say the reason once.`)
  if (said !== '') words.push(...said.split(/\s+/))
  if (words.some((word) => word.includes('@') || word.startsWith('acc_')))
    throw new UsageError('One account at a time, and no address in a reason: it is kept for long.')
  const reason = words.join(' ')
  if (reason.length > 500) throw new UsageError('The reason is too long: 500 characters at most.')
  return reason
}

/** What a file of JSON says. @throws UsageError when it holds no object */
export function objectIn(file: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(textIn(file))
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new UsageError(`${file} holds no JSON object.`)
}
