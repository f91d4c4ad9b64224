import { createServer } from 'node:http'
import { after } from 'node:test'

/** An installation of GitHub as its documents describe it: a code, a token for it with PKCE, and who the token is. */
export async function startGithub(at: number, secret: string) {
  const state = { user: 4711 as unknown, challenge: '', asked: [] as string[] }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://localhost:${at}`)
    state.asked.push(url.pathname)
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    // Whoever is signed in there has allowed it before, and is sent back at once.
    if (url.pathname === '/login/oauth/authorize') {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', 'right')
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      return response.writeHead(302, { location: back.href }).end()
    }
    if (url.pathname === '/api/v3/user')
      return json(
        request.headers.authorization === 'Bearer gho_1' ? { id: state.user, login: 'ada' } : {},
        200,
      )
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    return request.on('end', () => {
      const form = new URLSearchParams(body)
      const isRight =
        form.get('client_secret') === secret &&
        form.get('code') === 'right' &&
        (form.get('code_verifier') ?? '').length >= 43
      return json(
        isRight ? { access_token: 'gho_1', token_type: 'bearer' } : { error: 'bad_verification_code' },
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(at, 'localhost', resolve))
  after(() => server.close())
  server.unref()
  return state
}
