/**
 * Somebody or something, as an operator names them: `Type::id`, the id of an account, or an e-mail address. Which of the three it is, is seen by how
 * it is written, and never tried: an address within a name of the organisation's own kinds is that kind's, and a word alone is nobody's.
 */
import { isFault } from '@althing/kernel/errors'
import { NothingFound, Unreachable, UsageError, type CommandInput } from '@althing/kernel/service'
import { EmailAddress, people, PersonId } from '@althing/identity/contract'
import type { PolicyKit } from './compose-access.ts'
import type { Ref } from './known.ts'
import { Written } from './reference.ts'

/** For --help. */
export const howNamed = 'People are named by their e-mail address or id (acc_…), all else as Type::id.'

/** @throws UsageError, NothingFound, Unreachable */
export async function named(input: CommandInput, written: string): Promise<Ref> {
  const text = written.trim()
  if (text.includes('::')) return refIn(text)
  // An address may begin as an id does.
  if (text.includes('@')) return { type: 'Person', id: await personOf(input, text) }
  const id = PersonId.safeParse(text)
  if (id.success) return { type: 'Person', id: id.data }
  throw new UsageError(noName(text))
}

/** Policy hears of an account with its first role. @throws NothingFound that says so of whoever was named by an address */
export async function heardOf<T>(written: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isFault(error, 'policy.overrides.no_role') || !written.includes('@')) throw error
    throw new NothingFound(
      `“${written}” has an account, and nothing is known here of a role of theirs. Give them one: althing people roles ${written} <role>`,
      { cause: error },
    )
  }
}

/** What options say, with everybody who is named in them by an address named by their id. */
export async function withNames(input: CommandInput, options: readonly string[]): Promise<CommandInput> {
  const values = { ...input.values }
  for (const option of options) {
    const written = values[option]
    if (typeof written !== 'string') continue
    const { type, id } = await named(input, written)
    values[option] = `${type}::"${id.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  }
  return { ...input, values }
}

function refIn(text: string): Ref {
  const ref = Written.safeParse(text)
  if (!ref.success) throw new UsageError(noName(text))
  const { type, id } = ref.data
  // Nobody would be found under it, and a “no” would be taken for an answer about them.
  if (type === 'Person' && id.includes('@'))
    throw new UsageError(`The id of an account is no address. Write the address alone: ${id}`)
  return ref.data
}

const noName = (text: string) =>
  `“${text}” is no name of somebody or something. Write an e-mail address, the id of an account (acc_…), or Type::id, as Election::e1.`

async function personOf(input: CommandInput, text: string): Promise<string> {
  const email = EmailAddress.safeParse(text)
  if (!email.success) throw new UsageError(`“${text}” is no e-mail address. Write it whole: ada@example.org`)
  const [person] = await asked(input, email.data)
  if (person !== undefined) return person.id
  throw new NothingFound(
    `No account has the address “${text}”. Look for a part of its name or address: althing people list --search <words>`,
  )
}

/** Only identity knows. */
async function asked({ kit }: CommandInput, email: string) {
  try {
    const found = await (kit as unknown as PolicyKit).peers.peer('identity').call(people({ email }))
    return found.people
  } catch (error) {
    if (!isFault(error) || error.status < 500) throw error
    throw new Unreachable(
      `Whose address that is, only identity knows: ${error.title}\nWithout it people are named by their id: acc_…`,
      { cause: error },
    )
  }
}
