/**
 * A browser that costs as little as it can: clients and server share the machine, and what the one spends the other has not. It keeps
 * its cookies and its connection, follows nothing, and reads nothing that it is not asked for.
 */
import { Agent, request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly body: string
}

interface Sent {
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
}

export type LightClient = ReturnType<ReturnType<typeof createLightClients>>

/** @returns what makes a browser, with the cookies it has from before; all of them share the connections */
export function createLightClients(origin: string) {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(origin)

  return function browse(cookies: Readonly<Record<string, string>> = {}) {
    const jar = new Map(Object.entries(cookies))

    async function go(path: string, { form, headers = {} }: Sent = {}): Promise<Answer> {
      const body = form === undefined ? undefined : new URLSearchParams(form).toString()
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
      const asking = request(
        {
          agent,
          hostname,
          port,
          path,
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            accept: 'text/html',
            'accept-language': 'en',
            cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
            ...(body === undefined
              ? {}
              : {
                  // Only browsers say where they come from, and they have no secrets.
                  ...(headers['authorization'] === undefined ? { origin } : {}),
                  'content-type': 'application/x-www-form-urlencoded',
                  'content-length': Buffer.byteLength(body),
                }),
            ...headers,
          },
        },
        resolve,
      )
      asking.once('error', reject).end(body)
      const response = await promise
      for (const line of response.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        jar.set(name, value)
      }
      const { statusCode: status = 0, headers: given } = response
      return { status, location: given.location, body: await text(response) }
    }

    return { go, jar }
  }
}
