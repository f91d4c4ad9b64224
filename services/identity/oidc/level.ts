/**
 * How strong a proof an application asks for. `acr_values`, and a level in `claims` that is not essential, are wishes (OIDC Core, sections
 * 3.1.2.1 and 5.5.1.1): the person is asked for more, once, and the application is told what was reached. Only of an essential one is it
 * told that it could not be reached (OpenID Connect Core Error Code unmet_authentication_requirements).
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { assurance } from './schema.ts'

const levels: readonly string[] = Object.values(assurance)
const { Check } = interactionPolicy

/** The place of the weakest level that is named; what is stronger is as good. -1 when none of them is one of ours. */
function leastOf(asked: string): number {
  const known = asked.split(' ').flatMap((one) => (levels.includes(one) ? [levels.indexOf(one)] : []))
  return known.length === 0 ? -1 : Math.min(...known)
}

/**
 * Whether a proof of this level is as strong as the weakest that is asked for; where nothing is asked for, or nothing that we know, every one
 * is (also CIBA Core 1.0, section 7.1: the application reads in `acr` what was reached).
 */
export function reaches(acr: string, asked: string): boolean {
  return levels.indexOf(acr) >= leastOf(asked)
}

/** The names of the checks, as the question carries them: ours, and the engine's own for levels that are essential. */
export const levelReason = 'level'
export const essentialReasons: readonly string[] = ['essential_acr', 'essential_acrs']

export const levelCheck = () =>
  new Check(levelReason, 'A stronger proof of who it is is asked for.', ({ oidc }: KoaContextWithOIDC) => {
    const isTried = oidc.result?.login !== undefined
    const essential = essentialOf(oidc.claims.id_token?.['acr'])
    // None of ours, or they have just shown all that they have: it would be asked for again, and for ever.
    if (
      essential !== null &&
      (isTried || leastOf(essential.join(' ')) === -1) &&
      !essential.includes(oidc.acr ?? '')
    )
      throw new errors.UnmetAuthenticationRequirements('none of the levels asked for could be reached')
    const asked = oidc.params?.['acr_values']
    if (typeof asked !== 'string' || isTried || leastOf(asked) === -1) return Check.NO_NEED_TO_PROMPT
    return reaches(oidc.acr ?? '', asked) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
  })

/** Null when none is. */
function essentialOf(acr: unknown): readonly string[] | null {
  const { essential, value, values } = (acr ?? {}) as Readonly<Record<string, unknown>>
  if (essential !== true) return null
  const all = [value, ...(Array.isArray(values) ? values : [])].filter((one) => typeof one === 'string')
  return all.length === 0 ? null : all
}
