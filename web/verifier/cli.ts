/**
 * althing-verify <bundle.json> [--receipt "word word word word"] [--json]
 * Exit codes: 0 everything holds, 1 wrong use, 2 something does not hold. It opens one file and no connection.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findReceipt, verifyBundle, type Verdict } from './check/verify.ts'

const help = `althing-verify <bundle.json> [--receipt "four words of a receipt"] [--json]

Checks a downloaded election from manifest to count, without any server.
Exit codes: 0 everything holds, 1 wrong use, 2 something does not hold.`

process.exitCode = await main(process.argv.slice(2))

async function main(argv: readonly string[]): Promise<number> {
  const parsed = read(argv)
  if (parsed === null) return (console.error(help), 1)
  const { values, positionals } = parsed
  if (values.help === true) return (console.log(help), 0)
  const [file] = positionals
  if (file === undefined || positionals.length > 1) return (console.error(help), 1)
  const source = open(file)
  if (source === null) return (console.error(`${file} cannot be read.`), 1)
  const verdict = await verifyBundle(source)
  const receipt =
    values.receipt === undefined || !verdict.ok ? undefined : await findReceipt(source, values.receipt)
  console.log(
    values.json === true
      ? JSON.stringify({ ...verdict, ...(receipt === undefined ? {} : { receipt }) }, null, 2)
      : inWords(verdict),
  )
  if (receipt === null) console.log('This receipt is NOT on the board.')
  if (receipt !== null && receipt !== undefined && values.json !== true)
    console.log(`This receipt is on the board, entry ${receipt.at}.`)
  return verdict.ok && receipt !== null ? 0 : 2
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        receipt: { type: 'string' },
      },
    })
  } catch {
    return null
  }
}

function open(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function inWords({ ok, steps, manifest, fingerprint, questions, ballots }: Verdict): string {
  const lines = steps.map(
    (step) => `${step.ok ? '  holds ' : '  FAILS '} ${step.name.padEnd(11)} ${step.detail}`,
  )
  const title = manifest === null ? '' : Object.values(manifest.title)[0]
  const asked = manifest?.slots.flatMap((slot) => slot.questions) ?? []
  const result = (questions ?? []).flatMap((counted) => {
    const question = asked.find(({ id }) => id === counted.id)
    const named = (id: string) => Object.values(question?.optionTexts[id] ?? {})[0] ?? id
    return [
      '',
      Object.values(question?.text ?? {})[0] ?? counted.id,
      ...counted.options.map(
        (one) =>
          `  ${String(one.votes).padStart(6)}  ${one.percentage.toFixed(2).padStart(6)} %  ${named(one.id)}${counted.winners.includes(one.id) ? '  *' : ''}`,
      ),
      `  ${String(counted.blank).padStart(6)}           (blank)`,
    ]
  })
  return [
    title,
    fingerprint === null ? '' : `Fingerprint: ${fingerprint.join(' ')}`,
    '',
    ...lines,
    ...result,
    '',
    ok ? `Everything holds: ${ballots} ballots.` : 'This bundle does NOT hold.',
  ].join('\n')
}
