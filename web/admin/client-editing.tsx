import { Refused } from '@althing/web-ui/dom/http.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { ClientFields } from './client-fields.tsx'
import {
  askedFor,
  broughtUpToDate,
  changeable,
  emptyClient,
  formOf,
  isAsked,
  metadataOf,
  wordIn,
  type ClientForm,
  type Word,
} from './client-form.ts'
import { Meanwhile, type Different } from './client-meanwhile.tsx'
import { SecretOnce } from './client-secrets.tsx'
import * as api from './clients-api.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Choice, PageHeading } from './parts.tsx'
import { fieldErrorsOf, ProblemNotice } from './problem.tsx'

const kinds = ['web', 'native', 'spa', 'machine', 'device'] as const

/** First what kind of thing it is; then only what such a thing needs. */
export function NewClientPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const wished = filter.get('kind') ?? 'web'
  const kind = api.isKind(wished) ? wished : 'web'
  const [form, setForm] = useCarried('client-new', () => emptyClient)
  const [made, setMade] = useCarried<api.Once | null>('client-made', () => null)
  const asked = askedFor(kind)
  const save = () => {
    const metadata = metadataOf(form, asked, undefined)
    const id = form.id.trim() === '' ? {} : { id: form.id.trim() }
    return api.create({ kind, name: form.name, ...id, metadata }).then((once) => {
      if (once.secret === null) go(`/admin/clients/${once.client.id}`, 'replace')
      else setMade(once)
    })
  }
  if (made?.secret !== undefined && made.secret !== null)
    return (
      <>
        <PageHeading>{t('clients.made', { name: made.client.name })}</PageHeading>
        <SecretOnce
          locale={locale}
          client={made.client}
          secret={made.secret}
          kept={() => go(`/admin/clients/${made.client.id}`, 'replace')}
        />
      </>
    )
  return (
    <>
      <p>
        <Go to="/admin/clients" go={go}>
          {t('clients.all')}
        </Go>
      </p>
      <PageHeading>{t('clients.new')}</PageHeading>
      <Choice
        id="f-kind"
        label={t('client.kind.ask')}
        value={kind}
        set={(value) => go(`/admin/clients/new?kind=${value}`, 'replace')}
        options={kinds.map((one) => [one, t('client.kind', { kind: one })] as const)}
      />
      <p className="hint">{t('client.kind.hint', { kind })}</p>
      <Form
        locale={locale}
        form={form}
        setForm={setForm}
        asked={asked}
        kind={kind}
        save={save}
        verb={t('clients.create')}
      />
    </>
  )
}

export function EditClientPage({ id, locale, go }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value: client, error } = useLoaded(() => api.client(id), [id])
  if (client === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  return (
    <>
      <p>
        <Go to={`/admin/clients/${id}`} go={go}>
          {t('client.back')}
        </Go>
      </p>
      <PageHeading>
        {client === null ? t('client.edit') : t('client.edit.title', { name: client.name })}
      </PageHeading>
      <ProblemNotice locale={locale} error={error} />
      {client !== null && <Editing locale={locale} go={go} client={client} />}
    </>
  )
}

function Editing({ locale, go, client }: Pick<Console, 'locale' | 'go'> & { readonly client: api.Client }) {
  const t = adminTexts(locale)
  const [draft, setDraft] = useCarried<Draft>('client-edit', () => ({ from: client, form: formOf(client) }))
  const [once, setOnce] = useCarried<api.Once | null>('client-proven', () => null)
  const { from, form, different } = draft
  const asked = changeable(client.kind)
  const leave = () => go(`/admin/clients/${client.id}`, 'replace')
  const save = async () => {
    const metadata = metadataOf(form, asked, null)
    try {
      const answer = await api.change(client.id, { name: form.name, metadata, madeFrom: from.version })
      if (answer.secret === null) leave()
      else setOnce(answer)
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'identity.clients.changed_meanwhile')) throw error
      const now = await api.client(client.id)
      const { form: next, changed } = broughtUpToDate(from, form, now, asked)
      setDraft({ from: now, form: next, different: changed })
    }
  }
  if (once?.secret !== undefined && once.secret !== null)
    return <SecretOnce locale={locale} client={once.client} secret={once.secret} kept={leave} />
  return (
    <>
      {different !== undefined && <Meanwhile locale={locale} different={different} />}
      <Form
        locale={locale}
        form={form}
        setForm={(next) => setDraft({ ...draft, form: next })}
        asked={asked}
        kind={client.kind}
        save={save}
        verb={t('client.save')}
      />
    </>
  )
}

interface Draft {
  /** What it was written from: whoever keeps it is told, and refuses it when it is another by now. */
  readonly from: api.Client
  readonly form: ClientForm
  readonly different?: readonly Different[]
}

interface FormProps extends Pick<Console, 'locale'> {
  readonly form: ClientForm
  readonly setForm: (form: ClientForm) => void
  readonly asked: readonly Word[]
  readonly kind: api.Kind
  readonly save: () => Promise<unknown>
  readonly verb: string
}

function Form({ locale, form, setForm, asked, kind, save, verb }: FormProps) {
  const t = adminTexts(locale)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const wrong = [...new Set(fieldErrorsOf(error).map(({ pointer }) => wordIn(pointer)))]
  const others = wrong.filter((word) => !isAsked(asked, word))
  const send = () => {
    setBusy(true)
    save()
      .then(() => setError(null), setError)
      .finally(() => setBusy(false))
  }
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) send()
      }}
    >
      <ProblemNotice locale={locale} error={error} />
      {others.length > 0 && (
        <p className="error wraps">
          {t('client.wrong.others')} <code>{others.join(', ')}</code>
        </p>
      )}
      <ClientFields locale={locale} asked={asked} kind={kind} form={form} set={setForm} wrong={wrong} />
      <div className="row">
        <Button kind="primary" busy={busy}>
          {verb}
        </Button>
      </div>
    </form>
  )
}
