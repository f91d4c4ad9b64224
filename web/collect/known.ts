import type { Me } from '@althing/portal/contract'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Entitled } from './collecting.ts'
import type { Drawer, Kept } from './drawer.ts'

/** What the page is given by the browser it runs in. */
export interface AppProps {
  readonly locale: Locale
  readonly ballotUrl: string
  readonly drawer: Drawer
  readonly clock: () => Date
  readonly chance: () => Uint8Array
}

/** Everything that the list is made of. */
export interface Known {
  readonly me: Me
  readonly subject: string
  readonly entitled: readonly Entitled[]
  readonly kept: readonly Kept[]
}
