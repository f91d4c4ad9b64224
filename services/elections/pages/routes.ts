/**
 * The pages of the ballot origin are files: the booth and the verifier, the same bytes for everybody. Nothing in them is made
 * for a request, so nothing in them can tell one voter from another.
 */
import { readFile } from 'node:fs/promises'
import {
  anonymousRoute,
  bytes,
  contentPolicy,
  html,
  httpFault,
  type Answer,
  type Route,
} from '@althing/kernel/http'
import { z } from 'zod'
import type { Shells } from './pages.ts'
import { fault } from './faults.ts'

const raw = z.undefined()
/** What programs ask for: there a wrong address is answered in their language. */
const ofPrograms = /^(api|board|internal)(\/|$)/
const headers = {
  'content-security-policy': contentPolicy(),
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}

interface Needs {
  readonly shells: Shells
  /** The built file behind a path, or null. */
  readonly serve: (path: string) => {
    readonly file: string
    readonly contentType: string
    readonly headers: Readonly<Record<string, string>>
  } | null
  /** OpenAPI of this door. */
  readonly description: () => Readonly<Record<string, unknown>>
}

export function pageRoutes({ shells, serve, description }: Needs): Route[] {
  const shell = (path: string, app: 'booth' | 'verifier') =>
    anonymousRoute({ method: 'GET', path, reply: raw }, async () => html(await shells.page(app), { headers }))
  const asset = async (path: string): Promise<Answer<undefined>> => {
    const found = serve(path)
    if (found === null) throw fault.not_found()
    return bytes(await readFile(found.file), found.contentType, { headers: found.headers })
  }
  return [
    shell('/', 'booth'),
    shell('/vote', 'booth'),
    shell('/vote/:election', 'booth'),
    shell('/receipt', 'booth'),
    shell('/results/:election', 'booth'),
    shell('/verify', 'verifier'),
    anonymousRoute(
      {
        method: 'GET',
        path: '/assets/:app/:file',
        params: z.object({ app: z.string().max(40), file: z.string().max(200) }),
        reply: raw,
      },
      ({ params }) => asset(`/assets/${params.app}/${params.file}`),
    ),
    anonymousRoute({ method: 'GET', path: '/openapi.json', reply: z.record(z.string(), z.unknown()) }, () =>
      description(),
    ),
    // The booth says that there is no such page, in the reader's language; the server cannot know which one that is.
    anonymousRoute(
      { method: 'GET', path: '/*', params: z.object({ '*': z.string() }), reply: raw },
      async ({ params }) => {
        if (ofPrograms.test(params['*'])) throw httpFault.not_found()
        return html(await shells.page('booth'), { headers, status: 404 })
      },
    ),
  ]
}
