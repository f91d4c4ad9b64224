import { createReadStream, existsSync } from 'node:fs'
import { runCommand, table, UsageError, type Command } from '@althing/kernel/service'
import type { Preview } from './imports/schema.ts'
import { assembleImports, members } from './service.ts'

const importMembers: Command = {
  noun: 'members',
  verb: 'import',
  summary:
    'Looks at a CSV file of members and shows every mistake by row and column; with --commit applies it when there is none.',
  usage: '<file.csv> [--commit]',
  options: { commit: { type: 'boolean' } },
  assemble: false,
  async run({ kit, positionals, values, out, actor }) {
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new UsageError('Give one CSV file.')
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`)
    const imports = assembleImports(kit)
    const preview = await imports.check(createReadStream(file), actor)
    const isWrong = preview.counts.wrong > 0
    if (values['commit'] !== true || isWrong) {
      out.result(preview, describe(preview))
      return values['commit'] === true && isWrong ? 2 : 0
    }
    const committed = await imports.commit(preview.id, actor)
    out.result(committed, `${describe(preview)}\nApplied: ${inWords(committed.counts)}.`)
  },
}

export const commands: readonly Command[] = [importMembers]

function inWords({ new: fresh, changed, unchanged, wrong, skipped }: Preview['counts']): string {
  return `${fresh} new, ${changed} changed, ${unchanged} unchanged, ${wrong} wrong, ${skipped} left out`
}

function describe({
  columns,
  ignoredColumns,
  counts,
  errors,
  warnings,
  errorsTotal,
  warningsTotal,
}: Preview): string {
  const lines = [`Columns: ${columns.join(', ')}`]
  if (ignoredColumns.length > 0) lines.push(`Without meaning here: ${ignoredColumns.join(', ')}`)
  lines.push(`Rows: ${inWords(counts)}.`)
  if (errorsTotal > 0) lines.push('', `Mistakes (${errorsTotal}):`, table(errors.map(errorLine)))
  if (warningsTotal > 0)
    lines.push('', `Worth a look (${warningsTotal}):`, table(warnings.slice(0, 50).map(warningLine)))
  if (warningsTotal > 50) lines.push(`… and ${warningsTotal - 50} more; --json shows them all.`)
  return lines.join('\n')
}

function errorLine({ row, column, message, otherRows }: Preview['errors'][number]) {
  const others = otherRows === undefined ? '' : ` (row ${otherRows.join(', ')})`
  return { row, column: column ?? '', what: `${message.en}${others}` }
}

function warningLine({ row, column, message, before, after }: Preview['warnings'][number]) {
  const how = before === undefined ? '' : ` ${before} → ${after ?? ''}`
  return { row, column: column ?? '', what: `${message.en}${how}` }
}

if (import.meta.main)
  process.exitCode = await runCommand(members, commands, process.argv.slice(2), process.env)
