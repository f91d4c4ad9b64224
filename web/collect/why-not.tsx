/** @jsxImportSource preact */
import type { Membership } from '@althing/members/contract'
import { createFormats } from '@althing/web-ui/format.ts'
import { Waiting } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { useEffect, useState } from 'preact/hooks'
import { membership } from './api.ts'
import { collectTexts } from './collect-texts.ts'

/** "Why can I not vote?" answered from the register, in words. Asked for only when somebody wants to know. */
export function WhyNot({
  locale,
  nothingAtAll,
}: {
  readonly locale: Locale
  readonly nothingAtAll: boolean
}) {
  const t = collectTexts(locale)
  const [wanted, setWanted] = useState(nothingAtAll)
  if (!nothingAtAll)
    return (
      <details onToggle={() => setWanted(true)}>
        <summary>{t('why.unlisted')}</summary>
        {wanted && <Answer locale={locale} />}
      </details>
    )
  return (
    <section class="empty" aria-labelledby="why">
      <h2 id="why">{t('empty.title')}</h2>
      <Answer locale={locale} heading />
    </section>
  )
}

function Answer({ locale, heading = false }: { readonly locale: Locale; readonly heading?: boolean }) {
  const t = collectTexts(locale)
  const [answer, setAnswer] = useState<Membership | 'asking' | 'unknown'>('asking')
  useEffect(() => void membership().then(setAnswer, () => setAnswer('unknown')), [])
  if (answer === 'asking') return <Waiting locale={locale} />
  const status = answer === 'unknown' ? 'unknown' : answer.membershipStatus
  const since = answer === 'unknown' ? null : answer.memberSince
  return (
    <div class="stack-tight">
      {heading && status === 'active' && <p>{t('empty.member')}</p>}
      {heading && <h3>{t('why.title')}</h3>}
      <p>{t(`why.${status}`)}</p>
      {since !== null && (
        <p class="soft">{t('why.since', { date: createFormats(locale).date(new Date(since)) })}</p>
      )}
      <p class="soft">{t('why.contact')}</p>
    </div>
  )
}
