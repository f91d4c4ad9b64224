/**
 * How strong a proof an application asks for. `acr_values` alone binds nobody (OIDC Core, section 3.1.2.1), and an answer weaker than what
 * was asked for sends a strict client back with the same question, again and again. So it is asked for here: once. Who cannot give it is
 * told so, and so is the application (RFC 9470, section 5; OpenID Connect Core Error Code unmet_authentication_requirements).
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { assurance } from './schema.ts'

const levels: readonly string[] = Object.values(assurance)
const { Check } = interactionPolicy

/** The place of the weakest level that is named; what is stronger is as good. -1 when none of them is one of ours. */
export function leastOf(asked: string): number {
  const known = asked.split(' ').flatMap((one) => (levels.includes(one) ? [levels.indexOf(one)] : []))
  return known.length === 0 ? -1 : Math.min(...known)
}

/** Whether a proof of this level is as strong as the weakest that is asked for; where nothing is asked for, every one is. */
export function reaches(acr: string, asked: string): boolean {
  if (asked.trim() === '') return true
  const least = leastOf(asked)
  return least !== -1 && levels.indexOf(acr) >= least
}

/** The name of its check, as the question carries it. */
export const levelReason = 'level'

export const levelCheck = () =>
  new Check(levelReason, 'A stronger proof of who it is is asked for.', ({ oidc }: KoaContextWithOIDC) => {
    const asked = oidc.params?.['acr_values']
    if (typeof asked !== 'string' || asked.trim() === '') return Check.NO_NEED_TO_PROMPT
    if (reaches(oidc.acr ?? '', asked)) return Check.NO_NEED_TO_PROMPT
    // Nothing that this person could show is enough, or they have just shown all that they have.
    if (leastOf(asked) === -1 || oidc.result?.login !== undefined)
      throw new errors.UnmetAuthenticationRequirements('none of the levels asked for could be reached')
    return Check.REQUEST_PROMPT
  })
