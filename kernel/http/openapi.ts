/** The API description (OpenAPI 3.1), made from the very declarations that the server enforces. */
import { z } from 'zod'
import type { Route } from './route.ts'

interface About {
  readonly title: string
  readonly version: string
  readonly server: string
}

export function openApi(
  routes: readonly Route[],
  { title, version, server }: About,
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    // "Everything else" is no address that anybody could call.
    if (route.kind === 'page' || route.path.startsWith('/internal/') || route.path === '/*') continue
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}').replace('*', '{rest}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    servers: [{ url: server }],
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

function operation(route: Route): Record<string, unknown> {
  return {
    ...(route.summary === undefined ? {} : { summary: route.summary }),
    ...(route.access === 'public'
      ? { security: [] }
      : { security: [{ bearer: [] }], 'x-permission': route.access.action }),
    parameters: [...pathParameters(route), ...parameters(route.query, 'query')],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(schemaOf(route.body, 'input')) } }),
    ...(route.streams === undefined
      ? {}
      : { requestBody: { required: true, content: { [route.streams]: { schema: { type: 'string' } } } } }),
    responses: {
      [String(route.status ?? (route.reply === undefined ? 204 : 200))]: {
        description: 'Done.',
        ...(route.reply === undefined ? {} : { content: json(schemaOf(route.reply, 'output')) }),
      },
      default: {
        description: 'A refusal.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** Every name in the path, with what the route says of it or none; what stands for the star is called `rest`. */
function pathParameters({ path, params }: Route): unknown[] {
  const said = new Map(parameters(params, 'path').map((one) => [one.name, one]))
  return [...path.matchAll(/:(\w+)|\*/g)].map(([star, name = star]) => ({
    ...(said.get(name) ?? { in: 'path', required: true, schema: { type: 'string' } }),
    name: name === '*' ? 'rest' : name,
  }))
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query') {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, unknown>
    required?: string[]
  }
  return Object.entries(properties).map(([name, one]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: one,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  }) as Record<string, unknown>
  return rest
}

const json = (schema: unknown) => ({ 'application/json': { schema } })

/** RFC 9457, section 3.1, with our `code` and `errors`. */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    correlation: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}
