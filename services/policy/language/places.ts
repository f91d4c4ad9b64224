/** Where something stands in a text: Cedar counts bytes of UTF-8, people count lines and characters. */
export interface Place {
  readonly line: number
  readonly column: number
}

export function placeOf(text: string, index: number): Place {
  const before = text.slice(0, index)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: index - lineStart + 1 }
}

/** The character at which so many bytes are over. */
export function indexOfByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().length
}
