import { Choices } from './choices.tsx'

interface Option {
  readonly value: string
  readonly label: string
  readonly hint: string
}

interface Props {
  readonly id: string
  readonly legend: string
  readonly error: string | undefined
  readonly value: string
  readonly options: readonly Option[]
  readonly set: (value: string) => void
}

/** One of a few, each with what it means. */
export function Radios({ id, legend, error, value, options, set }: Props) {
  return (
    <Choices id={id} legend={legend} error={error}>
      {options.map((one) => (
        <div className="choice" key={one.value}>
          <input
            type="radio"
            name={id}
            id={`${id}-${one.value}`}
            checked={value === one.value}
            aria-describedby={`${id}-${one.value}-hint`}
            onChange={() => set(one.value)}
          />
          <label htmlFor={`${id}-${one.value}`}>
            <span className="choice-label sentence">{one.label}</span>
            <span className="hint" id={`${id}-${one.value}-hint`}>
              {one.hint}
            </span>
          </label>
        </div>
      ))}
    </Choices>
  )
}
