/** The page on which a form stands: its own address, that of the page above it, or one that we know better. */
export function pageOf(url: string): string {
  const { pathname } = new URL(`http://page${url}`)
  const above = pathname.split('/').map((_, n, parts) => parts.slice(0, parts.length - n).join('/'))
  const known = named.test(pathname) ? pathname : forms[pathname]
  return known ?? above.find((path) => places.includes(path)) ?? '/account'
}

/** Where a form stands to be filled in, and nothing happens by looking. */
const places: readonly string[] = [
  '/sign-in',
  '/register',
  '/recover',
  '/activate',
  '/account',
  ...[
    'security',
    'password',
    'phone',
    'profile',
    'consents',
    'connected',
    'linked',
    'privacy',
    'requests',
  ].map((name) => `/account/${name}`),
  ...['two-step', 'two-step/off', 'two-step/codes', 'passkeys/add', 'privacy/erase'].map(
    (name) => `/account/${name}`,
  ),
]

/** Pages with a name in their address: a letter leads there, past the question who it is. */
const named = /^\/account\/requests\/bkr_[\w-]{1,50}$/

/** Forms that stand on a page of another name. */
const forms: Readonly<Record<string, string>> = {
  '/account/address': '/account/profile',
  '/account/codes/on': '/account/security',
  '/account/codes/off': '/account/security',
  '/account/passkeys/rename': '/account/security',
  '/account/passkeys/remove': '/account/security',
  '/account/linked/remove': '/account/linked',
}
