/** Where in the booth one is, as an address. Everything that is about the voter's own stands in the fragment, which no server sees. */
export type Route =
  | { readonly page: 'list' }
  | { readonly page: 'vote'; readonly election: string | null; readonly step: Step }
  | { readonly page: 'receipt'; readonly election: string | null; readonly leaf: string | null }
  | { readonly page: 'results'; readonly election: string }
  | { readonly page: 'nowhere' }

/** A question by its number, from 1; or what follows them. */
export type Step = number | 'review'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function routeOf({ pathname, hash }: { readonly pathname: string; readonly hash: string }): Route {
  const own = new URLSearchParams(hash.replace(/^#/, ''))
  const election = known(own.get('e') ?? '')
  if (pathname === '/') return { page: 'list' }
  if (pathname === '/vote') return { page: 'vote', election, step: stepOf(own.get('s')) }
  if (pathname === '/receipt') return { page: 'receipt', election, leaf: own.get('leaf') }
  const [, page, id = ''] = /^\/(vote|results)\/([^/]+)$/.exec(pathname) ?? []
  const named = known(id)
  if (named === null) return { page: 'nowhere' }
  return page === 'vote'
    ? { page, election: named, step: stepOf(own.get('s')) }
    : { page: 'results', election: named }
}

const known = (id: string): string | null => (uuid.test(id) ? id : null)

function stepOf(text: string | null): Step {
  if (text === 'review') return text
  const number = Number(text ?? '1')
  return Number.isInteger(number) && number >= 1 && number <= 20 ? number : 1
}

export const addressOf = {
  list: '/',
  vote: (election: string, step: Step = 1) => `/vote#e=${election}${step === 1 ? '' : `&s=${step}`}`,
  receipt: (election: string) => `/receipt#e=${election}`,
  /** For another device: says which leaf, because that device has no receipt. */
  check: (election: string, leaf: string) => `/receipt#e=${election}&leaf=${leaf}`,
  results: (election: string) => `/results/${election}`,
  bundle: (election: string) => `/api/elections/${election}/bundle`,
  verify: '/verify',
}
