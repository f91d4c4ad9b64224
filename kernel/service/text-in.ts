import { readFileSync } from 'node:fs'
import { UsageError } from './command.ts'

/** What a file that somebody named says. @throws UsageError when it cannot be read, before anything is done */
export function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as { code?: string }
    throw new UsageError(
      code === 'ENOENT'
        ? `There is no file ${file}.`
        : `The file ${file} cannot be read${code === undefined ? '' : ` (${code})`}.`,
    )
  }
}
