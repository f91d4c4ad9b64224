import { useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { wordOf } from './client-fields.tsx'
import { ClientLogo } from './client-logo.tsx'
import { SecretOnce, Secrets } from './client-secrets.tsx'
import { Snippets } from './client-snippets.tsx'
import { Standing } from './clients-page.tsx'
import * as api from './clients-api.ts'
import { Go, type Console } from './go.tsx'
import { Keeping } from './keeping.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Facts, Notice, PageHeading } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { Where } from './where.tsx'

/** One application: what it is, what is weakened, its secrets, and what its maker pastes. */
export function ClientPage({ id, locale, go, clock }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value: client, error, busy, act } = useLoaded(() => api.client(id), [id])
  const [once, setOnce] = useCarried<string | null>('client-once', () => null)
  const [done, setDone] = useState<'disabled' | 'enabled' | 'retired' | null>(null)
  if (client === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const work = (what: () => Promise<unknown>) => {
    setDone(null)
    act(what)
  }
  return (
    <>
      <p>
        <Go to="/admin/clients" go={go}>
          {t('clients.all')}
        </Go>
      </p>
      <ProblemNotice locale={locale} error={error} />
      {client !== null && (
        <>
          <PageHeading>{client.name}</PageHeading>
          <Standing locale={locale} client={client} />
          {done !== null && error === null && <Notice tone="go" title={t(`client.done.${done}`)} />}
          {once !== null && (
            <SecretOnce locale={locale} client={client} secret={once} kept={() => setOnce(null)} />
          )}
          <Weakened locale={locale} client={client} />
          <About locale={locale} client={client} />
          <Acts locale={locale} go={go} client={client} busy={busy} work={work} setDone={setDone} />
          {client.provesBySecret && (
            <Secrets
              locale={locale}
              client={client}
              busy={busy}
              clock={clock}
              add={() => work(() => api.addSecret(id).then(({ secret }) => setOnce(secret)))}
              retire={(secret, endsAt) =>
                work(() => api.retireSecret(id, secret, endsAt).then(() => setDone('retired')))
              }
            />
          )}
          {client.kind !== 'machine' && (
            <ClientLogo locale={locale} client={client} busy={busy} work={work} />
          )}
          <Snippets locale={locale} client={client} />
        </>
      )}
    </>
  )
}

interface PartProps extends Pick<Console, 'locale'> {
  readonly client: api.Client
}

function Weakened({ locale, client: { weakened } }: PartProps) {
  const t = adminTexts(locale)
  if (weakened.length === 0) return null
  return (
    <Notice tone="wait" title={t('client.weakened', { count: weakened.length })}>
      <ul className="stack-tight">
        {weakened.map((one) => (
          <li key={one}>{t('client.weakness', { one })}</li>
        ))}
      </ul>
    </Notice>
  )
}

function About({ locale, client }: PartProps) {
  const t = adminTexts(locale)
  const { id, kind, policy, metadata, usedAt, createdAt, updatedAt } = client
  const scopes = metadata.scope.split(' ').filter((word) => word !== '' && word !== 'openid')
  const servers = Object.entries(metadata.resources ?? {}).map(([uri, scope]) => `${uri} (${scope})`)
  const rows: (readonly [string, ReactNode])[] = [
    [t('client.id'), <code key="id">{id}</code>],
    [t('client.kind.title'), t('client.kind', { kind })],
    [t('client.policy'), t('client.choice', { one: wordOf(policy) })],
    [t('client.method'), t('client.choice', { one: metadata.token_endpoint_auth_method })],
    [
      t('client.grants'),
      <div key="grants">
        <p>
          {metadata.grant_types
            .map((grant) => t('client.grant', { grant: wordOf(grant.replaceAll(':', '_')) }))
            .join(', ')}
        </p>
        <p className="soft small">{t('client.grants.text')}</p>
      </div>,
    ],
    [t('client.field', { field: 'redirect_uris' }), lines(metadata.redirect_uris) ?? t('none')],
    [t('client.scopes'), scopes.map((word) => t('client.scope', { word })).join(', ') || t('none')],
    ...(servers.length > 0 ? [[t('client.field', { field: 'resources' }), lines(servers)] as const] : []),
    ...(kind === 'machine'
      ? []
      : [
          [
            t('client.field', { field: 'consent' }),
            t('client.choice', { one: metadata.consent ?? 'session' }),
          ] as const,
        ]),
    [
      t('client.used'),
      usedAt === null ? t('client.used.never') : <At key="used" locale={locale} at={usedAt} />,
    ],
    [t('client.made'), <At key="made" locale={locale} at={createdAt} />],
    [t('client.changed'), <At key="changed" locale={locale} at={updatedAt} />],
  ]
  return <Facts rows={rows} />
}

function lines(all: readonly string[]): ReactNode {
  if (all.length === 0) return null
  return all.map((one) => (
    <div key={one}>
      <code>{one}</code>
    </div>
  ))
}

interface ActsProps extends PartProps, Pick<Console, 'go'> {
  readonly busy: boolean
  readonly work: (what: () => Promise<unknown>) => void
  readonly setDone: (done: 'disabled' | 'enabled') => void
}

function Acts({ locale, go, client, busy, work, setDone }: ActsProps) {
  const t = adminTexts(locale)
  const { id } = client
  return (
    <Keeping
      locale={locale}
      of={client}
      words={{
        disable: t('client.disable'),
        disableText: t('client.disable.text'),
        deleteText: t('client.delete.text'),
      }}
      acts={{ enable: 'clients.enable', disable: 'clients.disable', remove: 'clients.remove' }}
      busy={busy}
      enable={() => work(() => api.enable(id).then(() => setDone('enabled')))}
      disable={() => work(() => api.disable(id).then(() => setDone('disabled')))}
      remove={() => work(() => api.remove(id).then(() => go('/admin/clients')))}
    >
      <Where may="clients.change">
        <Go to={`/admin/clients/${id}/edit`} go={go} className="button button-secondary">
          {t('client.edit')}
        </Go>
      </Where>
    </Keeping>
  )
}
