/** About what an engine is asked. */
import { actions as ours } from '../actions.ts'
import type { EngineSetting } from './schema.ts'

/** `docs.*` is everything that begins with `docs.`. */
export const covers = (pattern: string, action: string): boolean =>
  pattern.endsWith('.*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action

/** Never about an action of Althing's own, whatever it is done to: another one may be added after the setting was written. */
export function applies(
  { actions, resources }: Pick<EngineSetting, 'actions' | 'resources'>,
  action: string,
  type: string,
): boolean {
  if (Object.hasOwn(ours, action)) return false
  const isItsAction = actions.length === 0 || actions.some((pattern) => covers(pattern, action))
  return isItsAction && (resources.length === 0 || resources.includes(type))
}
