/** The words and options of a command, read in our own words: what is wrong, and what was probably meant. */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from './command.ts'
import { noSuch } from './near.ts'

type Options = NonNullable<ParseArgsConfig['options']>

interface Read {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

/** @throws UsageError for an option that there is not, one without its value, and a value for one that takes none */
export function readOptions(argv: readonly string[], options: Options): Read {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    // Node's own refusals say neither which options there are nor which one is near.
    strict: false,
    tokens: true,
  })
  for (const token of tokens) if (token.kind === 'option') checkOption(token, options)
  return { values: values as Read['values'], positionals }
}

interface Written {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function checkOption({ name, rawName, value, inlineValue }: Written, options: Options): void {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined)
    throw new UsageError(
      noSuch(
        'option',
        rawName,
        Object.keys(options).map((one) => `--${one}`),
      ),
    )
  const takesValue = option.type === 'string'
  if (!takesValue && value !== undefined) throw new UsageError(`${rawName} takes no value.`)
  // The next option is no value: whoever means a word that begins so writes --name=-word.
  const isNone = value === undefined || (value === '' && inlineValue !== true)
  if (takesValue && (isNone || (inlineValue !== true && value.startsWith('-'))))
    throw new UsageError(`${rawName} needs a value: ${rawName} <value>.`)
}
