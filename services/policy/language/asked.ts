/** What the thread that reads policies is asked, and says. */
import type { Checked, Source } from '../authored.ts'

export type Asked = Omit<Source, 'tests'>
export type Done = { readonly checked: Checked } | { readonly problem: string }
