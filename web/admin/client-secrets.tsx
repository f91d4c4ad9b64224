import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { CopyButton } from './copy-button.tsx'
import type * as api from './clients-api.ts'
import { Confirm, type Question } from './confirm.tsx'
import type { Console } from './go.tsx'
import { Button, Choice, Notice, Pill } from './parts.tsx'
import { Section } from './person-page.tsx'
import { At } from './state.tsx'
import { Where } from './where.tsx'

interface OnceProps extends Pick<Console, 'locale'> {
  readonly client: Pick<api.Client, 'id'>
  readonly secret: string
  readonly kept: () => void
}

/** To be put where the application reads it, now: nobody can show it again. It goes away when somebody says that they have it. */
export function SecretOnce({ locale, client, secret, kept }: OnceProps) {
  const t = adminTexts(locale)
  return (
    <Notice tone="wait" title={t('client.once')}>
      <p>{t('client.once.text')}</p>
      <dl className="facts">
        <div>
          <dt>{t('client.id')}</dt>
          <dd>
            <code>{client.id}</code>
          </dd>
        </div>
        <div>
          <dt>{t('client.secret')}</dt>
          <dd>
            <code id="client-secret" className="wraps">
              {secret}
            </code>
            <CopyButton locale={locale} what={t('client.secret')} text={secret} />
          </dd>
        </div>
      </dl>
      <div className="row">
        <Button kind="primary" onPress={kept}>
          {t('client.once.kept')}
        </Button>
      </div>
    </Notice>
  )
}

interface SecretsProps extends Pick<Console, 'locale'> {
  readonly client: api.Client
  readonly busy: boolean
  readonly add: () => void
  readonly retire: (secret: string, endsAt: string | undefined) => void
  readonly clock: Console['clock']
}

/** Two at most: the second is put in place of the first while both open. */
export function Secrets({ locale, client, busy, add, retire, clock }: SecretsProps) {
  const t = adminTexts(locale)
  const [asked, setAsked] = useState<string | null>(null)
  return (
    <Section title={t('client.secrets')}>
      <p className="soft">{t('client.secrets.text')}</p>
      <ul className="rows" aria-label={t('client.secrets')}>
        {client.secrets.map((secret, n) => (
          <li key={secret.id}>
            <About locale={locale} secret={secret} name={t('client.secret.nth', { n: n + 1 })} />
            <Where may="clients.change">
              <Button busy={busy} onPress={() => setAsked(secret.id)}>
                {t('client.retire')}
                <span className="visually-hidden">: {t('client.secret.nth', { n: n + 1 })}</span>
              </Button>
            </Where>
          </li>
        ))}
      </ul>
      {client.secrets.length < 2 && (
        <Where may="clients.change">
          <div className="row">
            <Button busy={busy} onPress={add}>
              {t('client.secret.add')}
            </Button>
          </div>
        </Where>
      )}
      {asked !== null && (
        <Retiring
          key={asked}
          locale={locale}
          isLast={client.secrets.length === 1}
          clock={clock}
          onClose={() => setAsked(null)}
          retire={(endsAt) => {
            setAsked(null)
            retire(asked, endsAt)
          }}
        />
      )}
    </Section>
  )
}

function About({ locale, secret, name }: Pick<Console, 'locale'> & { secret: api.Secret; name: string }) {
  const t = adminTexts(locale)
  const { madeAt, endsAt, usedAt, notice } = secret
  return (
    <div className="rows-main">
      <p>
        <strong>{name}</strong> {notice !== null && <Pill tone="wait">{t(`client.secret.${notice}`)}</Pill>}
      </p>
      <p className="soft small">
        {t('client.secret.made')} <At locale={locale} at={madeAt} />; {t('client.used.small')}{' '}
        {usedAt === null ? t('client.used.small.never') : <At locale={locale} at={usedAt} />}
        {endsAt !== null && (
          <>
            ; {t('client.secret.ends')} <At locale={locale} at={endsAt} />
          </>
        )}
      </p>
    </div>
  )
}

interface RetiringProps extends Pick<Console, 'locale' | 'clock'> {
  readonly isLast: boolean
  readonly onClose: () => void
  readonly retire: (endsAt: string | undefined) => void
}

const whens = ['0', '1', '7', '30'] as const

/** When, and then once more: whatever still shows it then is refused. The last one does not end at once. */
function Retiring({ locale, clock, isLast, onClose, retire }: RetiringProps) {
  const t = adminTexts(locale)
  const options = isLast ? whens.slice(1) : whens
  const [when, setWhen] = useState<string>(options[0] ?? '1')
  const [question, setQuestion] = useState<Question | null>(null)
  const ask = () =>
    setQuestion({
      title: t('client.retire.title'),
      text: t('client.retire.text', { when }),
      act: t('client.retire'),
      onYes: () =>
        retire(
          when === '0' ? undefined : new Date(clock().getTime() + Number(when) * 86_400_000).toISOString(),
        ),
    })
  return (
    <div className="card stack">
      <Choice
        id="retire-when"
        label={t('client.retire.when')}
        value={when}
        set={setWhen}
        options={options.map((one) => [one, t('client.retire.in', { when: one })] as const)}
      />
      <div className="row">
        <Button kind="danger" onPress={ask}>
          {t('client.retire.go')}
        </Button>
        <Button kind="quiet" onPress={onClose}>
          {t('confirm.cancel')}
        </Button>
      </div>
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </div>
  )
}
