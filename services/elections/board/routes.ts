import { anonymousRoute, bytes, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import type { Reading } from './rules.ts'
import { BoardPath, LeafPath, TilePath } from './schema.ts'

const raw = z.undefined()
const forEver = { 'cache-control': 'public, max-age=31536000, immutable' }
const briefly = { 'cache-control': 'public, max-age=2' }
const text = 'text/plain; charset=utf-8'

export function boardRoutes(reading: Reading): Route[] {
  return [
    anonymousRoute(
      {
        method: 'GET',
        path: '/board/:election/checkpoint',
        summary: 'The signed head of the board (C2SP tlog-checkpoint).',
        params: BoardPath,
        reply: raw,
      },
      async ({ params }) => bytes(await reading.checkpoint(params.election), text, { headers: briefly }),
    ),
    anonymousRoute(
      {
        method: 'GET',
        path: '/board/:election/tile/*',
        summary: 'Tiles and entries (C2SP tlog-tiles).',
        params: TilePath,
        reply: raw,
      },
      async ({ params }) => {
        const { content, whole } = await reading.tile(params.election, params['*'])
        return bytes(content, 'application/octet-stream', { headers: whole ? forEver : briefly })
      },
    ),
    anonymousRoute(
      {
        method: 'GET',
        path: '/board/:election/proof/:leaf',
        summary: 'That a leaf stands on the board (C2SP tlog-proof).',
        params: LeafPath,
        reply: raw,
      },
      async ({ params }) =>
        bytes(await reading.proof(params.election, params.leaf), text, { headers: briefly }),
    ),
  ]
}
