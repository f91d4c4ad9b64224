/**
 * What a source takes the place of and does not say itself: forgotten more often than taken back. Policies are known by the names that they were
 * compiled under, links among them: a text says the same in many ways, and its comments name what is not there.
 */
import type { Source } from '../authored.ts'
import { readCompiled } from './bundle.ts'

type Said = Source & { readonly compiled: string }

export interface Forgotten {
  readonly policies: readonly string[]
  readonly parts: readonly ('schema' | 'links' | 'tests')[]
}

export function forgottenIn(next: Said, before: Said): Forgotten {
  const { policies } = readCompiled(next.compiled)
  const names = Object.keys(readCompiled(before.compiled).policies)
  return {
    policies: names.filter((name) => !Object.hasOwn(policies, name)),
    parts: (['schema', 'links', 'tests'] as const).filter((part) => says(before, part) && !says(next, part)),
  }
}

/** Nothing but space, comments and the marks of a YAML document says nothing. */
const nothing = {
  schema: /^(\/\/.*)?$/,
  links: /^(---|\.\.\.)?\s*(#.*)?$/,
  tests: /^(---|\.\.\.)?\s*(#.*)?$/,
}

const says = (source: Source, part: keyof typeof nothing): boolean =>
  source[part].split('\n').some((line) => !nothing[part].test(line.trim()))
