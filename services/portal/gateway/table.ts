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
    '/ssf',
    '/api/identity',
  ].map((prefix) => ({ prefix, service: 'identity' })),
  ...[
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/.well-known/jwks.json',
    '/.well-known/ssf-configuration',
    '/.well-known/change-password',
    '/.well-known/passkey-endpoints',
  ].map((prefix) => ({ prefix, service: 'identity' })),
  ...['/access', '/api/policy', '/.well-known/authzen-configuration'].map((prefix) => ({
    prefix,
    service: 'policy',
  })),
  ...['/api/members', '/api/registry', '/scim'].map((prefix) => ({ prefix, service: 'members' })),
  { prefix: '/api/events', service: 'events' },
  { prefix: '/api/admin/elections', service: 'elections' },
]

/**
 * AuthZEN 1.0, section 10: whoever asks for a decision finds the id that they gave their question in whatever is answered, and the log of decisions has
 * it. Anything may be one that is a line of plain text.
 */
export function requestIdFor(path: string, given: string | undefined): string | undefined {
  const isAsked = ['/access/', '/.well-known/authzen-configuration'].some((prefix) => path.startsWith(prefix))
  return isAsked && given !== undefined && /^[\x20-\x7e]{1,512}$/.test(given) ? given : undefined
}

/** Every path as the server writes it: itself and everything below. */
export const mountedPaths = table.flatMap(({ prefix }) => [prefix, `${prefix}/*`])

/**
 * The service for a path as it came. Null for what no service answers and for every spelling that two servers could read
 * differently: encoded slashes, dots and nulls, backslashes, empty or dot segments, parameters of a segment, what is encoded twice or is
 * no UTF-8 (attacks 47 and 48).
 */
export function serviceFor(path: string): string | null {
  if (/%(2[5ef]|3b|5c|00)|[\\;]|\/\/|\/\.{1,2}(\/|$)|[^\u0021-\u007e]/i.test(path)) return null
  if (!isUtf8(path)) return null
  return table.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.service ?? null
}

/** What one decoder refuses another reads as a slash (overlong forms: RFC 3629, section 10). */
function isUtf8(path: string): boolean {
  try {
    return decodeURIComponent(path) !== ''
  } catch {
    return false
  }
}
