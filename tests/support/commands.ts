/** Commands without a process of their own: what a process adds to them is in services/identity/cli.test.ts. */
import assert from 'node:assert/strict'
import { isFault } from '@althing/kernel/errors'
import {
  NothingFound,
  Unreachable,
  UsageError,
  type Assembled,
  type Command,
  type CommandInput,
  type Service,
} from '@althing/kernel/service'
import { identity } from '../../services/identity/service.ts'

/** @returns what runs one by its noun and verb, and says the exit code or what the system said, what people read, and what --json says */
export function commandRunner(
  { kit, assembled = { routes: [] } }: Pick<CommandInput, 'kit'> & { readonly assembled?: Assembled },
  commands: readonly Command[],
  service: Service = identity,
) {
  return async (
    [noun, verb, ...positionals]: readonly string[],
    values: Readonly<Record<string, string | boolean>> = {},
  ) => {
    const command =
      commands.find((one) => one.noun === noun && one.verb === verb) ?? assert.fail(`${noun} ${verb}`)
    let [value, out]: [unknown, string] = [undefined, '']
    const notes: string[] = []
    const told = {
      result: (one: unknown, text = '') => void ([value, out] = [one, text]),
      note: (text: string) => void notes.push(text),
    }
    const input = { kit, assembled, service, positionals, values }
    try {
      const code = (await command.run({ ...input, out: told, actor: 'operator:test' })) ?? 0
      return { code, out, value, err: '', notes }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const code = codeOf(error)
      if (code === undefined) throw error
      // As a process says it, below its sentence.
      const fields = isFault(error)
        ? error.fields.map(({ pointer, message }) => `  ${pointer}: ${message}`)
        : []
      return { code, out, value, err: [error.message, ...fields].join('\n'), notes }
    }
  }
}

function codeOf(error: Error): number | string | undefined {
  if (error instanceof UsageError) return 1
  if (error instanceof Unreachable) return 3
  if (error instanceof NothingFound || isFault(error)) return 2
  return 'code' in error ? String(error.code) : undefined
}
