import { copyText } from '@althing/web-ui/dom/keep.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { useState } from 'react'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'

interface Props extends Pick<Console, 'locale'> {
  /** What is copied, in a word: a reader hears it with the button. */
  readonly what: string
  readonly text: string
}

/** Beside what is shown once. Whether it was copied is said, and heard. */
export function CopyButton({ locale, what, text }: Props) {
  const t = uiTexts(locale)
  const [copied, setCopied] = useState<boolean | null>(null)
  return (
    <div className="row">
      <Button onPress={() => copyText(text).then(setCopied)}>
        {t('copy')}
        <span className="visually-hidden">: {what}</span>
      </Button>
      <span role="status" className={copied === false ? 'error' : 'soft'}>
        {copied === true && t('copied')}
        {copied === false && t('copy.failed')}
      </span>
    </div>
  )
}
