import { useEffect, useRef } from 'react'
import { adminTexts } from './admin-texts.ts'
import { wordOf } from './client-fields.tsx'
import type { Word } from './client-form.ts'
import type { Console } from './go.tsx'
import { Facts, Notice } from './parts.tsx'

/** What stands there now, and whether what is written below would put something else in its place. */
export interface Different {
  readonly word: Word
  readonly now: string
  readonly isOurs: boolean
}

interface Props extends Pick<Console, 'locale'> {
  readonly different: readonly Different[]
}

/** Somebody saved first. Nothing is lost: theirs stands here and in the fields that were not touched, ours in those that were. */
export function Meanwhile({ locale, different }: Props) {
  const t = adminTexts(locale)
  const at = useRef<HTMLDivElement>(null)
  useEffect(() => at.current?.focus(), [different])
  const valueOf = ({ word, now }: Different) => {
    if (now === '') return t('none')
    if (word === 'scope')
      return now
        .split(' ')
        .filter((one) => one !== 'openid')
        .map((one) => t('client.scope', { word: one }))
        .join(', ')
    const isChoice = ['policy', 'consent', 'token_endpoint_auth_method'].includes(word)
    return isChoice ? t('client.choice', { one: wordOf(now) }) : <code className="wraps">{now}</code>
  }
  return (
    <div ref={at} tabIndex={-1}>
      <Notice tone="stop" title={t('meanwhile.title')}>
        <p>{t('meanwhile.text')}</p>
        <Facts
          rows={different.map((one) => [
            one.word === 'scope' ? t('client.scopes') : t('client.field', { field: one.word }),
            <>
              {valueOf(one)}
              {one.isOurs && <p className="small">{t('meanwhile.ours')}</p>}
            </>,
          ])}
        />
      </Notice>
    </div>
  )
}
