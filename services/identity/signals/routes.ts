import { answer, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import type { ClientOf } from './door.ts'
import type { StreamLife } from './life.ts'
import type { Polling } from './polling.ts'
import type { Signals } from './rules.ts'
import {
  CreateStream,
  Poll,
  Polled,
  pollMethod,
  pushMethod,
  ReplaceStream,
  StreamConfiguration,
  StreamId,
  StreamStatus,
  Subject,
  UpdateStream,
  Verify,
} from './schema.ts'

interface Needs {
  readonly url: string
  readonly jwksPath: string
  readonly signals: Signals
  readonly streamLife: StreamLife
  readonly poll: Polling
  readonly clientOf: ClientOf
}

const Which = z.object({ stream_id: StreamId })
const Transmitter = z.looseObject({ issuer: z.string() })
/** Behind `clientOf`: an application shows who it is, and no person is here. */
const at = {
  access: 'public',
  ownAuthorization: true,
  limits: [{ name: 'signals', by: 'network', most: 600, withinSeconds: 60 }],
} as const

/** The transmitter of SSF 1.0: its configuration (section 7), its streams (section 8), and fetching (RFC 8936). */
export function signalRoutes(needs: Needs): Route[] {
  const { url, jwksPath, poll, clientOf } = needs
  return [
    route(
      {
        ...at,
        method: 'GET',
        path: '/.well-known/ssf-configuration',
        reply: Transmitter,
        summary: 'Where and how applications are told of signals.',
      },
      async () =>
        answer(transmitterOf(url, jwksPath), { headers: { 'cache-control': 'public, max-age=3600' } }),
    ),
    ...streamRoutes(needs),
    ...statusRoutes(needs),
    ...subjectRoutes(needs),
    route(
      {
        ...at,
        method: 'POST',
        path: '/ssf/poll/:stream',
        params: z.object({ stream: StreamId }),
        body: Poll,
        reply: Polled,
        summary: 'Fetches what is to be told, and confirms what has arrived (RFC 8936).',
      },
      async ({ headers, params, body }) =>
        poll(await clientOf(headers['authorization'], 'ssf.read'), params.stream, body),
    ),
  ]
}

function streamRoutes({ signals, clientOf }: Needs): Route[] {
  return [
    route(
      {
        ...at,
        method: 'POST',
        path: '/ssf/streams',
        body: CreateStream,
        reply: StreamConfiguration,
        status: 201,
        summary: 'Makes a stream.',
      },
      async ({ headers, body }) =>
        signals.create(await clientOf(headers['authorization'], 'ssf.manage'), body),
    ),
    route(
      {
        ...at,
        method: 'GET',
        path: '/ssf/streams',
        query: z.object({ stream_id: StreamId.optional() }),
        reply: z.union([StreamConfiguration, z.array(StreamConfiguration)]),
        summary: 'One stream, or all of one’s own.',
      },
      async ({ headers, query }) => {
        const client = await clientOf(headers['authorization'], 'ssf.read')
        return query.stream_id === undefined
          ? signals.configurations(client)
          : signals.configuration(client, query.stream_id)
      },
    ),
    route(
      {
        ...at,
        method: 'PATCH',
        path: '/ssf/streams',
        body: UpdateStream,
        reply: StreamConfiguration,
        summary: 'Changes what is named of a stream.',
      },
      async ({ headers, body }) =>
        signals.update(await clientOf(headers['authorization'], 'ssf.manage'), body, false),
    ),
    route(
      {
        ...at,
        method: 'PUT',
        path: '/ssf/streams',
        body: ReplaceStream,
        reply: StreamConfiguration,
        summary: 'Replaces a stream’s configuration.',
      },
      async ({ headers, body }) =>
        signals.update(await clientOf(headers['authorization'], 'ssf.manage'), body, true),
    ),
    route(
      { ...at, method: 'DELETE', path: '/ssf/streams', query: Which, status: 204, summary: 'Ends a stream.' },
      async ({ headers, query }) =>
        signals.remove(await clientOf(headers['authorization'], 'ssf.manage'), query.stream_id),
    ),
  ]
}

function statusRoutes({ streamLife, clientOf }: Needs): Route[] {
  return [
    route(
      {
        ...at,
        method: 'GET',
        path: '/ssf/status',
        query: Which,
        reply: StreamStatus,
        summary: 'Whether a stream is told of anything.',
      },
      async ({ headers, query }) =>
        streamLife.status(await clientOf(headers['authorization'], 'ssf.read'), query.stream_id),
    ),
    route(
      {
        ...at,
        method: 'POST',
        path: '/ssf/status',
        body: StreamStatus,
        reply: StreamStatus,
        summary: 'Pauses a stream, ends its pause, or has nothing kept for it.',
      },
      async ({ headers, body }) =>
        streamLife.setStatus(await clientOf(headers['authorization'], 'ssf.manage'), body),
    ),
  ]
}

function subjectRoutes({ streamLife, clientOf }: Needs): Route[] {
  return [
    route(
      {
        ...at,
        method: 'POST',
        path: '/ssf/subjects/add',
        body: Subject,
        reply: z.object({}),
        summary: 'Says about whom to be told.',
      },
      async ({ headers, body }) => {
        await streamLife.addSubject(
          await clientOf(headers['authorization'], 'ssf.manage'),
          body.stream_id,
          body.subject,
        )
        return {}
      },
    ),
    route(
      {
        ...at,
        method: 'POST',
        path: '/ssf/subjects/remove',
        body: Subject,
        status: 204,
        summary: 'Says about whom not to be told any more.',
      },
      async ({ headers, body }) =>
        streamLife.removeSubject(
          await clientOf(headers['authorization'], 'ssf.manage'),
          body.stream_id,
          body.subject,
        ),
    ),
    route(
      {
        ...at,
        method: 'POST',
        path: '/ssf/verify',
        body: Verify,
        status: 204,
        summary: 'Asks for an event that shows that the stream works.',
      },
      async ({ headers, body }) =>
        streamLife.verify(await clientOf(headers['authorization'], 'ssf.manage'), body.stream_id, body.state),
    ),
  ]
}

/** SSF 1.0, section 7.1. */
const transmitterOf = (url: string, jwksPath: string) => ({
  spec_version: '1_0',
  issuer: url,
  jwks_uri: `${url}${jwksPath}`,
  delivery_methods_supported: [pushMethod, pollMethod],
  configuration_endpoint: `${url}/ssf/streams`,
  status_endpoint: `${url}/ssf/status`,
  add_subject_endpoint: `${url}/ssf/subjects/add`,
  remove_subject_endpoint: `${url}/ssf/subjects/remove`,
  verification_endpoint: `${url}/ssf/verify`,
  // HTTP Basic with what the client has already, or a token of ours for this door.
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:7617' }, { spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'NONE',
})
