/**
 * althing-verify <bundle.json> [--receipt <words, leaf or file>] [--json]
 * Exit codes: 0 everything holds, 1 wrong use, 2 something does not hold. It opens the files it is given and no connection.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findReceipt, type ReceiptAnswer } from './check/receipt.ts'
import { verifyBundle, type Verdict } from './check/verify.ts'

const help = `althing-verify <bundle.json> [--receipt <receipt>] [--json]

Checks a downloaded election from manifest to count, without any server.

  --receipt  four words, a leaf, or the file that the booth saved: is this ballot on the board?
  --json     the same as JSON

Exit codes: 0 everything holds, 1 wrong use, 2 something does not hold.
Compare the fingerprint with the six words that were shown before and during the vote.`

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = read(argv) ?? { values: {}, positionals: [] }
  if (values.help === true) return (console.log(help), 0)
  const [file] = positionals
  if (file === undefined || positionals.length > 1) return (console.error(help), 1)
  const bundle = open(file)
  if (bundle === null) return (console.error(`${file} cannot be read.`), 1)
  const verdict = await verifyBundle(bundle)
  const asked = values.receipt
  const receipt = asked === undefined || !verdict.ok ? null : await findReceipt(verdict, receiptText(asked))
  console.log(values.json === true ? asJson(verdict, receipt) : inWords(verdict, receipt))
  return verdict.ok && (receipt === null || receipt.kind === 'found') ? 0 : 2
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

function open(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

/** What was given, or what stands in the file of that name. */
function receiptText(given: string): string {
  const file = open(given)
  return file === null ? given : new TextDecoder().decode(file)
}

const asJson = ({ places: _all, ...verdict }: Verdict, receipt: ReceiptAnswer | null) =>
  JSON.stringify({ ...verdict, ...(receipt === null ? {} : { receipt }) }, null, 2)

/** A bundle may be hostile: no text of it moves the cursor, begins a line or turns the writing round. */
const plain = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
const firstOf = (text: Readonly<Record<string, string>> | undefined, otherwise: string) =>
  plain(Object.values(text ?? {})[0] ?? otherwise)

const outcomes = { holds: 'holds', untold: 'UNTOLD', fails: 'FAILS', unable: 'UNABLE' } as const

function inWords(verdict: Verdict, receipt: ReceiptAnswer | null): string {
  const { ok, steps, manifest, fingerprint, outcome } = verdict
  return [
    firstOf(manifest?.title, ''),
    fingerprint === null ? '' : `Fingerprint: ${fingerprint.join(' ')}`,
    '',
    ...steps.map(
      (step) => `  ${outcomes[step.outcome].padEnd(7)} ${step.name.padEnd(11)} ${plain(step.detail)}`,
    ),
    ...counts(verdict),
    '',
    ok ? `Everything holds: ${outcome?.ballots} ballots.` : 'This bundle does NOT hold.',
    ...(receipt === null ? [] : [receiptLine(receipt)]),
  ].join('\n')
}

function counts({ manifest, outcome }: Verdict): string[] {
  const asked = manifest?.slots.flatMap((slot) => slot.questions) ?? []
  return (outcome?.questions ?? []).flatMap((counted, index) => {
    const question = asked[index]
    return [
      '',
      firstOf(question?.text, counted.id),
      ...counted.options.map(
        (one) =>
          `  ${String(one.votes).padStart(6)}  ${one.percentage.toFixed(2).padStart(6)} %  ${firstOf(question?.optionTexts[one.id], one.id)}${counted.winners.includes(one.id) ? '  *' : ''}`,
      ),
      `  ${String(counted.blank).padStart(6)}            (blank)`,
    ]
  })
}

function receiptLine(receipt: ReceiptAnswer): string {
  if (receipt.kind === 'found') {
    const states = {
      counted: 'counted',
      replaced: 'replaced by a later vote with the same ticket',
      invalid: 'not valid',
    }
    return `This receipt is on the board, entry ${receipt.at}: ${states[receipt.state]}.`
  }
  if (receipt.kind === 'absent' && receipt.signed)
    return 'The box SIGNED this receipt, and its ballot is NOT on the board. The holder of the log key is guilty: keep both files.'
  const lines = {
    absent: 'This receipt is NOT on the board.',
    'other election': 'This receipt is of another election.',
    forged: 'This receipt is NOT signed by the box.',
    unreadable: 'This is no receipt: give four words, a leaf, or the file that the booth saved.',
  }
  return lines[receipt.kind]
}

process.exitCode = await main(process.argv.slice(2))
