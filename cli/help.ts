/** What `althing` says about itself: all that there is, one noun, and what was probably meant. */
export type Nouns = Readonly<
  Record<string, { readonly services: readonly string[]; readonly verbs: Readonly<Record<string, string>> }>
>

export function help(nouns: Nouns): string {
  const lines = Object.entries(nouns).flatMap(([noun, { verbs }]) =>
    Object.entries(verbs).map(([verb, summary]) => `  ${`${noun} ${verb}`.padEnd(23)} ${summary}`),
  )
  return [
    'althing <noun> <verb> [options]',
    '\nFor example:',
    '  althing people list',
    '  althing elections show 2f1c… --json',
    '  althing audit verify',
    '\nCommands:',
    ...lines,
    '',
    'Every command knows --help and --json. --service <name> asks only one of several services.',
    'Exit codes: 0 done, 1 wrong use, 2 refused or not intact, 3 not reachable, 4 signature unknown.',
  ].join('\n')
}

export function helpOf(nouns: Nouns, noun: string): string {
  return Object.entries(nouns[noun]?.verbs ?? {})
    .map(([verb, summary]) => `  althing ${noun} ${verb.padEnd(14)} ${summary}`)
    .join('\n')
}

export function wrong(text: string, suggestion: string | undefined, noun?: string): number {
  console.error(
    [
      text,
      ...(suggestion === undefined ? [] : [`Did you mean ${suggestion}?`]),
      `Try: althing ${noun === undefined ? '' : `${noun} `}--help`,
    ].join('\n'),
  )
  return 1
}
