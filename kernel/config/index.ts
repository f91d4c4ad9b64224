/**
 * Settings: environment → one frozen, typed object. Each setting says its name, its default and its meaning
 * where it is declared; the manual is made from that. All mistakes are reported at once.
 */
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { z } from 'zod'

/** A value that does not print: not in logs, not in JSON, not in a stack. */
export class Secret<T = string> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  /** The one way to the value; search for it when you review. */
  reveal(): T {
    return this.#value
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

export interface Setting<T> {
  readonly env: string
  readonly schema: z.ZodType<T>
  /** The value when the environment names none; absent means the setting is required. */
  readonly fallback?: string
  readonly doc: string
  readonly secret: boolean
}

export type Config = Readonly<Record<string, Setting<unknown>>>
export type Values<C extends Config> = {
  readonly [name in keyof C]: C[name] extends Setting<infer T> ? T : never
}

interface Declared<T> {
  readonly env: string
  readonly schema: z.ZodType<T>
  readonly fallback?: string
  readonly doc: string
}

/** A plain setting. `schema` parses the string of the environment. */
export function setting<T>(declared: Declared<T>): Setting<T> {
  return { ...declared, secret: false }
}

/** A setting that does not print. `ALTHING_X_FILE` may name a file instead, as secret stores mount them. */
export function secret(declared: Declared<string>): Setting<Secret> {
  return { ...declared, schema: declared.schema.transform((value) => new Secret(value)), secret: true }
}

/** Said by a setting that may be left out. */
export const optional = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value))

export const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off'])
  .transform((value) => ['true', '1', 'on'].includes(value))
export const integer = z.coerce.number().int()
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

export class ConfigError extends Error {
  readonly mistakes: readonly string[]
  constructor(mistakes: readonly string[]) {
    super(`These settings need your attention:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`)
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * @throws ConfigError naming every setting that is missing or wrong; it never quotes a value.
 */
export function loadConfig<C extends Config>(config: C, env: Environment): Values<C> {
  const values: Record<string, unknown> = {}
  const mistakes: string[] = []
  for (const [name, declared] of Object.entries(config)) {
    const raw = read(declared, env, mistakes)
    if (
      raw === undefined &&
      declared.fallback === undefined &&
      !declared.schema.safeParse(undefined).success
    ) {
      mistakes.push(`${declared.env} is missing: ${declared.doc}`)
      continue
    }
    const parsed = declared.schema.safeParse(raw ?? declared.fallback)
    if (parsed.success) values[name] = parsed.data
    else mistakes.push(`${declared.env} is not right (${whatIsWrong(parsed.error)}): ${declared.doc}`)
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return Object.freeze(values) as Values<C>
}

function read(declared: Setting<unknown>, env: Environment, mistakes: string[]): string | undefined {
  const file = declared.secret ? env[`${declared.env}_FILE`] : undefined
  if (file === undefined) return env[declared.env]
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    mistakes.push(`${declared.env}_FILE names a file that cannot be read.`)
    return undefined
  }
}

/** Whether an environment says a setting itself, or names a file that does; else its default is in force. */
export const isGivenIn =
  (env: Environment) =>
  (name: string): boolean =>
    env[name] !== undefined || env[`${name}_FILE`] !== undefined

/** Zod's messages may quote the input; the issue codes do not. */
function whatIsWrong(error: z.ZodError): string {
  return error.issues.map((issue) => issue.code.replaceAll('_', ' ')).join(', ')
}
