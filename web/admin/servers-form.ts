/** Servers that tokens are for, as a form keeps them: one in each line, its address and the scopes there after it. */
import { withWord } from './scope-words.ts'

export type Servers = Readonly<Record<string, string>>

export const serversIn = (text: string): Servers =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const [uri = '', ...scopes] = line.split(/\s+/)
      return [uri, scopes.join(' ')]
    }),
  )

export const writtenServers = (servers: Servers): string =>
  Object.entries(servers)
    .map(([uri, scopes]) => `${uri} ${scopes}`.trim())
    .join('\n')

/** The servers with this one among them, or not. */
export function withServer(text: string, uri: string, isOn: boolean): string {
  const { [uri]: had = '', ...others } = serversIn(text)
  return writtenServers(isOn ? { ...others, [uri]: had } : others)
}

/** The scopes of one server with this one among them, or not; the others stay in their order. */
export function withScopeThere(text: string, uri: string, scope: string, isOn: boolean): string {
  const servers = serversIn(text)
  return writtenServers({ ...servers, [uri]: withWord(servers[uri] ?? '', scope, isOn) })
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
