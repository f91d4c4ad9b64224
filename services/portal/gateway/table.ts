/** Which service answers which path of the person origin. An ingress of a cluster says the same; this is for where there is none. */
const table: readonly { readonly prefix: string; readonly service: string }[] = [
  ...[
    '/sign-in',
    '/sign-out',
    '/register',
    '/activate',
    '/recover',
    '/account',
    '/texts',
    '/mfa',
    '/oauth',
    '/api/identity',
  ].map((prefix) => ({ prefix, service: 'identity' })),
  ...[
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/.well-known/jwks.json',
    '/.well-known/change-password',
    '/.well-known/passkey-endpoints',
  ].map((prefix) => ({ prefix, service: 'identity' })),
  ...['/access', '/.well-known/authzen-configuration'].map((prefix) => ({ prefix, service: 'policy' })),
  ...['/api/members', '/api/registry', '/scim'].map((prefix) => ({ prefix, service: 'members' })),
  { prefix: '/api/events', service: 'events' },
  { prefix: '/api/admin/elections', service: 'elections' },
]

/** Every path as the server writes it: itself and everything below. */
export const mountedPaths = table.flatMap(({ prefix }) => [prefix, `${prefix}/*`])

/**
 * The service for a path as it came. Null for what no service answers and for every spelling that two servers could read
 * differently: encoded slashes and dots, backslashes, empty or dot segments (operations-and-ux, attacks on paths).
 */
export function serviceFor(path: string): string | null {
  if (/%(2e|2f|5c|00)|\\|\/\/|\/\.{1,2}(\/|$)|[\u0000-\u0020]/i.test(path)) return null
  return table.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service ?? null
}
