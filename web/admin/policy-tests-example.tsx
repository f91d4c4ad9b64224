import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Button } from './parts.tsx'

/** Of Althing's own policies: it holds with any draft that leaves elections as they are. */
const example = `relations:
  - { subject: 'Person::una', relation: in, object: 'Role::election-manager' }
model:
  - { type: Election, id: e1, properties: {} }
cases:
  - name: An election manager opens an election.
    subject: Person::una
    action: elections.open
    resource: Election::e1
    decision: allow
  - name: A member opens none.
    subject: { type: Person, id: bo, properties: { acr: 'urn:althing:acr:mfa' } }
    action: elections.open
    resource: Election::e1
    decision: deny
`

interface Props extends Pick<Console, 'locale'> {
  /** Absent where something is written already: nothing takes its place. */
  readonly take?: (text: string) => void
}

/** For whoever has never written one: what can be said in a test, and one to begin with. */
export function TestsExample({ locale, take }: Props) {
  const t = adminTexts(locale)
  return (
    <details className="fold">
      <summary>{t('begin.tests')}</summary>
      <div className="stack-tight">
        <p>{t('begin.tests.text')}</p>
        <pre className="snippet" tabIndex={0} aria-label={t('begin.tests')}>
          <code>{example}</code>
        </pre>
        <p className="soft">{t('begin.tests.more')}</p>
        {take !== undefined && (
          <div className="row">
            <Button onPress={() => take(example)}>{t('begin.tests.take')}</Button>
          </div>
        )}
      </div>
    </details>
  )
}
