/** @jsxImportSource preact */
import { Heading, Notice } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { FileButton } from './file-button.tsx'
import { verifierTexts } from './verifier-texts.ts'

interface Props {
  readonly locale: Locale
  readonly failed: boolean
  readonly onFile: (file: File) => void
}

export function StartPage({ locale, failed, onFile }: Props) {
  const t = verifierTexts(locale)
  return (
    <>
      <div class="stack-tight">
        <Heading quiet={!failed}>{t('title')}</Heading>
        <p class="lead">{t('lead')}</p>
      </div>
      {failed && <Notice tone="stop" title={t('unreadable')} />}
      <div class="drop">
        <p class="h3">{t('drop')}</p>
        <p class="soft">{t('drop.hint')}</p>
        <FileButton label={t('choose')} primary accept=".json,application/json" onFile={onFile} />
      </div>
      <p class="soft">{t('offline')}</p>
      <details>
        <summary>{t('how')}</summary>
        <ul class="bullets">
          {(['how.1', 'how.2', 'how.3', 'how.4'] as const).map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
