/** A refusal as a page: what it means and a way out, in the visitor's language. */
import type { Fault } from '@althing/kernel/errors'
import { html, type Answer, type Facts } from '@althing/kernel/http'
import { problemPage } from '@althing/web-account/problem.ts'
import type { createChrome } from '@althing/web-ui/chrome.ts'

export function faultPage(chromeOf: ReturnType<typeof createChrome>) {
  return (fault: Fault, facts: Facts): Answer<undefined> => {
    const { chrome, cookies } = chromeOf(facts)
    const isBug = fault.status >= 500 && fault.status !== 503
    return html(
      problemPage(chrome, {
        kind: kindOf(fault.status),
        homeHref: '/',
        ...(isBug ? { reference: facts.correlation } : {}),
      }),
      { status: fault.status, cookies },
    )
  }
}

function kindOf(status: number) {
  if (status === 404) return 'notFound'
  if (status === 503) return 'unavailable'
  return status >= 500 ? 'bug' : 'forbidden'
}
