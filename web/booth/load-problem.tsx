/** @jsxImportSource preact */
import { Button, Heading, Notice } from '@althing/web-ui/island/parts.tsx'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import type { LoadProblem } from './loading.ts'

interface Props extends Booth {
  readonly problem: LoadProblem
  readonly again: () => void
}

/** Why the paper is not shown: a connection can be tried again, a paper that is not genuine must not be used at all. */
export function LoadProblemPage({ locale, go, problem, again }: Props) {
  const t = boothTexts(locale)
  const passing = problem === 'silence' || problem === 'unknown' || problem === 'storage'
  const text = {
    silence: t('load.text'),
    unknown: t('load.unknown'),
    storage: t('load.storage'),
    manifest: t('distrust.manifest'),
    'other paper': t('distrust.other paper'),
    ticket: t('distrust.ticket'),
  }[problem]
  const title = t(passing ? 'load.title' : 'distrust.title')
  return (
    <>
      <Heading>{title}</Heading>
      <Notice tone="stop" title={uiTexts(locale)('notice.stop')}>
        <p>{text}</p>
      </Notice>
      <div class="row">
        {problem === 'silence' && (
          <Button kind="primary" onPress={again}>
            {t('load.again')}
          </Button>
        )}
        <Go to="/" go={go}>
          {t('back')}
        </Go>
      </div>
    </>
  )
}
