/**
 * Lists name people by their ids. Beside each stands what they are called, and their address: identity alone knows that. Where it does not say that, be it
 * away, too busy or older than this question, the list stands without, and says so: whoever wants the list is not kept from it.
 */
import { isFault } from '@althing/kernel/errors'
import type { CommandInput } from '@althing/kernel/service'
import { people as peopleWith, PersonId } from '@althing/identity/contract'
import type { PolicyKit } from './compose-access.ts'

/** By the ids of their accounts, as `--json` has it. */
export type People = Readonly<Record<string, { readonly name: string; readonly email: string | null }>>

/** As many as identity tells of at once. */
const mostAtOnce = 1000

/** @param written as policy writes them: an id alone, of somebody who did something (`person:acc_…`), or with its type; all else is nobody */
export async function peopleIn(
  input: CommandInput,
  written: readonly (string | null | undefined)[],
): Promise<People> {
  const ids = [...new Set(written.flatMap((one) => idIn(one ?? '') ?? []))]
  const { peers } = input.kit as unknown as PolicyKit
  const found = []
  try {
    for (let at = 0; at < ids.length; at += mostAtOnce) {
      const some = await peers.peer('identity').call(peopleWith({ ids: ids.slice(at, at + mostAtOnce) }))
      found.push(...some.people)
    }
  } catch (error) {
    if (!isFault(error)) throw error
    input.out.note(`What people are called is missing: only identity knows, and ${whyNot(error.status)}.`)
  }
  return Object.fromEntries(found.map(({ id, name, email }) => [id, { name, email }]))
}

const whyNot = (status: number) => (status >= 500 ? 'it does not answer' : 'it does not say')

/** With what they are called, where that is known. */
export function beside(people: People, written: string): string {
  const one = people[idIn(written) ?? '']
  if (one === undefined) return written
  return `${written} (${[one.name, one.email].filter((word) => word !== null && word !== '').join(', ')})`
}

function idIn(written: string): PersonId | null {
  const id = PersonId.safeParse(written.slice(written.lastIndexOf(':') + 1))
  return id.success ? id.data : null
}
