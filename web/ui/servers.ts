/** The servers that a token is for, and what may be done at each: whoever allows it reads where it will be shown. */
import { html, type Html } from './html.ts'

export interface AskedServer {
  /** As it is registered here. */
  readonly name: string
  /** Its address (RFC 8707, section 2), which says more than a name. */
  readonly uri: string
  /** Those of its scopes that are asked for. */
  readonly scopes: readonly string[]
}

/** What is asked for beside the servers: what is ours to tell always is, though a server may have a word like it. */
export const besideServers = (
  scopes: readonly string[],
  servers: readonly AskedServer[],
  ours: readonly string[],
): readonly string[] =>
  scopes.filter((scope) => ours.includes(scope) || !servers.some((server) => server.scopes.includes(scope)))

export const serverLists = (
  servers: readonly AskedServer[],
  titleOf: (name: string) => string,
  inWords: (scope: string) => string,
): Html[] =>
  servers.map(
    ({ name, uri, scopes }) =>
      html`<h3 class="h4">${titleOf(name)}</h3>
        <p class="soft small"><code>${uri}</code></p>
        ${
          scopes.length > 0 &&
          html`<ul class="bullets">
            ${scopes.map((scope) => html`<li>${inWords(scope)}</li>`)}
          </ul>`
        }`,
  )
