import { nationalIdIn } from './accounts/schema.ts'

/**
 * What somebody writes to say who they are, in the one spelling in which it is looked up and counted: else whoever writes it in two ways learns
 * from what is counted together whether it is anybody's.
 */
export function identifierIn(text: string): string {
  return nationalIdIn(text) ?? text.trim().toLowerCase()
}
