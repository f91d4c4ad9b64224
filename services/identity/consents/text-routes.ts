import { httpFault, page, type Route } from '@althing/kernel/http'
import { agreedTextPage } from '@althing/web-signin/agreed-text.ts'
import { z } from 'zod'
import { Switches, type Pages } from '../pages.ts'
import { AgreedKind } from './schema.ts'
import { textPath, type AgreedTexts } from './texts.ts'

/** A text that people agree to or have agreed to, as it was written in that version. */
export function textRoute(pages: Pages, texts: AgreedTexts): Route {
  return page(
    {
      method: 'GET',
      path: `${textPath}/:kind/:version`,
      // Public: who has no account reads them before agreeing to anything.
      access: 'public',
      summary: 'The terms, or how personal data is handled.',
      params: z.object({ kind: z.string().max(20), version: z.string().max(40) }),
      query: z.object(Switches),
    },
    async (asked) => {
      const kind = AgreedKind.safeParse(asked.params.kind)
      const { version } = asked.params
      const text = kind.success ? texts.find(kind.data, version, pages.locale(asked)) : null
      if (!kind.success || text === null) throw httpFault.not_found()
      const chrome = pages.chrome(asked, `${textPath}/${kind.data}/${version}`)
      return pages.show(
        asked,
        agreedTextPage(chrome, { kind: kind.data, version, text, isInForce: version === texts.version }),
      )
    },
  )
}
