import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Pill } from './parts.tsx'

export function Decided({ locale, decision }: Pick<Console, 'locale'> & { readonly decision: boolean }) {
  return (
    <Pill tone={decision ? 'go' : 'stop'}>
      {adminTexts(locale)(decision ? 'decision.allow' : 'decision.deny')}
    </Pill>
  )
}
