import { useRef } from 'react'

interface Props {
  readonly id: string
  readonly label: string
  readonly rows: number
  readonly value: string
  readonly set: (value: string) => void
}

/** A text of which messages say the line: the numbers stand beside it and go with it. Readers hear the number in the message. */
export function CodeField({ id, label, rows, value, set }: Props) {
  const numbers = useRef<HTMLPreElement>(null)
  const count = value.split('\n').length
  return (
    <div className="code-lines">
      <div className="code-numbers" aria-hidden="true">
        <pre ref={numbers}>{Array.from({ length: count }, (_, n) => n + 1).join('\n')}</pre>
      </div>
      <textarea
        id={id}
        className="input code-field"
        rows={rows}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        wrap="off"
        aria-label={label}
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={(event) => set(event.target.value)}
        onScroll={({ currentTarget }) => {
          if (numbers.current !== null) numbers.current.style.translate = `0 ${-currentTarget.scrollTop}px`
        }}
      />
    </div>
  )
}
