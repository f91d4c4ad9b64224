/**
 * A page is a route for people: it takes forms (application/x-www-form-urlencoded), answers HTML or a redirect, shows its
 * refusals as pages, and every unsafe one is guarded against other sites before its handler runs.
 */
import type { z } from 'zod'
import type { Answer } from './answer.ts'
import type { Input, Route, RouteSpec } from './route.ts'

export interface PageInput<P, Q, B> extends Input<P, Q, B> {
  /** For the hidden field `csrf` of each form on the page. */
  readonly csrf: string
}

type Schema = z.ZodType

export function page<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(
  spec: Omit<RouteSpec<P, Q, B, undefined>, 'reply'>,
  handler: (input: PageInput<P, Q, B>) => Answer<undefined> | Promise<Answer<undefined>>,
): Route {
  return {
    ...(spec as RouteSpec<Schema, Schema, Schema, Schema>),
    kind: 'page',
    limits: spec.limits ?? [],
    handler: handler as unknown as Route['handler'],
  }
}

interface PolicyOptions {
  /** Origins a form may lead to, through redirects too. */
  readonly formAction?: readonly string[]
  readonly connect?: readonly string[]
  /** Origins whose pages stand in frames of this one, and can do nothing to it. */
  readonly frames?: readonly string[]
  /** Origins of a widget: its script runs on this page, and its frame stands in it. Such a script can do whatever the page can. */
  readonly widgets?: readonly string[]
}

/** The strict policy of every page: nothing inline, nothing from elsewhere but the widgets it names, no framing. */
export function contentPolicy({
  formAction = [],
  connect = [],
  frames = [],
  widgets = [],
}: PolicyOptions = {}): string {
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...widgets].join(' ')}`,
    ...(widgets.length + frames.length === 0 ? [] : [`frame-src ${[...widgets, ...frames].join(' ')}`]),
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    `form-action ${["'self'", ...formAction].join(' ')}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

/** `name=a&name=b` twice is refused by the caller of this; one value per name otherwise. */
export function parseForm(text: string): {
  readonly values: Record<string, string>
  readonly twice: string | undefined
} {
  const values = new Map<string, string>()
  let twice: string | undefined
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) twice = name
    values.set(name, value)
  }
  return { values: Object.fromEntries(values), twice }
}
