import { answer, may, route, type Route } from '@althing/kernel/http'
import { DraftPath } from '../contract.ts'
import { z } from 'zod'
import { Problem, Source, Trial } from '../authored.ts'
import { whoIs } from '../caller.ts'
import type { Proven } from '../proof.ts'
import { fault } from './faults.ts'
import type { Drafts, Judgement } from './rules.ts'
import {
  Change,
  Create,
  DraftListed,
  DraftRead,
  DraftShown,
  DraftsListed,
  DraftsQuery,
  IfMatch,
} from './schema.ts'

interface Needs {
  readonly drafts: Drafts
  readonly judge: (source: Source, how: { readonly by: string }) => Promise<Judgement>
  readonly format: (text: string, by: string) => Promise<z.output<typeof Formatted>>
  readonly proven: Proven
}

const bodyLimit = 8 * 2 ** 20
/** The console checks what is written a second after the last letter. */
const limits = [{ name: 'policy-check', by: 'account', most: 120, withinSeconds: 60 }] as const
const Judged = z.object({
  problems: z.array(Problem),
  warnings: z.array(Problem),
  trials: z.array(Trial),
  /** Nothing stands against proposing it. */
  isRight: z.boolean(),
})

const Formatting = z.strictObject({ policies: Source.shape.policies })
/** Null when it cannot be read: then the problems say where. */
const Formatted = z.object({ text: z.string().nullable(), problems: z.array(Problem).readonly() })

export const draftRoutes = (needs: Needs): Route[] => [
  ...readingRoutes(needs),
  ...tryingRoutes(needs),
  ...writingRoutes(needs),
  ...endingRoutes(needs),
]

function readingRoutes({ drafts }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/drafts',
        access: may('policy.read'),
        summary: 'Drafts of the organisation’s policies, the latest changed first.',
        query: DraftsQuery,
        reply: DraftsListed,
      },
      ({ query }) => drafts.list(query.state),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/drafts/:id',
        access: may('policy.read'),
        summary: 'One draft, whole, and who wrote it; its ETag is what a change of it names.',
        params: DraftPath,
        reply: DraftRead,
      },
      async ({ params }) => tagged(await drafts.read(params.id)),
    ),
  ]
}

/** What is said of texts before anybody depends on them. */
function tryingRoutes({ drafts, judge, format }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/drafts/:id/check',
        access: may('policy.draft'),
        summary: 'Reads a draft with Cedar’s own parser, checks it against the schema, and runs the tests.',
        params: DraftPath,
        reply: Judged,
        limits,
      },
      async ({ params, caller }) => judged(await drafts.check(params.id, whoIs(caller))),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/check',
        access: may('policy.draft'),
        summary: 'The same for texts that nobody has saved.',
        body: z.strictObject(Source.shape),
        bodyLimit,
        reply: Judged,
        limits,
      },
      async ({ body, caller }) => judged(await judge(body, { by: whoIs(caller) })),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/format',
        access: may('policy.draft'),
        summary: 'Policies as Cedar’s own formatter sets them, with their comments; nothing is saved.',
        body: Formatting,
        bodyLimit,
        reply: Formatted,
        limits,
      },
      ({ body, caller }) => format(body.policies, whoIs(caller)),
    ),
  ]
}

function writingRoutes({ drafts }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/drafts',
        access: may('policy.draft'),
        summary: 'Begins a draft; what is not said is as it is in force.',
        body: Create,
        bodyLimit,
        reply: DraftShown,
        status: 201,
      },
      async ({ body, caller }) => tagged(await drafts.create(body, whoIs(caller))),
    ),
    route(
      {
        method: 'PATCH',
        path: '/api/policy/drafts/:id',
        access: may('policy.draft'),
        summary: 'Changes what is named, when nobody has changed it since (If-Match).',
        params: DraftPath,
        body: Change,
        bodyLimit,
        reply: DraftShown,
      },
      async ({ params, body, caller, headers }) =>
        tagged(await drafts.change(params.id, versionIn(headers), body, whoIs(caller))),
    ),
  ]
}

function endingRoutes({ drafts, proven }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/drafts/:id/propose',
        access: may('policy.draft'),
        summary: 'Says that it is finished; needs a second factor just now.',
        params: DraftPath,
        reply: DraftListed,
      },
      ({ params, caller, headers }) => drafts.propose(params.id, versionIn(headers), proven(caller)),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/drafts/:id/withdraw',
        access: may('policy.draft'),
        summary: 'Puts it aside for good.',
        params: DraftPath,
        reply: DraftListed,
      },
      ({ params, caller, headers }) => drafts.withdraw(params.id, versionIn(headers), whoIs(caller)),
    ),
  ]
}

const tagged = <D extends DraftShown>(draft: D) => answer(draft, { headers: { etag: `"${draft.version}"` } })

/** @throws Fault policy.drafts.no_version */
function versionIn(headers: Readonly<Record<string, string | undefined>>): number {
  const said = IfMatch.safeParse(headers['if-match'])
  if (!said.success) throw fault.no_version()
  return Number(said.data.slice(1, -1))
}

const judged = ({ checked, trials }: Judgement) => ({
  problems: [...checked.problems],
  warnings: [...checked.warnings],
  trials: [...trials],
  isRight: checked.problems.length === 0 && trials.every(({ passed }) => passed),
})
