/** @jsxImportSource preact */
import { words } from '@althing/elections/contract'
import { fromBase64url } from '@althing/kernel/crypto/bytes.ts'
import { toFragment } from '@althing/web-ui/crossing.ts'
import { Button, Heading, Notice, Said, Waiting, Words } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { collectTexts } from './collect-texts.ts'
import type { Entitled } from './collecting.ts'
import type { Kept } from './drawer.ts'
import type { Problem } from './problem.ts'

export type Progress =
  | { readonly kind: 'paper' | 'ticket' }
  | { readonly kind: 'ready'; readonly kept: Kept }
  | { readonly kind: 'failed'; readonly problem: Problem }

interface Props {
  readonly locale: Locale
  readonly ballotUrl: string
  readonly entitled: Entitled
  readonly progress: Progress
  readonly again: () => void
  readonly back: () => void
}

export function Collecting(props: Props) {
  const { locale, entitled, progress, back } = props
  const t = collectTexts(locale)
  return (
    <>
      {progress.kind === 'ready' && <Ready {...props} kept={progress.kept} />}
      {progress.kind === 'failed' && <Failed {...props} problem={progress.problem} />}
      {(progress.kind === 'paper' || progress.kind === 'ticket') && (
        <>
          <Heading>
            <Said text={entitled.title} locale={locale} />
          </Heading>
          <Waiting locale={locale}>{t(`step.${progress.kind}`)}</Waiting>
        </>
      )}
      <p>
        <a
          href="/vote"
          onClick={(event) => {
            event.preventDefault()
            back()
          }}
        >
          {t('back')}
        </a>
      </p>
    </>
  )
}

/** The way to the booth is a press of the person's own: nothing is cast by itself, and it says what the booth will know. */
function Ready({ locale, ballotUrl, entitled, kept }: Props & { readonly kept: Kept }) {
  const t = collectTexts(locale)
  return (
    <>
      <div class="stack-tight">
        <p class="soft">
          <Said text={entitled.title} locale={locale} />
        </p>
        <Heading>{t('ready.title')}</Heading>
        <p class="lead">{t('ready.lead')}</p>
      </div>
      <Notice tone="info" title={t('ready.blind.title')}>
        <p>{t('ready.blind')}</p>
      </Notice>
      <div class="row">
        <Button kind="primary" onPress={() => toBooth(ballotUrl, kept, locale)}>
          {t('ready.go')}
        </Button>
      </div>
      <section class="stack-tight" aria-labelledby="fingerprint">
        <h2 id="fingerprint" class="h3">
          {t('ready.words')}
        </h2>
        <Words words={words(fromBase64url(kept.pending.manifestHash), 6)} label={t('ready.words')} />
        <p class="soft small">{t('ready.words.text')}</p>
      </section>
    </>
  )
}

/** Never as a link: an address with a ticket in it must not be shown, copied or opened twice. */
export function toBooth(ballotUrl: string, { ticket }: Kept, locale: Locale): void {
  if (ticket !== null) location.assign(`${ballotUrl}/vote?lang=${locale}#${toFragment(ticket)}`)
}

function Failed({ locale, problem, again }: Props & { readonly problem: Problem }) {
  const t = collectTexts(locale)
  const isElsewhere = problem.kind === 'elsewhere'
  return (
    <>
      <Heading>{isElsewhere ? t('elsewhere') : t('fail.title')}</Heading>
      <Notice
        tone={isElsewhere ? 'wait' : 'stop'}
        title={uiTexts(locale)(isElsewhere ? 'notice.wait' : 'notice.stop')}
      >
        <p>{problem.say(locale)}</p>
      </Notice>
      <div class="row">
        {problem.kind === 'signin' && (
          <a class="button button-primary" href="/session/login?return=/vote">
            {t('fail.signin.act')}
          </a>
        )}
        {(problem.kind === 'offline' || problem.kind === 'refused') && (
          <Button kind="primary" onPress={again}>
            {t('again.try')}
          </Button>
        )}
      </div>
    </>
  )
}
