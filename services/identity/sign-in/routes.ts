import type { Route } from '@althing/kernel/http'
import { codeRoutes, passkeyRoute } from './code-routes.ts'
import type { House, Live, Needs } from './shared-routes.ts'
import { identifierRoutes } from './identifier-routes.ts'
import { mailedCodeRoutes } from './mailed-code-routes.ts'
import { languageRoute } from './language-routes.ts'
import { linkRoutes } from './link-routes.ts'
import { passwordRoutes } from './password-routes.ts'

// All of it is public: nobody has signed in before signing in. What has been proven lies in the attempt, and nowhere else.
export function signInRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  return [
    ...identifierRoutes(needs, house),
    ...passwordRoutes(needs, house),
    ...codeRoutes(needs, house),
    ...mailedCodeRoutes(needs, house),
    passkeyRoute(needs, house),
    ...linkRoutes(needs, house),
    languageRoute(needs.pages),
  ]
}
