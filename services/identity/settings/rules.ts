/** What is in force, and where it comes from: the default, the preset that was chosen, or the environment. Nothing is changed here. */
import type { Declared, InForce, Weighed } from './schema.ts'
import { groups, type Group } from './table.ts'
import { meanings } from './texts.ts'
import { warningsOf } from './warnings.ts'

interface Needs {
  readonly declared: Readonly<Record<string, Declared>>
  readonly values: Readonly<Record<string, unknown>>
  /** Whether the environment, or a file that it names, says this one. */
  readonly isGiven: (env: string) => boolean
  /** What the preset makes of some of them. */
  readonly byPreset: Readonly<Record<string, unknown>>
  readonly weighed: Weighed
}

export function settingsInForce({ declared, values, isGiven, byPreset, weighed }: Needs): InForce {
  function shown(name: string): InForce['groups'][number]['settings'][number] {
    const { env, fallback, doc, secret } = declared[name] ?? missing(name)
    const isSet = isGiven(env)
    const own = values[name]
    const preset = Object.hasOwn(byPreset, name) ? byPreset[name] : own
    return {
      name,
      env,
      secret,
      isSet,
      value: secret ? null : textOf(preset),
      written: secret || preset === own ? null : textOf(own),
      fallback: secret ? null : (fallback ?? null),
      source: preset === own ? (isSet ? 'environment' : 'default') : 'preset',
      meaning: { en: doc, is: meanings[name] ?? doc },
    }
  }
  return {
    preset: String(values['preset']),
    groups: (Object.keys(groups) as Group[]).map((id) => ({ id, settings: groups[id].map(shown) })),
    warnings: warningsOf(weighed),
  }
}

const missing = (name: string): never => {
  throw new Error(`There is no setting ${name}.`)
}

/** As somebody would write it into the environment. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}
