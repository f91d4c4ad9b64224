/** Ways to write a path so that one server reads it as another than the next (operations-and-ux, attacks 47 to 49). */
import { request, type OutgoingHttpHeaders } from 'node:http'

const last = /\/([^/]*)$/
const first = /^(\/[^/]*)/

/** The twelve, and what came up beside them. Each keeps what a decoder somewhere would call the same path. */
export const mutations: Readonly<Record<string, (path: string) => string>> = {
  'a slash at the end': (path) => `${path}/`,
  'two slashes': (path) => path.replace(last, '//$1'),
  'two slashes in front': (path) => `/${path}`,
  'a dot segment': (path) => path.replace(last, '/./$1'),
  'two dots': (path) => `/nothing/..${path}`,
  'two dots, encoded': (path) => `/nothing/%2e%2e${path}`,
  'a slash, encoded': (path) =>
    path.lastIndexOf('/') === 0 ? `/%2f${path.slice(1)}` : path.replace(last, '%2f$1'),
  'a backslash': (path) => (path.lastIndexOf('/') === 0 ? `/\\${path.slice(1)}` : path.replace(last, '\\$1')),
  'parameters of a segment': (path) => path.replace(first, '$1;x=1'),
  'another case': (path) => path.toUpperCase(),
  'another case at the end': (path) => path.replace(last, (part) => part.toUpperCase()),
  'a null at the end': (path) => `${path}%00`,
  'a query inside the path': (path) => `${path}%3fx=1`,
  'a letter, encoded': (path) => path.replace(/[a-z]/, (letter) => encoded(letter)),
  'a letter, encoded twice': (path) => path.replace(/[a-z]/, (letter) => `%25${encoded(letter).slice(1)}`),
  'an overlong slash': (path) =>
    path.lastIndexOf('/') === 0 ? `/%c0%af${path.slice(1)}` : path.replace(last, '%c0%af$1'),
  'a wide slash': (path) => path.replace(last, '/%ef%bc%8f$1'),
  'the prefix twice': (path) => path.replace(first, '$1$1'),
  'half a percent': (path) => `${path}%`,
}

const encoded = (letter: string): string => `%${letter.charCodeAt(0).toString(16)}`

/** Byte for byte as it is given: what is called `fetch` would put it right before it left. */
export function sendPath(
  base: string,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(base)
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
  const hasBody = !['GET', 'HEAD', 'DELETE'].includes(method)
  const more = hasBody ? { 'content-type': 'application/json', 'content-length': 2 } : {}
  const asked = request({ hostname, port, method, path, headers: { ...more, ...headers } }, (answer) => {
    let text = ''
    answer.setEncoding('utf8').on('data', (part) => (text += String(part)))
    answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text })).once('error', reject)
  })
  asked.once('error', reject)
  asked.end(hasBody ? '{}' : undefined)
  return promise
}
