import { bytes, page, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import type { PublishedKeys } from './published.ts'

/**
 * A key is published two hours before it signs, so an hour would do for that. Five minutes is what may pass until nobody believes a key that
 * leaked (numbers.md), and by the tag an unchanged list costs nobody anything.
 */
const cacheControl = 'public, max-age=300, must-revalidate'

export function keyRoutes(path: string, { published }: Pick<PublishedKeys, 'published'>): Route[] {
  return [
    page(
      {
        method: 'GET',
        path,
        access: 'public',
        summary: 'The public keys by which tokens of this house are verified.',
        query: z.object({}),
      },
      async ({ headers }) => {
        const { body, etag } = published()
        const about = {
          etag,
          'cache-control': cacheControl,
          // Public to every page of every origin: an application in a browser verifies its ID token by it.
          'access-control-allow-origin': '*',
        }
        const known = headers['if-none-match']
        if (known !== undefined && isAmong(etag, known))
          return bytes('', jwkSet, { status: 304, headers: about })
        return bytes(body, jwkSet, { headers: about })
      },
    ),
  ]
}

/** RFC 7517, section 8.5.2. */
const jwkSet = 'application/jwk-set+json'

/** RFC 9110, section 13.1.2: a list or a star, compared without regard to weakness. */
const isAmong = (etag: string, known: string): boolean =>
  known.trim() === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
