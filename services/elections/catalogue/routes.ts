import { anonymousRoute, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { ElectionId, PublicElection, PublicElections, SignedManifest } from '../contract.ts'
import type { Catalogue } from './rules.ts'

const path = z.object({ id: ElectionId })

export const catalogueRoutes = (catalogue: Catalogue): Route[] => [
  anonymousRoute(
    {
      method: 'GET',
      path: '/api/elections',
      summary: 'Elections that are published.',
      reply: PublicElections,
    },
    () => catalogue.list(),
  ),
  anonymousRoute(
    { method: 'GET', path: '/api/elections/:id', params: path, reply: PublicElection },
    ({ params }) => catalogue.show(params.id),
  ),
  anonymousRoute(
    {
      method: 'GET',
      path: '/api/elections/:id/manifest',
      summary: 'What fixes the election, signed.',
      params: path,
      reply: SignedManifest,
    },
    ({ params }) => catalogue.manifest(params.id),
  ),
]
