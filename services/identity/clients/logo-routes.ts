import { bytes, may, page, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Done } from '../contract.ts'
import { fault } from './faults.ts'
import type { Logos } from './logos.ts'
import { ofClient } from './secret-routes.ts'
import { ClientPath } from './shapes.ts'

export const logoRoutes = ({ shown, put, drop }: Logos): Route[] => [
  page(
    // Shown to whoever is asked, before they are signed in or after.
    {
      method: 'GET',
      path: '/sign-in/logos/:id',
      access: 'public',
      params: ClientPath,
      query: z.object({ v: z.string().max(20).optional() }),
    },
    async ({ params }) => {
      const logo = await shown(params.id)
      if (logo === null) throw fault.no_logo()
      return bytes(logo.png, 'image/png', {
        headers: {
          'cache-control': 'public, max-age=300',
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff',
        },
      })
    },
  ),
  route(
    {
      method: 'POST',
      path: '/api/identity/clients/:id/logo',
      access: may('clients.change', ofClient),
      summary:
        'Takes a PNG (base64) of up to 64 KB and 1024 points each way, which people see beside the name.',
      params: ClientPath,
      body: z.strictObject({ png: z.base64().max(90_000) }),
      bodyLimit: 100_000,
      reply: Done,
    },
    async ({ params, body, caller }) => {
      await put(params.id, body.png, `person:${caller.subject}`)
      return { done: true as const }
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/api/identity/clients/:id/logo',
      access: may('clients.change', ofClient),
      summary: 'Shows none any more.',
      params: ClientPath,
      reply: Done,
    },
    async ({ params, caller }) => {
      await drop(params.id, `person:${caller.subject}`)
      return { done: true as const }
    },
  ),
]
