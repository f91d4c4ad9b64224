/** Which methods an address understands: asked only after none of its routes took the request (RFC 9110, section 15.5.6). */
import type { Route } from './route.ts'

export function allowedAt(routes: readonly Route[]): (url: string) => readonly string[] {
  const known = routes.map(({ method, path }) => ({ method, pattern: patternOf(path) }))
  return (url) => {
    const path = url.split('?', 1)[0] ?? ''
    const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))]
  }
}

/** A path as routes write it, `/things/:id` or `/files/*`. */
function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, String.raw`\$&`)
  })
  return new RegExp(`^${parts.join('/')}$`)
}
