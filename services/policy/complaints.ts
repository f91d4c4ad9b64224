/** What is wrong with something that was written: as a code and its values, for whoever has words in another language, and in English. */
import type { Complaint, ComplaintCode } from './contract.ts'

type OwnCode = Exclude<ComplaintCode, `cedar.${string}`>

const sentences: Readonly<Record<OwnCode, string>> = {
  'too-deep': 'Something is nested more than {most} deep.',
  'too-many-policies': 'There are more than {most} policies.',
  'too-large': 'All of them together are more than every service can hold.',
  'too-many-kinds': 'Too many kinds may meet too many others.',
  'types-too-large': 'Types that are made of others become too large when they are written out.',
  'chain-too-long': 'Is too long a chain. Divide it.',
  'id-missing': 'Has no name of its own: @id("…").',
  'id-twice': 'There are two of this @id.',
  'id-form':
    'An @id begins with a letter or digit, and is of at most 128 letters, digits, spaces and . _ : / + -.',
  'id-of-althing': 'This @id is Althing’s own.',
  'id-reserved': 'Names that begin with {prefix} are Althing’s own.',
  'action-of-althing': 'The action {action} is Althing’s own.',
  'attribute-of-althing': 'The attribute {attribute} of {kind} is Althing’s own.',
  'kind-of-althing': '{kind} is Althing’s own: attributes can be added to it, and nothing else.',
  'not-decided': 'Cannot be decided with. {detail}',
  'link-id-taken': 'This id is taken.',
  'link-template': 'There is no template {template}.',
  'link-needs': 'The template {template} needs a {slot}.',
  'link-has-no': 'The template {template} has no place for a {slot}.',
  'yaml-nested': 'Is nested too deeply.',
  'yaml-form': 'Is not written right ({what}).',
  'yaml-aliases': 'Has aliases, which are not followed here.',
  'yaml-missing': 'Is missing.',
  'yaml-kind': 'Has to be: {kind}.',
  'yaml-unknown': 'Nobody reads {names} here.',
  'yaml-one-of': 'Has to be one of: {options}.',
  'yaml-most': 'Is more than {most}.',
  'yaml-least': 'Is less than {least}.',
  'yaml-value': 'Is not written as it has to be.',
  'ref-form': 'Is written Type::id, or Type::"an id".',
  'value-deep': 'Is nested more than {most} deep.',
  'value-long': 'Is longer than {most} characters.',
  'value-many': 'Has more than {most} members.',
  'value-special': 'Looks like a name or a value of Cedar, and is none.',
  'value-large': 'Is too large to be read exactly.',
  'moment-form': 'Is written "2026-12-31T09:00:00Z".',
  'value-digits': 'Has more than four digits after the point.',
}

type Values = Readonly<Record<string, string | number>>

export function complaint(code: OwnCode, values: Values = {}): Complaint {
  const written = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
  const message = sentences[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => written[name] ?? '')
  return { code, values: written, message }
}

/** The same about a part of a document. */
export const within = (path: string, { code, values, message }: Complaint): Complaint => ({
  code,
  values: { ...values, path },
  message: path === '' ? message : `${path}: ${message}`,
})
