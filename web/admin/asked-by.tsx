import type { Console } from './go.tsx'
import { Go } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { program } from './programs-api.ts'
import { Whose, type Names } from './whose.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  /** `person:acc_…`, `machine:svc_…`, `service:events` */
  readonly caller: string
  readonly names: Names
}

/** Who asked for a decision: by name where it is known, and by id to whoever may not read names. */
export function AskedBy({ locale, go, caller, names }: Props) {
  const [kind, ...rest] = caller.split(':')
  const id = rest.join(':')
  if (kind === 'person' && names.has(id)) return <Whose locale={locale} go={go} account={id} names={names} />
  return kind === 'machine' && id.startsWith('svc_') ? (
    <Program go={go} id={id} />
  ) : (
    <code className="wraps">{caller}</code>
  )
}

function Program({ go, id }: Pick<Console, 'go'> & { readonly id: string }) {
  const { value } = useLoaded(() => program(id), [id])
  return value === null ? (
    <code className="wraps">{id}</code>
  ) : (
    <Go to={`/admin/service-identities/${id}`} go={go}>
      {value.name}
    </Go>
  )
}
