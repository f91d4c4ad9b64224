/**
 * What somebody writes to say who they are, in the one spelling in which it is looked up and counted: else whoever writes it in two ways learns
 * from what is counted together whether it is anybody's.
 */
export function identifierIn(text: string): string {
  return nationalIdIn(text) ?? text.trim().toLowerCase()
}

/** Ten digits, with or without the line between them. */
export function nationalIdIn(text: string): string | null {
  const [, day, rest] = /^\s*(\d{6})[-\s]?(\d{4})\s*$/.exec(text) ?? []
  return day === undefined || rest === undefined ? null : `${day}${rest}`
}
