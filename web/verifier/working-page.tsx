/** @jsxImportSource preact */
import { Heading } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { verifierTexts } from './verifier-texts.ts'

interface Props {
  readonly locale: Locale
  readonly name: string
  readonly done: number
  readonly of: number
}

export function WorkingPage({ locale, name, done, of }: Props) {
  const t = verifierTexts(locale)
  return (
    <>
      <Heading>{t('working', { name })}</Heading>
      <progress
        class="progress"
        aria-label={t('working', { name })}
        {...(of > 0 && { max: of, value: done })}
      />
      <p class="soft">{of > 0 ? t('working.done', { done, of }) : t('working.reading')}</p>
    </>
  )
}
