import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { Choices } from './choices.tsx'
import { wordOf } from './client-fields.tsx'
import { Field } from './fields.tsx'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'
import { fieldErrorsOf } from './problem.tsx'
import { emptyKey, fieldIn, keyOf, type KeyForm } from './program-form.ts'
import * as api from './programs-api.ts'
import { ServersField } from './servers-field.tsx'
import { Tick } from './tick.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly program: api.Program
  readonly busy: boolean
  readonly error: unknown
  readonly add: (body: unknown, made: () => void) => void
}

/** Folded until somebody wants one; the least is the beginning. */
export function NewKey({ locale, program, busy, error, add }: Props) {
  const t = adminTexts(locale)
  const [form, setForm] = useCarried<KeyForm | null>('program-key', () => null)
  const begin = () => setForm({ ...emptyKey, days: String(Math.min(90, program.limits.keyDays)) })
  if (form === null)
    return (
      <div className="row">
        <Button busy={busy} onPress={begin}>
          {t('program.key.add')}
        </Button>
      </div>
    )
  return (
    <form
      className="card stack"
      noValidate
      aria-label={t('program.key.add')}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) add(keyOf(form), () => setForm(null))
      }}
    >
      <Fields locale={locale} form={form} set={setForm} error={error} days={program.limits.keyDays} />
      <div className="row">
        <Button kind="primary" busy={busy}>
          {t('program.key.make')}
        </Button>
        <Button kind="quiet" onPress={() => setForm(null)}>
          {t('confirm.cancel')}
        </Button>
      </div>
    </form>
  )
}

interface FieldsProps extends Pick<Props, 'locale' | 'error'> {
  readonly form: KeyForm
  readonly set: (form: KeyForm) => void
  readonly days: number
}

function Fields({ locale, form, set, error, days }: FieldsProps) {
  const t = adminTexts(locale)
  const wrong = fieldErrorsOf(error).map(({ pointer }) => fieldIn(pointer))
  const isWrong = (field: string) => (wrong.includes(field) ? t('program.wrong', { field }) : undefined)
  const common = (field: 'days' | 'networks') => ({
    id: `f-${field}`,
    label: t('program.field', { field }),
    hint: t('program.hint', { field, days }),
    error: isWrong(field),
    value: form[field],
    onChange: (value: string) => set({ ...form, [field]: value }),
  })
  return (
    <>
      <Scopes locale={locale} form={form} set={set} error={isWrong('scopes')} />
      <ServersField
        locale={locale}
        label={t('program.field', { field: 'resources' })}
        hint={t('program.hint', { field: 'resources', days })}
        error={isWrong('resources')}
        value={form.resources}
        set={(resources) => set({ ...form, resources })}
      />
      <Field {...common('days')} type="number" />
      <Field {...common('networks')} long />
      <Choices id="f-hours" legend={t('program.hours')} error={isWrong('hours')}>
        <p className="hint">{t('program.hours.hint')}</p>
        <div className="row">
          {(['from', 'to'] as const).map((end) => (
            <Field
              key={end}
              id={`f-hours-${end}`}
              type="number"
              label={t(`program.hours.${end}`)}
              value={form[end]}
              onChange={(value) => set({ ...form, [end]: value })}
            />
          ))}
        </div>
      </Choices>
    </>
  )
}

interface ScopesProps extends Pick<FieldsProps, 'locale' | 'form' | 'set'> {
  readonly error: string | undefined
}

function Scopes({ locale, form, set, error }: ScopesProps) {
  const t = adminTexts(locale)
  const put = (scope: string, isOn: boolean) => {
    const others = form.scopes.filter((one) => one !== scope)
    set({ ...form, scopes: isOn ? [...others, scope] : others })
  }
  return (
    <Choices id="f-scopes" legend={t('program.scopes')} error={error}>
      {api.scopes.map((scope) => (
        <Tick key={scope} isOn={form.scopes.includes(scope)} put={(isOn) => put(scope, isOn)}>
          {t('program.scope', { scope: wordOf(scope) })}
        </Tick>
      ))}
    </Choices>
  )
}
