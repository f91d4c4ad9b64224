/** What a command is; who runs it is in `cli.ts`. */
import type { ParseArgsConfig } from 'node:util'
import type { Assembled, Kit, Service } from './define.ts'

export interface Out {
  /** A result: as a table or lines for people, as JSON with --json. */
  result(value: unknown, forPeople?: string): void
  /** Something said beside the result. */
  note(text: string): void
}

export interface CommandInput {
  readonly kit: Kit<Record<string, unknown>>
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly out: Out
  /** Who runs it, as the audit log names them. */
  readonly actor: string
  readonly service: Service
  readonly assembled: Assembled
}

export interface Command {
  readonly noun: string
  readonly verb: string
  /** One line. */
  readonly summary: string
  /** What comes after `althing noun verb`, as shown by --help. */
  readonly usage?: string
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** False for commands that need no features, only the database and the kit. */
  readonly assemble?: boolean
  /** @returns the exit code; 0 when nothing is returned. */
  run(input: CommandInput): Promise<number | void>
}

/** The command is right, and there is nothing of that name: said with what was looked for and how to find it, with the exit code 2. */
export class NothingFound extends Error {}

/** Somebody else has to be asked for it, and does not answer: said with what goes without them, with the exit code 3. */
export class Unreachable extends Error {}

/** The command was called in a way that it is not meant to be: said in a sentence, with the exit code 1. */
export class UsageError extends Error {}

/**
 * How many words a command takes beside its options, as its usage says it: `<file.csv>`, `[name]`, and any number where it has an
 * ellipsis. Words that nobody reads are a mistake of whoever wrote them: they believe that these are heard.
 */
export function mostWords(usage = ''): number {
  const places = usage.replaceAll(/\[--[^\]]*\]|--[\w-]+( <[^>]*>)?/g, '').match(/<[^>]*>|\[[^\]]*\]/g)
  if (places === null) return 0
  return places.some((place) => place.includes('…')) ? Infinity : places.length
}
