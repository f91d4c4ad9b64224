/** Scopes as OAuth writes them: words with a space between (RFC 6749, section 3.3). */
export const wordsOf = (scope: string): string[] => scope.split(' ').filter((word) => word !== '')

/** The scope with this word in it, or without. */
export const withWord = (scope: string, word: string, isOn: boolean): string =>
  [...wordsOf(scope).filter((one) => one !== word), ...(isOn ? [word] : [])].join(' ')
